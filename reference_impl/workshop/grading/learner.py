"""The process in the sandbox: runs the learner's cells, and answers the questions that checks ask of them.

It is not to be trusted: whatever it says is looked at as data by ``session``, and it is never told an answer.
"""

from __future__ import annotations

import inspect
import os
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

from fraud_pipeline.connection import Connection
from workshop.checks import place, probes
from workshop.checks.values import NotPlainError, plain
from workshop.grading.channel import ChannelError, Message, receive, send
from workshop.grading.wire import Decoder, Encoder, Handle, WireError


class Server:
    """Answers requests until the other side has gone."""

    def __init__(self, channel: socket.socket, broker: Connection) -> None:
        self._channel = channel
        self._kept: list[Any] = []
        self._shell: Any = None
        self._probes = {name: getattr(probes, name) for name in probes.__all__}  # before a cell can replace them
        place.set_current(place.LocalPlace(broker))
        # A fork of the learner's must not answer in this one's place: it ends when it comes back here.
        os.register_at_fork(after_in_child=channel.close)

    def run(self) -> None:
        while True:
            self._answer(receive(self._channel))

    def _answer(self, message: Message) -> None:
        body = message.body
        decoder = Decoder(message, lambda handle: self._kept[handle.number])
        arguments = {name: decoder.decode(raw) for name, raw in body.get("arguments", {}).items()}
        operation: Callable[..., Any] = getattr(self, f"_do_{body['do']}")
        try:
            reply = Encoder(self._keep).message({"number": body["number"]}, value=_simple(operation(**arguments)))
        except BaseException as error:  # noqa: BLE001 - whatever the learner's code raises is its answer
            names = list(place.error_names(error))
            reply = Message({"number": body["number"], "error": {"names": names, "text": _text_of(error)}})
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        send(self._channel, reply)

    def _do_cell(self, source: str) -> None:
        result = self._ipython().run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error

    def _do_name(self, name: str) -> Any:
        names = self._ipython().user_ns
        if name not in names:
            raise NameError(f"name {name!r} is not defined")
        return names[name]

    def _do_call(self, target: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        return target(*arguments, **named)

    def _do_attribute(self, target: Any, name: str) -> Any:
        return getattr(target, name)

    def _do_item(self, target: Any, key: Any) -> Any:
        return target[key]

    def _do_length(self, target: Any) -> int:
        return len(target)

    def _do_iterate(self, target: Any) -> Iterator[Any]:
        return iter(target)

    def _do_next(self, target: Any) -> list[Any]:
        """One item in a list, or an empty list at the end."""
        try:
            return [next(target)]
        except StopIteration:
            return []

    def _do_array(self, target: Any) -> Any:
        import numpy as np

        return np.asarray(target)

    def _do_probe(self, name: str, arguments: list[Any]) -> Any:
        return self._probes[name](*arguments)

    def _do_ksql(self, request: dict[str, Any]) -> Any:
        from workshop.checks import ksql_memory

        return ksql_memory.execute(**request)

    def _ipython(self) -> Any:
        if self._shell is None:
            from IPython.core.interactiveshell import InteractiveShell
            from traitlets.config import Config

            config = Config()
            config.HistoryManager.enabled = False
            config.InteractiveShell.colors = "nocolor"
            self._shell = InteractiveShell.instance(config=config)
        return self._shell

    def _keep(self, value: Any) -> Handle:
        self._kept.append(value)
        kind = "iterator" if inspect.isgenerator(value) else "callable" if callable(value) else "object"
        return Handle(len(self._kept) - 1, kind, type(value).__name__)


def _simple(value: Any) -> Any:
    """As plain as the value can be: subclasses and NumPy's scalars become what they stand for."""
    try:
        return plain(value)
    except NotPlainError:
        return value


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - the learner's exception may have a __str__ that fails
        return ""


def serve(channel: socket.socket, broker: Connection) -> None:
    """Answer requests until there are no more."""
    try:
        Server(channel, broker).run()
    except (ChannelError, WireError):
        return
