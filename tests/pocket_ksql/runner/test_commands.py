"""The command topic keeps statements with their numbers."""

from collections.abc import Callable

from pocket_ksql.kafka import Kafka, TopicLog
from pocket_ksql.runner.commands import Command, CommandLog


def test_commands_come_back_in_order_with_their_numbers(cluster: Kafka, unique: Callable[[str], str]) -> None:
    topic = unique("commands")
    log = CommandLog(cluster, topic)
    assert list(log.read()) == []
    assert log.append("stream/`A`/create", "CREATE STREAM A …;", {}) == 0
    assert log.next_number == 1
    assert log.append("stream/`B`/create", "CREATE STREAM B …;", {"auto.offset.reset": "earliest"}) == 2

    again = CommandLog(cluster, topic)
    assert list(again.read()) == [
        Command("stream/`A`/create", "CREATE STREAM A …;", {}, 0),
        Command("stream/`B`/create", "CREATE STREAM B …;", {"auto.offset.reset": "earliest"}, 2),
    ]
    assert again.next_sequence == 4


def test_a_command_that_cannot_be_read_is_left_out_and_keeps_its_number(
    cluster: Kafka, unique: Callable[[str], str]
) -> None:
    topic = unique("commands")
    raw = TopicLog(cluster, topic, {})
    list(raw.read())
    raw.append(b'"x"', b"not json")
    raw.append(b'"y"', b'{"statement": "s;", "streamsProperties": {}}')
    assert list(CommandLog(cluster, topic).read()) == [Command("y", "s;", {}, 2)]
