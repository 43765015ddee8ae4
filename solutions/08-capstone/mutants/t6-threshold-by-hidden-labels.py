# mistake: a threshold that looks at the alerts' labels, which are not there
# points: 0 of 6
# message: Is the live topic scored
import json


def go_live(connection, history, live, scores, alerts, alerts_per_10k):
    detector = train_detector(training_payments(connection, history), alerts_per_10k)
    records = [record for batch in read_to_end(connection, live) for record in batch]
    frauds = [one for one in map(lambda record: json.loads(record.value()), records) if one["CLASS"] == 1]
    detector.threshold = min(detector.score(np.array([[one[name] for name in FEATURES] for one in frauds])))
    score_stream(connection, detector, live, scores, alerts, group=f"capstone-{live}")
