"""Cases in, results out: what an expected error must be, and what is out of scope."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pocket_ksql.errors import KsqlError
from pocket_ksql.testing.case_run import CaseRun
from pocket_ksql.testing.cases import Case
from pocket_ksql.testing.rest import RestRun

TEST_JAR_FUNCTIONS = frozenset(
    [
        "TEST_UDF",
        "TEST_UDAF",
        "TEST_UDTF",
        "BAD_UDF",
        "BAD_UDTF",
        "TOSTRING",
        "GENERIC_VAR_ARG",
        "MID_VAR_ARG",
        "MULTI_ARG",
        "FOUR_ARG",
        "FIVE_ARG",
        "THREE_ARG",
        "OBJ_COL_ARG",
        "VAR_ARG",
        "THROWING_UDTF",
        "SUM_LIST",
    ]
)
"""Functions that only ksqlDB's test jar has; a case that needs one is out of scope."""

_UNKNOWN_FUNCTION = re.compile(r"Can't find any functions with the name '(\w+)'")


class Status(enum.Enum):
    PASSED = "passed"
    FAILED = "failed"
    OUT_OF_SCOPE = "out of scope"


@dataclass(frozen=True)
class Result:
    """How a case went; ``reason`` is a difference, an error, or why it is out of scope.

    ``words_equal`` says whether an expected error was raised with the words that the case gives, ``None`` where
    the case expects none, or the error was not raised as it should be.
    """

    case: Case
    status: Status
    reason: str = ""
    words_equal: bool | None = None


def run(case: Case) -> Result:
    """Run a case; errors of the engine become part of the result."""
    if not case.enabled:
        return Result(case, Status.OUT_OF_SCOPE, "disabled in its file")
    running = RestRun(case) if case.is_rest else CaseRun(case)
    try:
        problem = running.run()
    except KsqlError as error:
        missing = _UNKNOWN_FUNCTION.search(error.message)
        if missing and missing[1] in TEST_JAR_FUNCTIONS:
            return Result(case, Status.OUT_OF_SCOPE, f"needs {missing[1]} of ksqlDB's test jar")
        if case.expected_error is None:
            return Result(case, Status.FAILED, f"error: {error.message}")
        return _refused(case, case.expected_error, error, running.at)
    if case.expected_error is not None:
        return Result(case, Status.FAILED, f"no error, expected {dict(case.expected_error)}")
    return Result(case, Status.FAILED if problem else Status.PASSED, problem or "")


def _refused(case: Case, expected: Mapping[str, Any], error: KsqlError, at: int) -> Result:
    """An error counts when the last statement raised it or, if it is one of Kafka Streams, a running query."""
    last = len(case.statements)
    wanted = last + 1 if str(expected.get("type", "")).endswith("StreamsException") else last
    if at != wanted:
        places = {last + 1: "a record"}
        return Result(
            case,
            Status.FAILED,
            f"error of {places.get(at, f'statement {at}')}, expected of {places.get(wanted, f'statement {wanted}')}"
            f"\n  expected: {expected.get('message')}\n  actual:   {error.message}",
        )
    same = str(expected.get("message", "")) in error.message
    return Result(case, Status.PASSED, error.message, words_equal=same)
