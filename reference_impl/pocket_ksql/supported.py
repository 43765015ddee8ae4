"""What is supported and what is not: taken from the parser, the registry of functions and the formats.

``pocket-ksql supported --markdown`` writes SUPPORTED.md from it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pocket_ksql.formats import FORMATS
from pocket_ksql.functions import builtin
from pocket_ksql.functions.registry import Function, describe_signature
from pocket_ksql.language import statements as st
from pocket_ksql.language.parser import parse_statement

_CONNECT = "only with a Kafka Connect worker, at localhost:8083 or where `--connect-url` says"
_TEST_FILES = "only in test files"
_FILE = "a change of the server's configuration: restart it with the option instead"

REFUSED: dict[type[st.Statement], str] = {
    st.ConnectorStatement: _CONNECT,
    st.AlterSystem: _FILE,
    st.AssertValues: _TEST_FILES,
    st.AssertSource: _TEST_FILES,
}
"""Statements that are parsed, so that their name can be said, and then refused by the server."""

EXAMPLES = """\
CREATE STREAM payments (id STRING KEY, customer STRING, amount DOUBLE, tags ARRAY<STRING>) \
WITH (kafka_topic='payments', value_format='JSON', partitions=1);
CREATE TABLE customers (id STRING PRIMARY KEY, region STRING) \
WITH (kafka_topic='customers', value_format='JSON', partitions=1);
CREATE OR REPLACE STREAM payments (id STRING KEY, customer STRING, amount DOUBLE, tags ARRAY<STRING>, note STRING) \
WITH (kafka_topic='payments', value_format='JSON', partitions=1);
CREATE SOURCE TABLE regions (id STRING PRIMARY KEY, region STRING) WITH (kafka_topic='customers', value_format='JSON');
ALTER STREAM payments ADD COLUMN place STRING;
CREATE STREAM large AS SELECT * FROM payments WHERE amount > 100;
CREATE TABLE totals AS SELECT customer, COUNT(*) AS n FROM payments GROUP BY customer;
CREATE TYPE money AS STRUCT<amount DECIMAL(10, 2), currency STRING>;
ALTER SYSTEM 'auto.offset.reset' = 'earliest';
INSERT INTO large SELECT * FROM payments WHERE amount < 0;
INSERT INTO payments (id, amount) VALUES ('a', 1.5);
SELECT * FROM payments EMIT CHANGES LIMIT 1;
SELECT * FROM totals WHERE customer = 'a';
PRINT 'payments' FROM BEGINNING LIMIT 1;
DESCRIBE payments EXTENDED;
DESCRIBE STREAMS;
DESCRIBE FUNCTION mask;
DESCRIBE CONNECTOR postgres;
EXPLAIN SELECT * FROM payments EMIT CHANGES;
SHOW STREAMS;
SHOW TABLES EXTENDED;
SHOW TOPICS;
SHOW QUERIES;
SHOW PROPERTIES;
SHOW FUNCTIONS;
SHOW TYPES;
LIST VARIABLES;
SHOW CONNECTORS;
SHOW CONNECTOR PLUGINS;
SET 'auto.offset.reset' = 'earliest';
UNSET 'auto.offset.reset';
DEFINE minimum = '100';
UNDEFINE minimum;
ASSERT TOPIC payments;
ASSERT NOT EXISTS SCHEMA SUBJECT 'none' TIMEOUT 1 SECONDS;
ASSERT VALUES payments (id, amount) VALUES ('a', 1.5);
ASSERT NULL VALUES customers (id) KEY ('a');
ASSERT STREAM payments (id STRING KEY) WITH (kafka_topic='payments', value_format='JSON');
CREATE SOURCE CONNECTOR postgres WITH ('connector.class' = 'Jdbc');
PAUSE ALL;
RESUME ALL;
TERMINATE ALL;
DROP CONNECTOR postgres;
DROP TABLE totals;
DROP STREAM IF EXISTS large DELETE TOPIC;
DROP TYPE money;
""".splitlines()
"""At least one of each statement, in an order in which a server can carry them out."""


@dataclass(frozen=True)
class StatementSupport:
    """``reason`` says why it is refused, and is empty where it is not."""

    example: str
    supported: bool
    reason: str = ""


def statements() -> list[StatementSupport]:
    """Each of the examples, with whether a server carries it out."""
    return [_support(example) for example in EXAMPLES]


def _support(example: str) -> StatementSupport:
    tree = parse_statement(example)
    reason = REFUSED.get(type(tree), "")
    if isinstance(tree, st.Show) and tree.what.startswith("CONNECTOR"):
        reason = _CONNECT
    return StatementSupport(example, not reason, reason)


def family(function: Function) -> str:
    """The module in which a function is declared, which is named for its family."""
    return function.variants[0].implementation.__module__.rpartition(".")[2]


def functions() -> list[Function]:
    """The built-in functions, family by family."""
    return sorted(builtin(), key=lambda one: (family(one), one.name))


def as_json() -> str:
    """For programs."""
    content = {
        "statements": [asdict(one) for one in statements()],
        "functions": [
            {
                "name": one.name,
                "kind": one.kind.value,
                "family": family(one),
                "signatures": [describe_signature(one.name, variant.signature) for variant in one.variants],
                "description": one.description,
            }
            for one in functions()
        ],
        "formats": list(FORMATS),
    }
    return json.dumps(content, indent=2)


def as_text() -> str:
    """For a terminal: statements, then names by family."""
    lines = ["Statements"]
    lines += [f"  {'yes' if one.supported else 'no ':3}  {_shortened(one.example)}" for one in statements()]
    for name, members in _families().items():
        lines += ["", f"Functions: {name}", "  " + " ".join(one.name for one in members)]
    lines += ["", "Formats", "  " + " ".join(FORMATS)]
    return "\n".join(lines)


def as_markdown() -> str:
    """SUPPORTED.md."""
    return "\n".join([*_markdown(), ""])


def _markdown() -> Iterator[str]:
    kinds = Counter(one.kind.value.lower() for one in functions())
    yield "# What pocket_ksql supports"
    yield ""
    yield "Generated by `pocket-ksql supported --markdown`; a test fails when it is stale."
    yield ""
    yield "## Statements"
    yield ""
    yield "| example | supported |"
    yield "|---|---|"
    for one in statements():
        yield f"| `{_shortened(one.example)}` | {'yes' if one.supported else f'no: {one.reason}'} |"
    yield ""
    yield "What is refused is refused as a whole, with its name."
    yield ""
    yield "## Formats"
    yield ""
    yield ", ".join(f"`{name}`" for name in FORMATS) + "."
    yield ""
    yield "## Functions"
    yield ""
    yield ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) + "; your own come from `--udf`."
    for name, members in _families().items():
        yield ""
        yield f"### {name}"
        yield ""
        yield "| function | kind | what it gives |"
        yield "|---|---|---|"
        for function in members:
            text = function.description.replace("|", "\\|").replace("\n", " ")
            yield f"| `{function.name}` | {function.kind.value.lower()} | {text} |"


def _families() -> dict[str, list[Function]]:
    families: dict[str, list[Function]] = {}
    for one in functions():
        families.setdefault(family(one), []).append(one)
    return families


def _shortened(example: str) -> str:
    return example.rstrip(";").replace("|", "\\|")
