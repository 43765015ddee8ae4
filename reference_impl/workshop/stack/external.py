"""A platform that somebody else runs: it is looked at, never started or stopped."""

from __future__ import annotations

from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack import state
from workshop.stack.backend import Report, ServiceStatus
from workshop.stack.http import answers
from workshop.stack.state import StackState


class ExternalStack:
    """The external backend: ``up`` checks that every address answers, and records them."""

    name = "external"

    def __init__(self, home: Path, connection: Connection) -> None:
        self._home = home
        self._connection = connection

    def up(self, report: Report) -> Connection:
        with state.exclusive(self._home):
            for service in self.status():
                if not service.healthy:
                    raise StackError(
                        f"{service.name} does not answer at {service.address}.",
                        hint="Check the address and that it can be reached from here; user names and passwords come "
                        "from the environment (WORKSHOP_KAFKA_SASL_USERNAME, WORKSHOP_KAFKA_SASL_PASSWORD, …).",
                    )
                report(f"{service.name} answers at {service.address}")
            state.save(self._home, StackState(self.name, self._connection))
            return self._connection

    def down(self, report: Report) -> None:
        report("forgetting the external platform; it goes on running")
        state.forget(self._home)

    def reset(self, report: Report) -> None:
        raise StackError(
            "The data of an external platform is not ours to delete.",
            hint="Delete its topics with its own tools, or forget it here: workshop down",
        )

    def status(self) -> list[ServiceStatus]:
        connection = self._connection
        services = [
            ServiceStatus("kafka", connection.bootstrap_servers, _kafka_answers(connection)),
            ServiceStatus("ksql", connection.ksql_url, answers(f"{connection.ksql_url}/info")),
            ServiceStatus("registry", connection.registry_url, answers(f"{connection.registry_url}/subjects")),
        ]
        if connection.connect_url:
            services.append(
                ServiceStatus("connect", connection.connect_url, answers(f"{connection.connect_url}/connectors"))
            )
        return services


def _kafka_answers(connection: Connection) -> bool:
    try:
        return bool(AdminClient({**connection.kafka(), "log_level": 0}).list_topics(timeout=10).brokers)
    except KafkaException:
        return False
