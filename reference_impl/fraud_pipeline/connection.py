"""Where the servers are: one value that every stage takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

_CLIENT_PREFIX = "WORKSHOP_KAFKA_"
_NO_CLIENT_SETTING = "WORKSHOP_KAFKA_IMAGE"  # the container image of a broker
_WARNINGS = 5  # librdkafka's informational lines are not for people

Setting = str | int | float | bool


@dataclass(frozen=True)
class Connection:
    """Addresses of one streaming platform, and the client settings that reaching it takes.

    ``client`` holds further librdkafka settings. Secrets belong in the environment:
    ``WORKSHOP_KAFKA_SASL_PASSWORD=…`` becomes ``sasl.password``.
    """

    bootstrap_servers: str = "127.0.0.1:9092"
    ksql_url: str = "http://127.0.0.1:8088"
    registry_url: str = "http://127.0.0.1:8081"
    connect_url: str | None = None
    client: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Connection:
        """Read ``WORKSHOP_BOOTSTRAP_SERVERS``, ``WORKSHOP_KSQL_URL``, ``WORKSHOP_REGISTRY_URL``,
        ``WORKSHOP_CONNECT_URL`` and ``WORKSHOP_KAFKA_*``; what is absent keeps its default."""
        return cls(
            bootstrap_servers=environ.get("WORKSHOP_BOOTSTRAP_SERVERS", cls.bootstrap_servers),
            ksql_url=environ.get("WORKSHOP_KSQL_URL", cls.ksql_url),
            registry_url=environ.get("WORKSHOP_REGISTRY_URL", cls.registry_url),
            connect_url=environ.get("WORKSHOP_CONNECT_URL"),
            client=client_settings(environ),
        )

    def kafka(self, **settings: Setting) -> dict[str, Setting]:
        """A librdkafka configuration; underscores in the names of ``settings`` stand for dots."""
        named = {name.replace("_", "."): value for name, value in settings.items()}
        return {"bootstrap.servers": self.bootstrap_servers, "log_level": _WARNINGS, **self.client, **named}


def client_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """librdkafka settings among the environment variables: ``WORKSHOP_KAFKA_SASL_USERNAME`` → ``sasl.username``."""
    return {
        name.removeprefix(_CLIENT_PREFIX).lower().replace("_", "."): value
        for name, value in environ.items()
        if name.startswith(_CLIENT_PREFIX) and name != _NO_CLIENT_SETTING
    }
