# way: with pandas
import pandas as pd


def _fields(answer):
    return pd.json_normalize(answer[0]["sourceDescription"]["fields"]).reindex(columns=["name", "schema.type", "type"])


def columns_of(answer):
    fields = _fields(answer)
    return dict(zip(fields["name"], fields["schema.type"]))


def keys_of(answer):
    fields = _fields(answer)
    return fields.loc[fields["type"] == "KEY", "name"].tolist()
