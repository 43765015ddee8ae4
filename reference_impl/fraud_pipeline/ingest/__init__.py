"""Payments into Kafka, and out of it again.

``producer``  ``ingest``: a source of payments to the source topic, counted and paced
``consumer``  ``consume``: the payments on a topic, one after the other, as dictionaries
``connect``   the same ingestion done by Kafka Connect, which needs no code but a configuration
"""

from fraud_pipeline.ingest.consumer import consume
from fraud_pipeline.ingest.producer import PRODUCER_SETTINGS, IngestError, IngestReport, ingest

__all__ = ["PRODUCER_SETTINGS", "IngestError", "IngestReport", "consume", "ingest"]
