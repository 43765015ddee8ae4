"""The statements: from the source topic to preprocessed payments, joins, windows and sessions; no payment is lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from confluent_kafka import Message
from confluent_kafka.admin import AdminClient, ConfigResource
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import ingest
from fraud_pipeline.preprocess import (
    SINKS,
    KsqlError,
    NotCaughtUpError,
    apply,
    execute,
    produce_users,
    statements,
    stream_rows,
    wait_until_caught_up,
)
from fraud_pipeline.preprocess.statements import PAYMENTS_PER_USER, PER_USER, SESSIONS, UNLABELLED
from fraud_pipeline.preprocess.users import user_record
from fraud_pipeline.transactions import FEATURES, SyntheticSource
from tests.fraud_pipeline.reading import records
from tests.fraud_pipeline.transactions.rows import HEADER, everything, row, write

MADE = 3000
ODD_ROWS = [
    row(100_001, user="Hans", timestamp="2013-09-03T00:00:00Z", Class=""),
    row(100_002, user="Hans", timestamp="2013-09-03T00:00:01Z", V3="", Amount="", Class="1"),
    row(100_003, user="Meier, Anna", timestamp="2013-09-03T00:00:02Z", Class="0").replace(
        "Meier, Anna", '"Meier, Anna"'
    ),
    row(100_004, user="Hans", timestamp="2013-09-03T00:00:03Z", Class="7"),
]


@dataclass(frozen=True)
class Preprocessed:
    """What the whole module looks at: the payments that went in, the servers, the Avro payments that came out."""

    connection: Connection
    payments: pd.DataFrame
    avro: list[tuple[Message, dict[str, object]]]


def decoded(connection: Connection, topic: str) -> list[tuple[Message, dict[str, object]]]:
    """Records of a topic in Avro, decoded with the schema in the registry."""
    decode = AvroDeserializer(SchemaRegistryClient({"url": connection.registry_url}))
    context = SerializationContext(topic, MessageField.VALUE)
    return [(message, decode(message.value(), context)) for message in records(connection, topic)]


@pytest.fixture(scope="module")
def preprocessed(ksql: Connection, tmp_path_factory: pytest.TempPathFactory) -> Preprocessed:
    with pytest.raises(KsqlError, match="Send the statements first"):
        wait_until_caught_up(ksql, 1)
    source = SyntheticSource(seed=4)
    odd = write(tmp_path_factory.mktemp("odd") / "odd.csv", HEADER, ODD_ROWS)
    first = ingest(ksql, source, rows=MADE)
    produce_users(ksql, first.users)
    apply(ksql)
    second = ingest(ksql, odd)  # the queries run already: what comes later counts as well
    assert (first.produced, second.produced, second.dead_lettered) == (MADE, 3, 1)
    wait_until_caught_up(ksql, 120)
    payments = pd.DataFrame(everything(source.blocks(MADE))[0] + everything(odd.blocks())[0])
    return Preprocessed(ksql, payments, decoded(ksql, topics.PREPROCESSED))


def test_statements_come_in_the_order_of_their_numbers() -> None:
    names = list(statements())
    assert names == sorted(names)
    assert names[0] == "01_source"
    assert all(text.rstrip().endswith(";") for text in statements().values())


def test_every_labelled_payment_is_preprocessed_once(preprocessed: Preprocessed) -> None:
    ids = [value["ID"] for _, value in preprocessed.avro]
    labelled = preprocessed.payments[preprocessed.payments["Class"].notna()]
    assert sorted(ids) == sorted(labelled["Id"])


def test_payments_without_a_label_are_set_apart(preprocessed: Preprocessed) -> None:
    ids = [value["ID"] for _, value in decoded(preprocessed.connection, UNLABELLED)]
    assert ids == [100_001]
    assert len(ids) + len(preprocessed.avro) == len(preprocessed.payments)


def test_values_are_those_of_the_source(preprocessed: Preprocessed) -> None:
    came_out = pd.DataFrame([value for _, value in preprocessed.avro]).set_index("ID").sort_index()
    went_in = preprocessed.payments.set_index("Id").loc[came_out.index].fillna(0)
    assert (came_out["TIME"] == went_in["Time"]).all()
    assert (came_out["CLASS"] == went_in["Class"]).all()
    assert (came_out["AMOUNT"] == went_in["Amount"]).all()
    assert (came_out[list(FEATURES)] == went_in[list(FEATURES)]).all(axis=None)


def test_missing_numbers_are_filled(preprocessed: Preprocessed) -> None:
    (filled,) = (value for _, value in preprocessed.avro if value["ID"] == 100_002)
    assert (filled["V3"], filled["AMOUNT"], filled["CLASS"]) == (0, 0, 1)


def test_user_is_masked_and_key_and_time_stay(preprocessed: Preprocessed) -> None:
    users = preprocessed.payments.set_index("Id")["User"]
    times = preprocessed.payments.set_index("Id")["Timestamp"]
    for message, value in preprocessed.avro:
        name = users[value["ID"]]
        assert message.key() == name.encode()
        assert value["USER"][-2:] == name[-2:]
        assert not set("aeiou") & set(value["USER"][:-2])
        assert message.timestamp()[1] == times[value["ID"]].timestamp() * 1000
        assert "TIMESTAMP" not in value


def test_partition_of_a_user_stays(preprocessed: Preprocessed) -> None:
    before = {message.key(): message.partition() for message in records(preprocessed.connection, topics.SOURCE)}
    assert all(message.partition() == before[message.key()] for message, _ in preprocessed.avro)


def test_topics_keep_payments_however_old_they_are(preprocessed: Preprocessed) -> None:
    resources = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in (topics.SOURCE, *SINKS)]
    admin = AdminClient(preprocessed.connection.kafka())
    for future in admin.describe_configs(resources).values():
        assert future.result()["retention.ms"].value == "-1"


def test_join_adds_what_is_known_of_the_user(preprocessed: Preprocessed) -> None:
    joined = records(preprocessed.connection, PER_USER)
    assert len(joined) == len(preprocessed.avro)
    for message in joined:
        value = json.loads(message.value())
        user = message.key().decode()
        known = user_record(user) if user.startswith("user_") else {"gender": None, "regionid": None}
        assert (value["GENDER"], value["REGIONID"]) == (known["gender"], known["regionid"])


def labelled(preprocessed: Preprocessed) -> pd.DataFrame:
    payments = preprocessed.payments
    return payments[payments["Class"].notna()].fillna({"Amount": 0}).sort_values("Timestamp", kind="stable")


def test_windows_hold_count_and_sum_of_five_minutes(preprocessed: Preprocessed) -> None:
    payments = labelled(preprocessed)
    start = payments["Timestamp"].dt.floor("5min").astype("datetime64[ms, UTC]").astype("int64")
    expected = payments.groupby([payments["User"], start])["Amount"].agg(["count", "sum"])
    rows = {
        (line["CARDHOLDER"], line["WINDOWSTART"]): (line["PAYMENTS"], line["TOTAL"])
        for line in stream_rows(preprocessed.connection, f"SELECT * FROM {PAYMENTS_PER_USER};")
    }
    assert rows.keys() == set(expected.index)
    for window, (count, total) in expected.iterrows():
        assert rows[window] == (count, pytest.approx(total))


def test_sessions_end_after_half_an_hour_without_a_payment(preprocessed: Preprocessed) -> None:
    payments = labelled(preprocessed)
    gap = payments.groupby("User")["Timestamp"].diff() > pd.Timedelta(minutes=30)
    session = gap.groupby(payments["User"]).cumsum()
    expected = payments.groupby([payments["User"], session])["Amount"].agg(["count", "sum"])
    rows = list(stream_rows(preprocessed.connection, f"SELECT * FROM {SESSIONS};"))
    assert sorted((line["CARDHOLDER"], line["PAYMENTS"], round(line["TOTAL"], 6)) for line in rows) == sorted(
        (user, count, round(total, 6)) for (user, _), (count, total) in expected.iterrows()
    )


def test_sending_the_statements_again_changes_nothing(preprocessed: Preprocessed) -> None:
    before = execute(preprocessed.connection, "SHOW QUERIES;")[0]["queries"]
    sent: list[str] = []
    apply(preprocessed.connection, sent.append)
    after = execute(preprocessed.connection, "SHOW QUERIES;")[0]["queries"]
    assert sent == list(statements())
    assert sorted(query["id"] for query in after) == sorted(query["id"] for query in before)


def test_waiting_ends_with_an_error_when_a_query_stands_still(preprocessed: Preprocessed, tmp_path: Path) -> None:
    connection = preprocessed.connection
    (query,) = (
        query["id"]
        for query in execute(connection, "SHOW QUERIES;")[0]["queries"]
        if query["sinkKafkaTopics"] == [UNLABELLED]
    )
    execute(connection, f"PAUSE {query};")
    ingest(connection, write(tmp_path / "late.csv", HEADER, [row(100_005, timestamp="2013-09-03T01:00:00Z", Class="")]))
    with pytest.raises(NotCaughtUpError, match=rf"{query}: 1 left"):
        wait_until_caught_up(connection, 2, sinks=[UNLABELLED])
    execute(connection, f"RESUME {query};")
    wait_until_caught_up(connection, 30, sinks=[UNLABELLED])
    assert len(records(connection, UNLABELLED)) == 2
