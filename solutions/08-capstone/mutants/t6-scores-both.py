# mistake: scores the history, too
# points: 1 of 6
# message: that were not there
from fraud_pipeline.connection import Connection


def go_live(
    connection: Connection, history: str, live: str, scores: str, alerts: str, alerts_per_10k: float
) -> None:
    """Train on the topic `history`, then score the topic `live` to its end."""
    detector = train_detector(training_payments(connection, history), alerts_per_10k)
    score_stream(connection, detector, history, scores, alerts, group=f"h-{live}")
    score_stream(connection, detector, live, scores, alerts, group=f"capstone-{live}")
