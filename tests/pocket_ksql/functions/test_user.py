"""Functions of the user's own, from their annotations to what queries make of them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import orjson
import pytest

from pocket_ksql.engine import Engine
from pocket_ksql.functions import builtin, user
from pocket_ksql.functions.user import UdfError
from pocket_ksql.records import Stage
from pocket_ksql.server import functions
from pocket_ksql.services import MemorySchemas, MemoryTopics
from tests.pocket_ksql.worlds import record, run, start

MODULE = '''
from typing import Annotated, TypedDict
from pocket_ksql import udf

Point = TypedDict("Point", {"X": float, "Y": float})

@udf("MEAN_OF", description="The mean of an array.")
def mean(values: list[float]) -> float:
    return sum(values) / len(values)

@udf
def mirrored(point: Point) -> Point:
    """The point on the other side of the diagonal."""
    return {"X": point["Y"], "Y": point["X"]}

@udf
def or_zero(value: float | None) -> float:
    return 0.0 if value is None else value

@udf
def strict(code: Annotated[int, "INTEGER"]) -> str:
    class OddError(Exception):
        pass
    if code % 2:
        raise OddError("odd")
    return f"even {code}"

def helper(x):
    return x
'''
SOURCE = (
    "CREATE STREAM s (k STRING KEY, a ARRAY<DOUBLE>, p STRUCT<X DOUBLE, Y DOUBLE>, n INT, d DOUBLE) "
    "WITH (kafka_topic='s', value_format='JSON');"
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    file = tmp_path / "mine.py"
    file.write_text(MODULE)
    registry = builtin()
    assert user.register(registry, str(file)) == ["MEAN_OF", "MIRRORED", "OR_ZERO", "STRICT"]
    return Engine(MemoryTopics(default_partitions=3), MemorySchemas(), registry)


def one_value(engine: Engine, select: str, value: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    run(engine, SOURCE)
    task = start(engine, f"CREATE STREAM o AS SELECT k, {select} FROM s;").open()
    (produced,) = task.process("s", [record("a", value)])
    assert produced.value is not None
    return orjson.loads(produced.value), [one.reason for one in task.rejected if one.stage is Stage.PROCESSING]


def test_arrays_and_structs_go_in_and_out(engine: Engine) -> None:
    row = {"A": [1.0, 3.0], "P": {"X": 1.0, "Y": 2.0}}
    assert one_value(engine, "MEAN_OF(a) AS m, MIRRORED(p) AS q", row) == (
        {"M": 2.0, "Q": {"X": 2.0, "Y": 1.0}},
        [],
    )


def test_null_is_passed_only_where_the_annotation_allows_it(engine: Engine) -> None:
    assert one_value(engine, "OR_ZERO(d) AS z, MEAN_OF(a) AS m", {}) == ({"Z": 0.0, "M": None}, [])


def test_what_a_function_raises_gives_null_and_a_line_in_the_processing_log(engine: Engine) -> None:
    value, reasons = one_value(engine, "STRICT(n) AS t", {"N": 3})
    assert value == {"T": None}
    assert len(reasons) == 1
    assert "STRICT raised OddError: odd" in reasons[0]


def test_a_result_of_another_type_is_refused_and_numpy_s_numbers_are_taken() -> None:
    def wrong(value: float) -> float:
        return "many"  # type: ignore[return-value]

    def exact(value: float) -> float:
        return np.float64(value)  # type: ignore[return-value]

    registry = builtin()
    user.add(registry, wrong)
    user.add(registry, exact)
    engine = Engine(MemoryTopics(default_partitions=3), MemorySchemas(), registry)
    value, reasons = one_value(engine, "WRONG(d) AS w, EXACT(d) AS e", {"D": 1.5})
    assert value == {"W": None, "E": 1.5}
    assert "WRONG gave 'many'" in reasons[0]


def test_the_functions_are_listed_and_described(engine: Engine) -> None:
    names = [one["name"] for one in functions.names(engine.functions)["functions"]]
    described = functions.description(engine.functions, "mean_of")
    assert "MEAN_OF" in names
    assert described["description"] == "The mean of an array."
    assert described["functions"][0]["argumentTypes"] == ["ARRAY<DOUBLE>"]
    assert described["path"].endswith("mine.py")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def f(x): ...\n__all__ = ['f']", "x has no annotation"),
        ("def f(x: complex) -> int: ...\n__all__ = ['f']", "stands for no SQL type"),
        ("def ucase(x: str) -> str: ...\n__all__ = ['ucase']", "There is a function UCASE already"),
        ("x = 1", "offers no function"),
        ("1 / 0", "cannot be imported: ZeroDivisionError"),
    ],
)
def test_a_module_that_does_not_fit_is_refused_with_the_reason(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "bad.py"
    file.write_text(text)
    with pytest.raises(UdfError, match=complaint):
        user.register(builtin(), str(file))


ARRAYS = """
from typing import Annotated
import numpy as np
from pocket_ksql import udf

Doubles = Annotated[np.ndarray, "DOUBLE"]
calls = []

@udf
def total(values: Annotated[np.ndarray, "ARRAY<DOUBLE>"], more: Doubles) -> Doubles:
    calls.append(len(values))
    if (more < 0).any():
        raise ValueError("negative")
    return values.sum(axis=1) + more

@udf
def short(values: Doubles) -> Doubles:
    return values[:1]
"""


def test_a_function_of_arrays_is_called_once_for_a_batch(tmp_path: Path) -> None:
    file = tmp_path / "arrays.py"
    file.write_text(ARRAYS)
    registry = builtin()
    assert user.register(registry, str(file)) == ["TOTAL", "SHORT"]
    engine = Engine(MemoryTopics(default_partitions=3), MemorySchemas(), registry)
    query = start(
        engine,
        SOURCE + "CREATE STREAM t AS SELECT k, n, TOTAL(a, d) AS s, SHORT(d) AS o, TOTAL(a, d) + 1 AS p FROM s;",
    )
    rows = [
        record("k", {"A": [1, 2], "D": 10, "N": 1}, 1),
        record("k", {"A": None, "D": 10, "N": 2}, 2),
        record("k", None, 3),
        record("k", b"no json", 4),
        record("k", {"A": [3, 4], "D": 20, "N": 3}, 5),
    ]
    task = query.open()
    produced = task.process("s", rows)
    assert [(one.timestamp, one.value and orjson.loads(one.value)) for one in produced] == [
        (1, {"N": 1, "S": 13.0, "O": 10.0, "P": 14.0}),
        (2, {"N": 2, "S": None, "O": 10.0, "P": None}),
        (3, None),
        (5, {"N": 3, "S": 27.0, "O": 20.0, "P": 28.0}),
    ]
    calls = sys.modules["_ksql_udf_arrays"].calls
    assert sorted(calls) == [1, 1, 2]  # within an expression the function is called for each row
    assert [(one.record.timestamp, one.stage) for one in task.rejected] == [(4, Stage.VALUE)]

    task.rejected.clear()
    rows = [record("k", {"A": [1, 2], "D": 1}, 1), record("k", {"A": [1, 2], "D": -1}, 2)]
    produced = task.process("s", rows)
    assert [one.value and orjson.loads(one.value)["S"] for one in produced] == [4.0, None]
    assert [one.record.timestamp for one in task.rejected if one.stage is Stage.PROCESSING] == [2, 2]
    assert "TOTAL raised ValueError: negative" in task.rejected[0].reason
