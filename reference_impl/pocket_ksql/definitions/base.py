"""What defining a source takes, whichever statement does it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.outcomes import NothingDone, Outcome
from pocket_ksql.planner import with_clause
from pocket_ksql.source import FormatSpec, Source
from pocket_ksql.world import World


class Definer:
    """One statement's worth of defining; ``properties`` are the session's, ``number`` goes into query ids."""

    def __init__(self, world: World, properties: Mapping[str, Any], number: int) -> None:
        self.world = world
        self.metastore = world.metastore
        self.properties = properties
        self.number = number

    def _in(self, tree: st.Statement, action: Any) -> Any:
        """``action()``, with the canonical text of ``tree`` put into its errors."""
        try:
            return action()
        except KsqlStatementError as error:
            if error.statement_text is None and error.error_code != BAD_REQUEST:
                raise KsqlStatementError(error.message, format_statement(tree)) from None
            raise

    def _existing(self, tree: st.CreateSource | st.CreateAs) -> Outcome | None:
        if tree.name not in self.metastore.sources or not tree.if_not_exists:
            return None
        kind = self.metastore.sources[tree.name].kind.value.lower()
        what = tree.kind.lower()
        message = f"Cannot add {what} {types.quoted(tree.name)}: A {kind} with the same name already exists."
        return NothingDone("", message, warning=True)

    def _check_replaceable(self, tree: st.CreateSource | st.CreateAs, old: Source, new: Source) -> None:
        what = tree.kind.lower()
        if not tree.or_replace:
            kind = old.kind.value.lower()
            raise KsqlStatementError(f"Cannot add {what} '{tree.name}': A {kind} with the same name already exists")
        if old.kind is not new.kind:
            raise KsqlStatementError(
                f"Cannot add {what} '{tree.name}': A {old.kind.value.lower()} with the same name already exists"
            )
        if old.read_only or new.read_only:
            raise KsqlStatementError(
                f"Cannot add {what} '{tree.name}': CREATE OR REPLACE is not supported on source {what}s."
            )
        prefix = f"Cannot upgrade data source: DataSource '{types.quoted(old.name)[1:-1]}'"
        if old.topic != new.topic:
            raise KsqlStatementError(
                f"{prefix} has topic = {old.topic} which cannot be upgraded to topic = {new.topic}"
            )
        for side, before, after in (
            ("key", old.key_format, new.key_format),
            ("value", old.value_format, new.value_format),
        ):
            if _layout(before) != _layout(after):
                raise KsqlStatementError(
                    f"{prefix} has {side} format = {_layout(before)} "
                    f"which cannot be upgraded to {side} format = {_layout(after)}"
                )
        pairs = zip_longest(old.schema.value, new.schema.value[: len(old.schema.value)])
        missing = [one for one in old.schema.key if one not in new.schema.key]
        missing += [one for one, other in pairs if one != other]
        if missing or old.schema.key != new.schema.key:
            listed = ", ".join(map(str, missing))
            raise KsqlStatementError(
                f"{prefix} has schema = {old.schema} which cannot be upgraded to schema = {new.schema}. "
                f"The following columns are changed, missing or reordered: [{listed}]"
            )

    def _create_topic(self, topic: str, properties: st.Properties, policy: str) -> None:
        """Create the topic of a source, or see that the one that exists is as its properties say."""
        partitions = with_clause.int_property(properties, "PARTITIONS")
        existing = self.world.topics.partitions(topic)
        if existing is not None and self.world.checks_topics:
            self._check_same_topic(topic, properties, existing)
        if partitions is None or existing is not None:
            return
        config = {"cleanup.policy": with_clause.text_property(properties, "CLEANUP_POLICY") or policy}
        retention = with_clause.int_property(properties, "RETENTION_MS")
        if retention is not None and "delete" in config["cleanup.policy"]:
            config["retention.ms"] = str(retention)
        self.world.topics.create(topic, partitions, with_clause.int_property(properties, "REPLICAS") or 1, config)

    def _check_same_topic(self, topic: str, properties: st.Properties, partitions: int) -> None:
        replicas = self.world.topics.replicas(topic) or 1
        wanted = with_clause.int_property(properties, "PARTITIONS")
        wanted_replicas = with_clause.int_property(properties, "REPLICAS")
        wanted = partitions if wanted is None else wanted
        wanted_replicas = replicas if wanted_replicas is None else wanted_replicas
        if (wanted, wanted_replicas) != (partitions, replicas):
            raise KsqlStatementError(
                f"A Kafka topic with the name '{topic}' already exists, with different partition/replica configuration "
                f"than required. KSQL expects {wanted} partitions (topic has {partitions}), and {wanted_replicas} "
                f"replication factor (topic has {replicas})."
            )


def _layout(spec: FormatSpec) -> str:
    """A format with what decides how its bytes look; a new schema may have another id."""
    given = [f"{name}={value}" for name, value in sorted(spec.properties.items()) if name != "schema_id"]
    return " ".join([spec.name, *given])
