# mistake: a budget of everything
# points: 2 of 6
# message: 10000 alerts in 10,000
from fraud_pipeline.connection import Connection


def go_live(
    connection: Connection, history: str, live: str, scores: str, alerts: str, alerts_per_10k: float
) -> None:
    """Train on the topic `history`, then score the topic `live` to its end."""
    detector = train_detector(training_payments(connection, history), alerts_per_10k)
    detector.threshold = -1.0
    score_stream(connection, detector, live, scores, alerts, group=f"capstone-{live}")
