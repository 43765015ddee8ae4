"""The endpoints, as Confluent's Schema Registry documents them."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from pocket_ksql.registry.log import MemoryLog
from pocket_ksql.registry.routes import registry_app
from pocket_ksql.registry.service import Registry

INT = {"schema": '{"type":"int"}'}
LONG = {"schema": '{"type":"long"}'}
STRING = {"schema": '{"type":"string"}'}


@pytest.fixture
def client() -> TestClient:
    return TestClient(registry_app(Registry(MemoryLog())))


def test_a_schema_is_registered_once_and_found_by_id_and_version(client: TestClient) -> None:
    first = client.post("/subjects/s-value/versions", json=INT)
    again = client.post("/subjects/s-value/versions", json=INT)
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert first.json()["id"] == again.json()["id"] == 1
    assert client.get("/schemas/ids/1").json() == {"schema": '{"type":"int"}'}
    assert client.get("/subjects/s-value/versions/latest").json() == {
        "subject": "s-value",
        "version": 1,
        "id": 1,
        "schema": '{"type":"int"}',
    }
    assert client.get("/subjects/s-value/versions/1/schema").json() == {"type": "int"}
    assert client.get("/schemas/ids/1/versions").json() == [{"subject": "s-value", "version": 1}]
    assert client.get("/subjects").json() == ["s-value"]


def test_a_compatible_schema_becomes_the_next_version(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    client.post("/subjects/s/versions", json=LONG)
    assert client.get("/subjects/s/versions").json() == [1, 2]


def test_an_incompatible_schema_is_a_conflict_until_the_level_allows_it(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    refused = client.post("/subjects/s/versions", json=STRING)
    assert (refused.status_code, refused.json()["error_code"]) == (409, 409)
    assert client.put("/config/s", json={"compatibility": "none"}).json() == {"compatibility": "NONE"}
    assert client.post("/subjects/s/versions", json=STRING).status_code == 200


def test_compatibility_can_be_asked_for_without_registering(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    path = "/compatibility/subjects/s/versions/latest"
    assert client.post(path, json=LONG).json() == {"is_compatible": True}
    verbose = client.post(f"{path}?verbose=true", json=STRING).json()
    assert verbose["is_compatible"] is False
    assert verbose["messages"]
    assert client.get("/subjects/s/versions").json() == [1]


def test_lookup_finds_the_version_of_a_schema(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    assert client.post("/subjects/s", json=INT).json()["version"] == 1
    assert client.post("/subjects/s", json=LONG).json()["error_code"] == 40403


def test_a_subject_is_hidden_first_and_forgotten_then(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    assert client.delete("/subjects/s?permanent=true").json()["error_code"] == 40405
    assert client.delete("/subjects/s").json() == [1]
    assert client.get("/subjects").json() == []
    assert client.get("/subjects?deleted=true").json() == ["s"]
    assert client.delete("/subjects/s").json()["error_code"] == 40404
    assert client.delete("/subjects/s?permanent=true").json() == [1]
    assert client.delete("/subjects/s").json()["error_code"] == 40401


def test_one_version_can_be_deleted(client: TestClient) -> None:
    client.post("/subjects/s/versions", json=INT)
    client.post("/subjects/s/versions", json=LONG)
    assert client.delete("/subjects/s/versions/1").json() == 1
    assert client.get("/subjects/s/versions").json() == [2]
    assert client.delete("/subjects/s/versions/2?permanent=true").json()["error_code"] == 40407


def test_references_are_resolved_and_found_from_the_other_side(client: TestClient) -> None:
    address = {"schema": '{"type":"record","name":"Address","fields":[{"name":"zip","type":"string"}]}'}
    client.post("/subjects/address/versions", json=address)
    user = {
        "schema": '{"type":"record","name":"User","fields":[{"name":"home","type":"Address"}]}',
        "references": [{"name": "Address", "subject": "address", "version": 1}],
    }
    registered = client.post("/subjects/user/versions", json=user).json()
    assert client.get("/subjects/address/versions/1/referencedby").json() == [registered["id"]]
    assert client.get(f"/schemas/ids/{registered['id']}").json()["references"] == user["references"]


def test_json_schemas_and_protobuf_are_kept_with_their_type(client: TestClient) -> None:
    for number, (kind, text) in enumerate([("JSON", '{"type":"object"}'), ("PROTOBUF", 'syntax = "proto3";')], 1):
        body = {"schemaType": kind, "schema": text}
        assert client.post(f"/subjects/{kind}/versions", json=body).status_code == 200
        assert client.get(f"/schemas/ids/{number}").json() == body


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "/subjects/nope/versions", None, 40401),
        ("GET", "/subjects/s/versions/7", None, 40402),
        ("GET", "/subjects/s/versions/zero", None, 42202),
        ("GET", "/schemas/ids/99", None, 40403),
        ("GET", "/config/s", None, 40408),
        ("PUT", "/config", {"compatibility": "SOMETIMES"}, 42203),
        ("POST", "/subjects/s/versions", {"schema": "{"}, 42201),
        ("POST", "/subjects/s/versions", {"schema": '"int"', "schemaType": "XML"}, 42201),
        ("POST", "/subjects/s/versions", {}, 422),
        ("GET", "/nowhere", None, 404),
        ("DELETE", "/schemas/types", None, 405),
    ],
)
def test_refusals_carry_confluents_codes(client: TestClient, method: str, path: str, body: Any, code: int) -> None:
    client.post("/subjects/s/versions", json=INT)
    answer = client.request(method, path, json=body)
    assert answer.json()["error_code"] == code
    assert answer.status_code == int(str(code)[:3])


def test_a_body_that_is_no_json_is_a_bad_request(client: TestClient) -> None:
    assert client.post("/subjects/s/versions", content=b"{").status_code == 400
    assert client.post("/subjects/s/versions", content=json.dumps([1])).status_code == 400
