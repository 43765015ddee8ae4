"""Where the servers are: defaults, the environment, and the settings that clients get."""

from __future__ import annotations

import pytest
from confluent_kafka import Producer

from fraud_pipeline.connection import Connection, client_settings


def test_an_empty_environment_means_the_usual_ports_on_this_machine() -> None:
    assert Connection.from_environment({}) == Connection()
    assert Connection().bootstrap_servers == "127.0.0.1:9092"


def test_each_address_can_be_set_alone() -> None:
    connection = Connection.from_environment({"WORKSHOP_REGISTRY_URL": "https://registry.example"})
    assert connection == Connection(registry_url="https://registry.example")


def test_names_of_client_settings_get_their_dots_back() -> None:
    environ = {"WORKSHOP_KAFKA_SASL_PASSWORD": "Under_Score", "WORKSHOP_KSQL_URL": "http://127.0.0.1:1", "HOME": "/"}
    assert client_settings(environ) == {"sasl.password": "Under_Score"}


def test_the_image_of_a_broker_is_no_client_setting() -> None:
    connection = Connection.from_environment({"WORKSHOP_KAFKA_IMAGE": "apache/kafka:4.1.1"})
    Producer(connection.kafka())  # librdkafka refuses settings that it does not know


def test_a_client_is_configured_by_keywords_then_environment_then_address() -> None:
    connection = Connection("broker:1", client={"security.protocol": "SASL_SSL", "client.id": "workshop"})
    settings = connection.kafka(client_id="scorer", group_id="g")
    assert settings["bootstrap.servers"] == "broker:1"
    assert settings["security.protocol"] == "SASL_SSL"
    assert settings["client.id"] == "scorer"
    assert settings["group.id"] == "g"


@pytest.mark.parametrize("write", [repr, str])
def test_secrets_do_not_appear_where_a_connection_is_printed(write: type[str]) -> None:
    connection = Connection.from_environment({"WORKSHOP_KAFKA_SASL_PASSWORD": "hunter2"})
    assert "hunter2" not in write(connection)
