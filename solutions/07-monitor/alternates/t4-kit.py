# way: by the kit's own function
from dataclasses import asdict

from fraud_pipeline.monitor import lag


def consumer_lag(connection, group):
    return [asdict(place) | {"lag": place.lag} for place in lag.consumer_lag(connection, group)]
