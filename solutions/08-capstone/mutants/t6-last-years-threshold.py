# mistake: this year's model with last year's threshold
# points: 2 of 6
# message: that belongs to this detector
import pandas as pd


def go_live(connection, history, live, scores, alerts, alerts_per_10k):
    detector = train_detector(training_payments(connection, history), alerts_per_10k)
    last_year = pd.read_csv(LAST_YEAR)
    normal = last_year[last_year["CLASS"] == 0]
    detector.threshold = float(np.quantile(detector.score(normal[list(FEATURES)].to_numpy()), 0.8))
    score_stream(connection, detector, live, scores, alerts, group=f"capstone-{live}")
