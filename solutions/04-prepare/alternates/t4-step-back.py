# way: walks back to the beginning of the instant
import pandas as pd

from fraud_pipeline.prepare import Split


def split_by_time(payments, train=0.6, validation=0.1, by="ROWTIME"):
    if min(train, validation) <= 0 or train + validation >= 1:
        raise ValueError("shares")
    rows = payments.to_dict("records")
    rows.sort(key=lambda row: row[by])

    def start(position):
        while position > 0 and rows[position - 1][by] == rows[position][by]:
            position -= 1
        return position

    first, second = start(int(len(rows) * train)), start(int(len(rows) * (train + validation)))
    parts = (rows[:first], rows[first:second], rows[second:])
    return Split(*(pd.DataFrame(part, columns=payments.columns) for part in parts))
