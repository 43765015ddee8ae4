"""Is the text a schema, and can data written with one be read with another?"""

import json
from typing import Any

import pytest

from pocket_ksql.registry.compatibility import canonical, problems
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.store import SchemaText


def record(*fields: dict[str, Any]) -> SchemaText:
    return SchemaText("AVRO", json.dumps({"type": "record", "name": "R", "fields": list(fields)}))


A = {"name": "a", "type": "int"}
B = {"name": "b", "type": "int"}
B_WITH_DEFAULT = {"name": "b", "type": ["null", "int"], "default": None}


def test_white_space_does_not_make_another_schema() -> None:
    assert canonical("AVRO", ' {"type" : "int"} ') == canonical("AVRO", '{"type":"int"}')


@pytest.mark.parametrize("text", ["", "{", "{}", "nope", '{"type": "nope"}', '{"type": "record"}', "[1]"])
def test_what_is_no_avro_schema_is_refused(text: str) -> None:
    with pytest.raises(RegistryError) as refusal:
        canonical("AVRO", text)
    assert refusal.value.code == 42201


def test_a_referenced_type_is_known_by_name() -> None:
    address = '{"type":"record","name":"Address","fields":[{"name":"zip","type":"string"}]}'
    user = '{"type":"record","name":"User","fields":[{"name":"home","type":"Address"}]}'
    assert canonical("AVRO", user, [address]) == user
    with pytest.raises(RegistryError):
        canonical("AVRO", user)


@pytest.mark.parametrize(
    ("level", "new", "allowed"),
    [
        ("BACKWARD", record(A, B_WITH_DEFAULT), True),
        ("BACKWARD", record(A, B), False),
        ("BACKWARD", record(), True),
        ("FORWARD", record(A, B), True),
        ("FORWARD", record(), False),
        ("FULL", record(A, B), False),
        ("FULL", record(A, B_WITH_DEFAULT), True),
        ("NONE", SchemaText("AVRO", '"string"'), True),
    ],
)
def test_a_level_allows_what_the_avro_specification_resolves(level: str, new: SchemaText, allowed: bool) -> None:
    assert (problems(new, [record(A)], level) == []) is allowed


def test_only_transitive_levels_look_at_all_versions() -> None:
    versions = [record(A), record()]
    new = record({"name": "a", "type": "string", "default": ""})
    assert problems(new, versions, "BACKWARD") == []
    assert problems(new, versions, "BACKWARD_TRANSITIVE") != []


def test_another_type_of_schema_is_not_compatible() -> None:
    assert problems(SchemaText("JSON", '{"type":"object"}'), [record(A)], "BACKWARD") != []


def test_a_problem_names_the_field() -> None:
    (problem,) = problems(record(A, B), [record(A)], "BACKWARD")
    assert "READER_FIELD_MISSING_DEFAULT_VALUE" in problem
    assert "/fields/1" in problem
