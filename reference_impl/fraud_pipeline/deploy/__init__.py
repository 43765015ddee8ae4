"""Deploy: the scorer, which turns payments on a topic into scores and alerts on two others.

``scorer``    the loop, and the pure step in its middle
``reader``    micro-batches from a consumer group
``decode``    a micro-batch of Avro or JSON records as one array
``detector``  what a model must be able to do, and a small one that can
``results``   what is written (``records``: the plain values that travel between these modules)
``delivery``  exactly once, or at least once
``metrics``   counters for Prometheus
``service``   the scorer as a process

``python -m fraud_pipeline.deploy --help`` runs it.
"""

from fraud_pipeline.deploy.decode import Decoder, JsonDecoder
from fraud_pipeline.deploy.delivery import DeliveryError, ExactlyOnce
from fraud_pipeline.deploy.detector import Detector, PcaDetector
from fraud_pipeline.deploy.reader import BatchReader, ReadError
from fraud_pipeline.deploy.records import Incoming, Outgoing
from fraud_pipeline.deploy.results import CARRIED_COLUMNS
from fraud_pipeline.deploy.scorer import BatchFacts, ScorerOptions, run_scorer, score_batch

__all__ = [
    "CARRIED_COLUMNS",
    "BatchFacts",
    "BatchReader",
    "Decoder",
    "DeliveryError",
    "Detector",
    "ExactlyOnce",
    "Incoming",
    "JsonDecoder",
    "Outgoing",
    "PcaDetector",
    "ReadError",
    "ScorerOptions",
    "run_scorer",
    "score_batch",
]
