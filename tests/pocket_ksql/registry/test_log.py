"""What the registry keeps in Kafka is there after a restart."""

from collections.abc import Callable

import pytest

from fraud_pipeline.connection import Connection
from pocket_ksql.kafka import Kafka
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.log import KafkaLog
from pocket_ksql.registry.service import Registry, SchemaRequest


def test_schemas_levels_and_deletions_survive_a_restart(kafka: Connection, unique: Callable[[str], str]) -> None:
    cluster, topic = Kafka.at(kafka.bootstrap_servers), unique("schemas")
    before = Registry(KafkaLog(cluster, topic))
    kept = before.register("kept", SchemaRequest('"int"'))
    before.register("dropped", SchemaRequest('"string"'))
    before.delete_subject("dropped")
    before.set_compatibility("FULL", "kept")

    after = Registry(KafkaLog(cluster, topic))
    assert after.version("kept", "latest") == kept
    assert after.compatibility("kept") == "FULL"
    assert after.subjects() == ["kept"]
    with pytest.raises(RegistryError):
        after.versions("dropped")
    assert after.register("other", SchemaRequest('"double"')).id == 3
