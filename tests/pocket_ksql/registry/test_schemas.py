"""A registry as the engine sees it: in the same process, and over HTTP. Both must behave alike."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config

from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.log import MemoryLog
from pocket_ksql.registry.remote import RemoteSchemas
from pocket_ksql.registry.routes import registry_app
from pocket_ksql.registry.schemas import OwnSchemas
from pocket_ksql.registry.service import Registry
from pocket_ksql.services import RegisteredSchema, Schemas


@pytest.fixture
def registry_url() -> Iterator[str]:
    """A registry that listens on loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    application = registry_app(Registry(MemoryLog()))
    thread = Thread(target=lambda: loop.run_until_complete(serve(application, config, shutdown_trigger=stop.wait)))
    thread.start()
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture(params=["own", "remote"])
def schemas(request: pytest.FixtureRequest) -> Schemas:
    if request.param == "own":
        return OwnSchemas(Registry(MemoryLog()))
    return RemoteSchemas(request.getfixturevalue("registry_url"))


def test_a_registered_schema_is_found_by_id_and_as_the_latest(schemas: Schemas) -> None:
    number = schemas.register("s", "AVRO", '"int"')
    assert schemas.by_id(number) == RegisteredSchema(number, "AVRO", '"int"')
    assert schemas.latest("s") == RegisteredSchema(number, "AVRO", '"int"')


def test_the_same_schema_keeps_its_id(schemas: Schemas) -> None:
    assert schemas.register("s", "AVRO", '"int"') == schemas.register("t", "AVRO", ' "int" ')


def test_what_is_not_there_is_none(schemas: Schemas) -> None:
    assert schemas.by_id(99) is None
    assert schemas.latest("nobody") is None
    schemas.delete("nobody")


def test_a_deleted_subject_has_no_latest(schemas: Schemas) -> None:
    schemas.register("s", "AVRO", '"int"')
    schemas.delete("s")
    assert schemas.latest("s") is None


@pytest.mark.parametrize(("text", "code"), [('"string"', 409), ("{", 42201)])
def test_a_refusal_keeps_its_code(schemas: Schemas, text: str, code: int) -> None:
    schemas.register("s", "AVRO", '"int"')
    with pytest.raises(RegistryError) as refusal:
        schemas.register("s", "AVRO", text)
    assert refusal.value.code == code


def test_a_registry_that_is_away_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(RegistryError, match=url):
        RemoteSchemas(url).latest("s")
