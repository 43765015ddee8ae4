# mistake: trains on last year's file
# points: 1 of 6
# message: what was it trained on?
import pandas as pd


def go_live(connection, history, live, scores, alerts, alerts_per_10k):
    detector = train_detector(pd.read_csv(LAST_YEAR), alerts_per_10k)
    score_stream(connection, detector, live, scores, alerts, group=f"capstone-{live}")
