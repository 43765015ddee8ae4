"""Kafka in a container, from the image that Apache publishes (or one laid out like it)."""

from __future__ import annotations

import os
from typing import Self

import docker
from confluent_kafka.admin import AdminClient
from docker.errors import DockerException, ImageNotFound
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

IMAGE = os.environ.get("WORKSHOP_KAFKA_IMAGE", "apache/kafka:4.1.1")

_START = "/tmp/start-kafka.sh"
_HOST_PORT = 9092  # for clients on the host: reached through a published port
_NETWORK_PORT = 19092  # for other containers on the same network


class ApacheKafkaContainer(DockerContainer):
    """One Kafka node in KRaft mode, reachable from the host on a free loopback port.

    The `KafkaContainer` of `testcontainers` expects Confluent's image; Apache's has other scripts.
    The address that the broker advertises contains the published port, which Docker chooses when the
    container starts: the container's command waits for a script, put there once the port is known.

    ``with ApacheKafkaContainer() as kafka: Producer({"bootstrap.servers": kafka.bootstrap_servers})``
    """

    def __init__(self, image: str = IMAGE) -> None:
        super().__init__(image)
        self.ports = {f"{_HOST_PORT}/tcp": ("127.0.0.1",)}  # type: ignore[dict-item]  # docker's form for loopback
        self.with_command(["sh", "-c", f"until [ -s {_START} ]; do sleep 0.1; done; exec sh {_START}"])
        self.with_envs(
            KAFKA_NODE_ID="1",
            KAFKA_PROCESS_ROLES="broker,controller",
            KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
            KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
            KAFKA_LISTENERS=f"HOST://:{_HOST_PORT},NETWORK://:{_NETWORK_PORT},CONTROLLER://:9093",
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="HOST:PLAINTEXT,NETWORK:PLAINTEXT,CONTROLLER:PLAINTEXT",
            KAFKA_INTER_BROKER_LISTENER_NAME="NETWORK",
            KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
            KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
        )

    @property
    def bootstrap_servers(self) -> str:
        """Address for clients on the host; known once the container runs."""
        return f"127.0.0.1:{self.get_exposed_port(_HOST_PORT)}"

    def start(self, timeout: int = 60) -> Self:
        """Start the container; return once the broker answers a client on the host.

        :raises TimeoutError: if the broker has not started after ``timeout`` seconds.
        """
        super().start()
        advertised = f"HOST://{self.bootstrap_servers},NETWORK://$(hostname):{_NETWORK_PORT}"
        script = f"export KAFKA_ADVERTISED_LISTENERS={advertised}\nexec /etc/kafka/docker/run\n"
        self.copy_into_container(script.encode(), _START)
        LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(timeout).wait_until_ready(self)
        AdminClient({"bootstrap.servers": self.bootstrap_servers}).list_topics(timeout=timeout)
        return self


def why_unavailable(image: str = IMAGE) -> str | None:
    """What keeps a container of ``image`` from being started here; ``None`` if nothing does."""
    try:
        client = docker.from_env()
        client.ping()
    except DockerException as error:
        return f"Docker does not answer: {error}"
    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image)
        except DockerException as error:
            return f"{image} is not here (.ci/kafka-image/build makes an image) and cannot be pulled: {error}"
    finally:
        client.close()
    return None
