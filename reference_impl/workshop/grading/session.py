"""The trusted side of a learner's process: asks it, doubts what it says, and starts it anew when it has died."""

from __future__ import annotations

import builtins
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from workshop.checks.place import LearnerError, LearnerLostError
from workshop.grading.channel import ChannelError, ChannelTimeoutError, Message, receive, send
from workshop.grading.process import Process
from workshop.grading.wire import Decoder, Encoder, Handle, WireError

_DEATHS_A_CELL = 2
_DEATHS_IN_ALL = 20
_ITEMS_OF_AN_ITERATOR = 200_000
_TELLING = ("arguments", "named", "key")  # what a question may give to the learner's code

WITHHELD = "(What this cell printed is not shown: it ran after hidden checks and could repeat their inputs.)"


class Session:
    """A learner's process with its cells run so far. ``start`` makes a new process."""

    def __init__(self, start: Callable[[], Process], timeout: float) -> None:
        self._start = start
        self._timeout = timeout
        self._process: Process | None = None
        self._cells: list[str] = []
        self._deaths = 0
        self._deaths_in_all = 0
        self._generation = 0
        self._closed = False
        self._told = False
        self._ended = False

    def has_run(self, sources: Iterable[str]) -> None:
        """Cells that another session has run before this one: a new process begins with them."""
        self._cells += sources

    def run_cell(self, source: str, *, knows_hidden: bool = False) -> tuple[str, str | None]:
        """Run a cell: what it printed, and its error. One that hangs the process, or ends it twice, is left out from
        then on.

        With ``knows_hidden`` the process has been given inputs of hidden tests. A cell could have kept them, to tell
        them by what it prints or by the words of an error: of both is said only that they are there.
        """
        self.begin_checks()
        try:
            self._run(source)
        except LearnerError as error:
            if self._process is None:
                return "", str(error)
            self._cells.append(source)
            said = _kind_of(error) if knows_hidden else f"{error.names[0]}: {error}"
            return self._shown(knows_hidden), said
        self._cells.append(source)
        return self._shown(knows_hidden), None

    def _run(self, source: str) -> None:
        try:
            self.ask("cell", source=source)
        except LearnerLostError:
            if not self._ended:
                raise
            self.ask("cell", source=source)

    def _shown(self, knows_hidden: bool) -> str:
        printed = self._printed()
        return WITHHELD if printed and knows_hidden else printed

    def begin_checks(self) -> None:
        """A new cell: it has its own right to restarts."""
        self._deaths = 0
        self._told = False
        self._ended = False

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended by itself since the current cell began, which deserves a second try.

        The learner's code may have done that, and will again. But so does Kafka's client by an assertion of its own
        (seen in librdkafka 2.16 after aborted transactions), which is no verdict on the code.
        """
        return self._ended

    def end_checks(self) -> bool:
        """Whether the learner's code was given anything by the checks.

        What it printed meanwhile may tell of hidden tests: nobody gets to see it.
        """
        self._printed()
        return self._told

    def ask(self, do: str, **arguments: Any) -> Any:
        """The learner's answer, as plain data and :class:`Remote` objects.

        Raises:
            LearnerError: the learner's code raised, ended, hung, or answered with what is no answer.
        """
        process = self._process or self._restart()
        self._told = self._told or any(arguments.get(name) for name in _TELLING)
        encoder = Encoder(self._handle_of)
        try:
            encoded = {name: encoder.encode(value) for name, value in arguments.items()}
        except WireError as error:
            raise LearnerError(["TypeError", "Exception"], f"this cannot be passed on: {error}") from error
        number = secrets.token_hex(8)  # an answer sent before the question was asked does not know it
        message = encoder.message({"do": do, "number": number, "arguments": encoded})
        try:
            send(process.channel, message, self._timeout)
            reply = receive(process.channel, self._timeout)
        except ChannelTimeoutError:
            raise self._lost(f"your code did not end within {self._timeout:g} seconds", "TimeoutError") from None
        except ChannelError as error:
            self._ended = True
            raise self._lost(f"your code ended the process in which it ran ({error})", "ProcessEnded") from None
        if not isinstance(reply.body, dict) or reply.body.get("number") != number:
            raise self._lost("your code's process gave an answer to no question", "ProcessEnded")
        return self._value_of(reply.body, reply)

    def close(self) -> None:
        """End the process, and start no other one."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _value_of(self, body: dict[str, Any], reply: Message) -> Any:
        if isinstance(body.get("error"), dict):
            names, text = body["error"].get("names"), body["error"].get("text")
            listed = [str(name)[:100] for name in names[:20]] if isinstance(names, list) and names else ["Exception"]
            raise LearnerError(listed, str(text)[:2000])
        generation = self._generation
        decoder = Decoder(reply, lambda handle: Remote(self, handle, generation))
        try:
            if "value" not in body:
                raise WireError("there is no value in it")
            return decoder.decode(body["value"])
        except WireError as error:
            raise LearnerError(["TypeError", "Exception"], str(error)) from error

    def _handle_of(self, value: Any) -> Handle:
        if type(value) is Remote and value._generation == self._generation:
            return value._handle
        raise WireError(f"a {type(value).__name__} is no plain data")

    def _restart(self) -> Process:
        if self._closed or self._deaths > _DEATHS_A_CELL or self._deaths_in_all > _DEATHS_IN_ALL:
            raise LearnerLostError(["ProcessEnded", "Exception"], "your code ended its process too often")
        self._process = process = self._start()
        self._generation += 1
        for source in list(self._cells):
            try:
                self.ask("cell", source=source)
            except LearnerError:
                if self._process is not process:
                    self._cells.remove(source)
                    return self._restart()
        self._printed()
        return process

    def end_if_longer(self, seconds: float) -> None:
        """End the process where it has worked longer at one thing than a cell may: item by item, it never would."""
        if seconds > self._timeout:
            raise self._lost(f"your code gave item after item, for {self._timeout:g} seconds", "TimeoutError")

    def _lost(self, what: str, name: str) -> LearnerLostError:
        self._deaths += 1
        self._deaths_in_all += 1
        self._end()
        return LearnerLostError([name, "Exception"], what)

    def _printed(self) -> str:
        if self._process is None:
            return ""
        printed, dropped = self._process.take_printed()
        text = printed.decode(errors="replace")
        return text + (f"\n… and {dropped:,} bytes more" if dropped else "")

    @property
    def generation(self) -> int:
        """Rises with every new process: handles of an old one are void."""
        return self._generation


def _kind_of(error: LearnerError) -> str:
    """The error's class where it is one of Python's own: the name of another is the learner's to choose."""
    own = (name for name in error.names if isinstance(getattr(builtins, name, None), type))
    return f"{next(own, 'Exception')} (its text is not shown: the cell ran after hidden checks)"


class Remote:
    """Something of the learner's that is no plain data. It is equal to nothing but itself, and true to nobody."""

    def __init__(self, session: Session, handle: Handle, generation: int) -> None:
        self._session = session
        self._handle = handle
        self._generation = generation

    def _ask(self, do: str, **arguments: Any) -> Any:
        if self._session.generation != self._generation:
            raise LearnerLostError(["ProcessEnded", "Exception"], "the process that held this has ended")
        return self._session.ask(do, target=self, **arguments)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._ask("call", arguments=list(arguments), named=named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # NumPy and pandas would follow __array_interface__ wherever it points
            raise AttributeError(name)
        return self._ask("attribute", name=name)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key=key)

    def __len__(self) -> int:
        try:
            return int(self._ask("length"))
        except LearnerError as error:
            if "TypeError" in error.names:
                raise TypeError(str(error)) from error  # as `list` expects it of a generator
            raise

    def __bool__(self) -> bool:
        return True

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np

        found = self._ask("array")
        if not isinstance(found, np.ndarray):
            raise LearnerError(["TypeError", "Exception"], "this is no array of numbers")
        return found if dtype is None else found.astype(dtype)

    def __iter__(self) -> Iterator[Any]:
        iterator = self if self._handle.kind == "iterator" else self._ask("iterate")
        if type(iterator) is not Remote:
            yield from iterator
            return
        spent = 0.0
        for _ in range(_ITEMS_OF_AN_ITERATOR):
            asked = time.monotonic()
            found = iterator._ask("next")
            spent += time.monotonic() - asked
            if not isinstance(found, list) or not found:
                return
            self._session.end_if_longer(spent)
            yield found[0]
        raise LearnerError(["ValueError", "Exception"], f"this gives more than {_ITEMS_OF_AN_ITERATOR:,} items")

    def __next__(self) -> Any:
        found = self._ask("next")
        if not isinstance(found, list) or not found:
            raise StopIteration
        return found[0]

    def close(self) -> None:
        """Close a generator."""
        closing = self._ask("attribute", name="close")
        closing()

    def __repr__(self) -> str:
        return f"<your {self._handle.type_name}>"


class RemoteNames(dict[str, Any]):
    """The global names of a check cell: its own, Python's, and all others from the learner's process."""

    def __init__(self, session: Session, own: Mapping[str, Any]) -> None:
        super().__init__(own)
        self._session = session

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        return self._session.ask("name", name=name)
