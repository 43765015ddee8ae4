# way: goes on after it has ended, with the same group
def go_live(connection, history, live, scores, alerts, alerts_per_10k):
    payments = training_payments(connection, history)
    detector = train_detector(payments, alerts_per_10k)
    for _ in range(2):
        score_stream(connection, detector, live, scores, alerts, f"{live}-capstone")
