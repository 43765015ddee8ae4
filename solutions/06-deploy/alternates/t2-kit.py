# way: asks the pipeline's own decoder
from fraud_pipeline.deploy import JsonDecoder


def decode(values, columns):
    found = JsonDecoder(columns, ()).decode(values)
    return {"kept": found.kept, "features": found.features, "rejected": found.rejected}
