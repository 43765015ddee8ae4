"""Hypercorn on loopback: HTTP/1.1 and cleartext HTTP/2 for KSQL and, beside it, for the registry."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from pocket_ksql.functions import builtin, user
from pocket_ksql.registry.log import KafkaLog
from pocket_ksql.registry.routes import registry_app
from pocket_ksql.registry.schemas import OwnSchemas
from pocket_ksql.registry.service import Registry
from pocket_ksql.runner import memory
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.server.app import ksql_app
from pocket_ksql.services import Schemas
from pocket_ksql.settings import Settings

_log = logging.getLogger(__name__)

_REQUESTS_MAY_TAKE = 1.0
"""Seconds that open requests get to end when the server stops."""


class AddressInUseError(Exception):
    """Somebody listens already where the server is to listen."""


def run(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is called when requests are answered.

    Raises ``UdfError`` for functions that do not fit, `AddressInUseError`, and ``BrokerUnreachableError`` when Kafka
    does not answer at the start.
    """
    memory.prepare()
    asyncio.run(_serve(settings, ready))


async def _serve(settings: Settings, ready: Callable[[], None]) -> None:
    functions = builtin()
    for origin in settings.udfs:
        user.register(functions, origin)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with contextlib.ExitStack() as sockets:
        ksql_socket = sockets.enter_context(_listen(settings.host, settings.port))
        applications: list[tuple[Any, socket.socket]] = []
        if settings.registry_url is None:
            registry_socket = sockets.enter_context(_listen(settings.host, settings.registry_port))
            registry = await asyncio.to_thread(_own_registry, settings)
            applications.append((registry_app(registry), registry_socket))
            schemas: Schemas = OwnSchemas(registry)
        else:
            from pocket_ksql.registry.remote import RemoteSchemas

            schemas = RemoteSchemas(settings.registry_url)
        service = await asyncio.to_thread(KsqlService, settings, schemas, functions)
        await asyncio.to_thread(service.start)
        applications.append((ksql_app(service), ksql_socket))
        servers = [
            asyncio.ensure_future(serve(app, _config(listening), shutdown_trigger=stop.wait))
            for app, listening in applications
        ]
        ready()
        _log.info("KSQL on http://%s:%d", settings.host, settings.port)
        try:
            await stop.wait()
        finally:
            # Queries first: their readers' requests end with them.
            await asyncio.to_thread(service.stop)
            await asyncio.gather(*servers)


def _own_registry(settings: Settings) -> Registry:
    settings.kafka.check()
    return Registry(KafkaLog(settings.kafka, settings.schemas_topic))


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise AddressInUseError(
            f"Cannot listen on {host}:{port} ({error.strerror}). Stop what listens there, or choose another "
            "port with --port or --registry-port."
        ) from error
    listening.set_inheritable(True)
    return listening


def _config(listening: socket.socket) -> Config:
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]  # the web server closes it
    config.accesslog = None
    config.errorlog = _log
    config.include_server_header = False
    config.graceful_timeout = _REQUESTS_MAY_TAKE
    config.keep_alive_timeout = 3600
    return config
