"""Ports: the preferred one when it is free, another when it is not."""

from __future__ import annotations

import socket

from workshop.stack import ports


def test_a_port_that_somebody_listens_on_is_not_free_and_another_is_chosen() -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        assert ports.accepts(port)
        assert not ports.is_free(port)
        chosen = ports.choose(port)
        assert chosen != port
        assert ports.is_free(chosen)
    assert ports.is_free(port)
    assert ports.choose(port) == port


def test_a_port_that_another_service_was_given_is_not_given_again() -> None:
    port = ports.choose(0)
    assert ports.choose(port, taken={port}) != port
