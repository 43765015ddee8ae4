"""The topics of the pipeline, in the order in which a payment passes them."""

SOURCE = "creditcardfraud_source"
PREPROCESSED = "creditcardfraud_preprocessed"
SCORES = "fraud_scores"
ALERTS = "fraud_alerts"
USERS = "users"

PARTITIONS = 3
"""Of a topic that has a record for every payment. Alerts and dead letters are few: one partition keeps their order."""


def dead_letters(topic: str) -> str:
    """The topic that takes the records which could not be written to, or read from, ``topic``."""
    return f"{topic}_dlq"
