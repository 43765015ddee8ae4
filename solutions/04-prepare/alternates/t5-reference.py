# way: with the pipeline's own functions
from fraud_pipeline.prepare import features_of, fit_scaler, split_by_time


def scaled_parts(payments, columns):
    split = split_by_time(payments)
    scaler = fit_scaler(features_of(split.train, columns))
    return [scaler.transform(features_of(part, columns)) for part in (split.train, split.validation, split.test)]
