"""Requests as ksqlDB's documentation has them, and ones that are not: a status and a reason, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from confluent_kafka.admin import AdminClient

from tests.pocket_ksql.server.conftest import RunningServer

SHOW = {"ksql": "SHOW STREAMS;"}


def post(server: RunningServer, path: str, body: Any) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.post(server.url + path, content=content, timeout=60)


@pytest.mark.parametrize("path", ["/ksql", "/query", "/query-stream", "/close-query", "/ksql/terminate"])
@pytest.mark.parametrize("body", ["{", "[]", '"x"', "1"])
def test_a_body_that_is_no_object_is_a_bad_request(server: RunningServer, path: str, body: str) -> None:
    answer = post(server, path, body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 40000)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ksql": 1}, "string under 'ksql'"),
        ({"streamsProperties": []}, "'streamsProperties' in the body"),
        ({"streamsProperties": {"auto.offset.reset": "nope"}}, "Invalid value nope for configuration"),
        ({"streamsProperties": {"auto.offset.reset": {"a": 1}}}, "Invalid value"),
        ({"streamsProperties": {"ksql.service.id": "x"}}, "prohibited by the KSQL server denylist"),
        ({"sessionVariables": "x"}, "'sessionVariables' in the body"),
        ({"commandSequenceNumber": "x"}, "whole number"),
    ],
)
def test_a_field_of_the_wrong_type_or_value_is_a_bad_request(server: RunningServer, fields: Any, words: str) -> None:
    answer = post(server, "/ksql", {**SHOW, **fields})
    assert (answer.status_code, answer.json()["error_code"]) == (400, 40000)
    assert words in answer.json()["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"streamsProperties": None},
        {"streamsProperties": {"auto.offset.reset": None}},
        {"sessionVariables": {"limit": 5, "flag": True, "none": None}},
        {"commandSequenceNumber": None},
        {"commandSequenceNumber": -1},
        {"unknown": 1},
    ],
)
def test_what_is_absent_null_or_unknown_changes_nothing(server: RunningServer, fields: Any) -> None:
    assert post(server, "/ksql", {**SHOW, **fields}).status_code == 200


def test_variables_may_be_numbers(server: RunningServer) -> None:
    answer = post(server, "/ksql", {"ksql": "SHOW ${what}; -- ${n}", "sessionVariables": {"what": "STREAMS", "n": 5}})
    assert answer.json()[0]["@type"] == "streams"


def test_a_command_that_is_waited_for_in_vain_is_named(server: RunningServer) -> None:
    answer = post(server, "/ksql", {**SHOW, "commandSequenceNumber": 1_000_000})
    assert (answer.status_code, answer.json()["error_code"]) == (503, 50301)
    assert "command sequence number: 1000000" in answer.json()["message"]


def test_a_command_that_has_been_carried_out_is_not_waited_for(
    server: RunningServer, unique: Callable[[str], str]
) -> None:
    name = unique("waited").replace("-", "_")
    create = f"CREATE STREAM {name} (a INT) WITH (kafka_topic='{name}', value_format='JSON', partitions=1);"
    number = post(server, "/ksql", {"ksql": create}).json()[0]["commandSequenceNumber"]
    answer = post(server, "/ksql", {"ksql": f"DESCRIBE {name};", "commandSequenceNumber": number})
    assert answer.status_code == 200


def test_a_property_that_no_session_may_change_is_not_valid(server: RunningServer) -> None:
    assert httpx.get(f"{server.url}/is_valid_property/ksql.streams.auto.offset.reset").json() is True
    answer = httpx.get(f"{server.url}/is_valid_property/ksql.service.id")
    assert (answer.status_code, answer.json()["error_code"]) == (400, 40000)
    assert answer.json()["message"].endswith("[ksql.service.id]")


def test_rows_are_inserted_with_maps_structs_and_decimals(server: RunningServer, unique: Callable[[str], str]) -> None:
    name = unique("rows").replace("-", "_")
    columns = "id STRING KEY, m MAP<STRING, INT>, s STRUCT<a INT>, d DECIMAL(4, 2), l ARRAY<INT>"
    create = f"CREATE STREAM {name} ({columns}) WITH (kafka_topic='{name}', value_format='JSON', partitions=1);"
    assert post(server, "/ksql", {"ksql": create}).status_code == 200
    lines = [{"target": name}, {"id": "a", "m": {"Key": 1}, "s": {"a": 2}, "d": 1.25, "l": []}, {"d": "much"}]
    with httpx.Client(http1=False, http2=True) as client:
        answer = client.post(f"{server.url}/inserts-stream", content="\n".join(map(json.dumps, lines)))
    ok, refused = map(json.loads, answer.text.splitlines())
    assert (ok["status"], refused["status"], refused["seq"]) == ("ok", "error", 1)
    query = {"sql": f"SELECT * FROM {name};", "properties": {"auto.offset.reset": "earliest"}}
    rows = [json.loads(line) for line in post(server, "/query-stream", query).text.splitlines()[1:]]
    assert rows == [["a", {"Key": 1}, {"A": 2}, 1.25, []]]


def test_a_cluster_that_is_terminated_keeps_its_own_topics_and_takes_no_statements(
    start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    server = start(f"{unique('ended')}_")
    name = unique("ended").replace("-", "_").upper()
    script = f"""
        CREATE STREAM {name} (a INT) WITH (kafka_topic='{name}', value_format='JSON', partitions=1);
        CREATE STREAM {name}_KEPT AS SELECT * FROM {name};
        CREATE STREAM {name}_GONE AS SELECT * FROM {name};
    """
    assert server.ksql(script).status_code == 200
    assert post(server, "/ksql/terminate", {"deleteTopicList": ["["]}).status_code == 400
    answer = post(server, "/ksql/terminate", {"deleteTopicList": [name, f"{name}_G.*"]})
    assert answer.json()[0]["commandId"] == "cluster/TerminateCluster/terminate"
    topics = AdminClient({"bootstrap.servers": server.bootstrap_servers}).list_topics(timeout=10).topics
    assert {topic for topic in topics if topic.startswith(name)} == {name, f"{name}_KEPT"}
    assert not any(server.service_id in topic and topic.endswith("command_topic") for topic in topics)
    refused = server.ksql("SHOW STREAMS;")
    assert (refused.status_code, refused.json()["error_code"]) == (503, 50300)
    assert server.stop() == 0
