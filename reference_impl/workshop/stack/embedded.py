"""The stack on a laptop: Kafka, KSQL and, if wanted, Connect, as processes on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack import jars, ports, processes, state
from workshop.stack.backend import Report, ServiceStatus
from workshop.stack.connect import ConnectService
from workshop.stack.java import Java
from workshop.stack.kafka import CLIENT, KafkaService
from workshop.stack.ksql import KsqlService
from workshop.stack.processes import Handle
from workshop.stack.service import Service
from workshop.stack.state import StackState

USUAL_PORTS: Mapping[str, int] = {
    "kafka": 9092,
    "controller": 9093,
    "ksql": 8088,
    "registry": 8081,
    "connect": 8083,
}
FREE_PORTS: Mapping[str, int] = dict.fromkeys(USUAL_PORTS, 0)
"""No preference: every service takes a free port, as tests want it."""

_PATIENCE = 120
"""Seconds that a service may take to become healthy; a cold, busy machine needs many, a warm one three."""


class EmbeddedStack:
    """The embedded backend. Data and logs are below ``home``, jars in ``cache``.

    Args:
        connect: also run a Kafka Connect worker.
        ksql: run the KSQL server and its Schema Registry; without it there is only Kafka.
        udfs: Python files and modules with functions that queries may call; a server that is up without them is
            started again.
        preferred: the port to try first for each role.
    """

    name = "embedded"

    def __init__(
        self,
        home: Path,
        cache: Path,
        *,
        connect: bool = False,
        ksql: bool = True,
        udfs: Sequence[str] = (),
        preferred: Mapping[str, int] = USUAL_PORTS,
    ) -> None:
        self._home = home
        self._jars = cache / "jars"
        self._archives = cache / "archives"
        self._choosing = cache / "ports"
        self._with_connect = connect
        self._with_ksql = ksql
        self._udfs = tuple(udfs)
        self._preferred = preferred

    def up(self, report: Report) -> Connection:
        with state.exclusive(self._home):
            classpath = jars.ensure(jars.locked_jars(), self._jars, _jar_reporter(report))
            recorded = self._recorded()
            chosen = dict(recorded.ports)
            running = {name: handle for name, handle in recorded.services.items() if handle.is_running}
            for service in self._services(Java(classpath, self._archives), running):
                handle = running.get(service.name)
                if handle is not None and service.name == KsqlService.name and (missing := self._missing(handle)):
                    report(f"ksql is up without {missing}; starting it again")
                    processes.stop(running.pop(service.name))
                    handle = None
                if handle is None or not service.is_healthy(chosen):
                    self._start(service, running, chosen, report)
                    self._save(running, chosen)
                else:
                    report(f"{service.name} is up already on port {chosen[service.roles[0]]}")
            return self._save(running, chosen)

    def down(self, report: Report) -> None:
        with state.exclusive(self._home):
            for name, handle in reversed(self._recorded().services.items()):
                report(f"stopping {name}")
                processes.stop(handle)
            state.forget(self._home)

    def reset(self, report: Report) -> None:
        self.down(report)
        report("deleting topics, schemas and logs")
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.rmtree(self._logs, ignore_errors=True)

    def status(self) -> list[ServiceStatus]:
        recorded = self._recorded()
        known = {service.name: service for service in self._services(Java((), self._archives), recorded.services)}
        return [self._status(known[name], handle, recorded.ports) for name, handle in recorded.services.items()]

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def _logs(self) -> Path:
        return self._home / "logs"

    def _services(self, java: Java, running: Mapping[str, Handle]) -> list[Service]:
        """The wanted services, and any other that is up, in the order in which they need each other."""
        services: list[Service] = [KafkaService(java, self._data / "kafka")]
        with_connect = self._with_connect or ConnectService.name in running
        if with_connect:
            services.append(ConnectService(java, self._data / "connect"))
        if self._with_ksql or KsqlService.name in running:
            services.append(KsqlService(self._udfs, with_connect))
        return services

    def _missing(self, handle: Handle) -> str | None:
        """What a KSQL server that is up was started without, although it is wanted."""
        process = handle.process()
        given = set(process.cmdline()) if process is not None else set()
        if not set(self._udfs) <= given:
            return "these functions"
        return "the Connect worker" if self._with_connect and "--connect-url" not in given else None

    def _start(self, service: Service, running: dict[str, Handle], chosen: dict[str, int], report: Report) -> None:
        if service.name in running:
            report(f"{service.name} runs but does not answer; starting it again")
            processes.stop(running.pop(service.name))
        if service.name == KafkaService.name:
            for dependent in list(running):  # they hold connections to a broker that is gone
                processes.stop(running.pop(dependent))
        log = self._logs / f"{service.name}.log"
        with state.exclusive(self._choosing):  # until it listens: another stack must not choose the same port
            try:
                running[service.name] = self._launch(service, chosen, log, report)
            except StackError:
                if all(ports.is_free(chosen[role]) for role in service.roles):
                    raise
                # Another program took a port after it had been looked at.
                running[service.name] = self._launch(service, chosen, log, report)

    def _launch(self, service: Service, chosen: dict[str, int], log: Path, report: Report) -> Handle:
        for role in service.roles:
            chosen[role] = self._port(role, chosen, report)
        report(f"starting {service.name} on port {chosen[service.roles[0]]}")
        handle = processes.start(service.prepare(chosen), log)
        try:
            processes.wait_healthy(service.name, handle, lambda: service.is_healthy(chosen), log, _PATIENCE)
        except BaseException:  # Ctrl-C included: leave nothing half started behind
            processes.stop(handle)
            raise
        return handle

    def _port(self, role: str, chosen: Mapping[str, int], report: Report) -> int:
        """The port of last time if it is free, else the usual one, else any."""
        preferred = chosen.get(role) or self._preferred[role]
        others = {port for other, port in chosen.items() if other != role}
        port = ports.choose(preferred, others)
        if preferred and port != preferred:
            report(f"port {preferred} is taken by another program; {role} uses {port} instead")
        return port

    def _recorded(self) -> StackState:
        recorded = state.load(self._home)
        if recorded is None or recorded.backend != self.name:
            return StackState(self.name, Connection())
        return recorded

    def _save(self, running: Mapping[str, Handle], chosen: Mapping[str, int]) -> Connection:
        connection = Connection(
            bootstrap_servers=f"{ports.HOST}:{chosen['kafka']}",
            ksql_url=f"http://{ports.HOST}:{chosen.get('ksql', 0)}",
            registry_url=f"http://{ports.HOST}:{chosen.get('registry', 0)}",
            connect_url=f"http://{ports.HOST}:{chosen['connect']}" if ConnectService.name in running else None,
            client={**CLIENT, **Connection.from_environment().client},
        )
        state.save(self._home, StackState(self.name, connection, dict(chosen), dict(running)))
        return connection

    def _status(self, service: Service, handle: Handle, chosen: Mapping[str, int]) -> ServiceStatus:
        process = handle.process()
        return ServiceStatus(
            name=service.name,
            address=", ".join(f"{ports.HOST}:{chosen[role]}" for role in service.roles if role != "controller"),
            healthy=process is not None and service.is_healthy(chosen),
            pid=process.pid if process else None,
            memory_mb=process.memory_info().rss // 2**20 if process else None,
            log=str(self._logs / f"{service.name}.log"),
        )


def _jar_reporter(report: Report) -> jars.Progress:
    def progress(done: int, total: int) -> None:
        if done < total:
            report(f"fetching Kafka: {done} of {total} jars")

    return progress
