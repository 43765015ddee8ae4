# mistake: large amounts for a detector
# points: 1 of 6
# message: does not rank frauds
def go_live(connection, history, live, scores, alerts, alerts_per_10k):
    payments = training_payments(connection, history)

    class Amounts:
        threshold = float(np.quantile(payments["AMOUNT"], 1 - alerts_per_10k / 10_000))

        def score(self, features):
            return np.asarray(features)[:, -1]

    score_stream(connection, Amounts(), live, scores, alerts, group=f"capstone-{live}")
