"""Records that were written with a schema whose types are not those of the columns."""

from __future__ import annotations

from typing import Any

import pytest

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.conversion import conversion
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas
from pocket_ksql.types import SqlType

NESTED = (
    types.Array(types.INTEGER),
    types.Map(types.STRING, types.INTEGER),
    types.Struct((("A", types.INTEGER),)),
)


def reread(format_name: str, value: Any, written_as: SqlType, read_as: SqlType) -> Any:
    """A value written in a column of one type, read in a column of the same name and another type."""
    schemas = MemorySchemas()
    found = find_format(format_name)
    data = found.encoder(Target("t", (Column("V", written_as),), schemas))((value,))
    assert data is not None
    row = found.decoder(Target("t", (Column("V", read_as),), schemas))(data)
    assert row is not None
    return row[0]


@pytest.mark.parametrize("name", ["AVRO", "PROTOBUF", "JSON_SR"])
@pytest.mark.parametrize("of", NESTED)
def test_a_number_where_an_array_map_or_struct_is_due_is_an_error_of_the_record(name: str, of: SqlType) -> None:
    with pytest.raises(RecordError, match="Can't convert type"):
        reread(name, 5, types.INTEGER, of)


@pytest.mark.parametrize("name", ["AVRO", "PROTOBUF", "JSON_SR"])
@pytest.mark.parametrize(("of", "expected"), [(types.STRING, "5"), (types.BIGINT, 5), (types.DOUBLE, 5.0)])
def test_a_number_is_widened_or_becomes_text(name: str, of: SqlType, expected: Any) -> None:
    value = reread(name, 5, types.INTEGER, of)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("name", ["AVRO", "PROTOBUF"])
def test_bytes_are_not_made_of_numbers(name: str) -> None:
    with pytest.raises(RecordError, match="Can't convert type"):
        reread(name, 5, types.INTEGER, types.BYTES)


def test_a_map_may_come_as_a_list_of_entries_and_nothing_else() -> None:
    read = conversion(types.Map(types.STRING, types.BIGINT))
    assert read([{"key": 1, "value": 2}]) == {"1": 2}
    with pytest.raises(RecordError, match="Can't convert type"):
        read([1, 2])
