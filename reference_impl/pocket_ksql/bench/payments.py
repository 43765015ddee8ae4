"""The records of the benchmark: card payments of 34 columns and card holders, always the same."""

from __future__ import annotations

import random

from pocket_ksql.records import Record

V_COLUMNS = [f"V{number}" for number in range(1, 29)]
COLUMNS = ["Id", "Timestamp", "User", "Time", *V_COLUMNS, "Amount", "Class"]
"""34 columns; V1 to V28 and Amount are DOUBLE."""

USERS = [f"User{number:04d}" for number in range(100)]
_SEED = 2013
_START = 1_378_000_000_000


def payments(count: int) -> list[Record]:
    """DELIMITED lines keyed by user, a tenth of a second apart; one in a hundred has no label."""
    draw = random.Random(_SEED)
    records = []
    for number in range(count):
        user = draw.choice(USERS)
        values = ",".join(repr(draw.gauss(0, 2)) for _ in V_COLUMNS)
        label = "" if number % 100 == 0 else "0"
        line = f"{number},2013-09-01 00:00:00,{user},{number // 10},{values},{draw.uniform(0, 500):.2f},{label}"
        records.append(Record(user.encode(), line.encode(), _START + number * 100, 0, number))
    return records


def card_holders() -> list[Record]:
    """JSON records of a table."""
    return [
        Record(user.encode(), f'{{"GENDER":"{"FM"[number % 2]}","REGIONID":"Region_{number % 9}"}}'.encode(), 0)
        for number, user in enumerate(USERS)
    ]
