"""Deploy: the scorer, which turns payments on a topic into scores and alerts on two others.

``scorer``    the loop, and the pure step in its middle
``reader``    micro-batches from a consumer group
``decode``    a micro-batch of Avro records as one array
``detector``  what a model must be able to do
``results``   what is written (``records``: the plain values that travel between these modules)
``delivery``  exactly once, or at least once
``metrics``   counters for Prometheus
``service``   the scorer as a process

``python -m fraud_pipeline.deploy --help`` runs it.
"""

from fraud_pipeline.deploy.decode import Decoder
from fraud_pipeline.deploy.delivery import DeliveryError
from fraud_pipeline.deploy.detector import Detector
from fraud_pipeline.deploy.reader import ReadError
from fraud_pipeline.deploy.scorer import BatchFacts, ScorerOptions, run_scorer, score_batch

__all__ = [
    "BatchFacts",
    "Decoder",
    "DeliveryError",
    "Detector",
    "ReadError",
    "ScorerOptions",
    "run_scorer",
    "score_batch",
]
