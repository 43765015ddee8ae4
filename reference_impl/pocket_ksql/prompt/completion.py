"""Words for the Tab key: keywords, functions, and the names of sources and columns."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from pocket_ksql.errors import KsqlError
from pocket_ksql.language.parser import STATEMENT_STARTS
from pocket_ksql.language.tokens import RESERVED
from pocket_ksql.prompt.client import Client

_log = logging.getLogger(__name__)

_FURTHER = [
    "ADVANCE", "ALL", "BEGINNING", "CHANGES", "EMIT", "EXTENDED", "FINAL", "FORMAT", "FUNCTION", "FUNCTIONS", "GRACE",
    "HOPPING", "IF", "KEY", "LIMIT", "OUTER", "PARTITION", "PERIOD", "PRIMARY", "PROPERTIES", "QUERIES", "REPLACE",
    "RETENTION", "SCRIPT", "SESSION", "SIZE", "STREAM", "STREAMS", "TABLE", "TABLES", "TOPIC", "TOPICS", "TUMBLING",
    "TYPE", "TYPES", "VARIABLES", "DAYS", "HOURS", "MINUTES", "SECONDS", "ARRAY", "BIGINT", "BOOLEAN", "BYTES", "DATE",
    "DECIMAL", "DOUBLE", "INT", "MAP", "STRING", "STRUCT", "TIME", "TIMESTAMP", "KAFKA_TOPIC", "KEY_FORMAT",
    "PARTITIONS", "REPLICAS", "VALUE_FORMAT",
]  # fmt: skip

KEYWORDS = sorted({*RESERVED, *(word for words in STATEMENT_STARTS for word in words), *_FURTHER, "RUN", "HELP"})

_NAMES_A_SOURCE = frozenset({"FROM", "JOIN", "INTO", "DESCRIBE", "DROP", "STREAM", "TABLE"})
_BEFORE = re.compile(r"(?:([\w`]+)\s+)?([\w`]*\.)?(\w*)\Z")


@dataclass
class Vocabulary:
    """What the server knows by name."""

    sources: dict[str, list[str]] = field(default_factory=dict)
    """Columns by source."""
    functions: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, client: Client) -> Vocabulary:
        """Ask the server. Raises ``KsqlError``."""
        vocabulary = cls()
        for entity in client.execute("SHOW STREAMS EXTENDED; SHOW TABLES EXTENDED; SHOW FUNCTIONS;", {}, {}):
            for source in entity.get("sourceDescriptions", ()):
                vocabulary.sources[source["name"]] = [one["name"] for one in source["fields"]]
            vocabulary.functions += [one["name"] for one in entity.get("functions", ())]
        return vocabulary


class KsqlCompleter(Completer):
    """Completes the word before the cursor; asks the server again after `forget`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: Vocabulary | None = None

    def forget(self) -> None:
        """A statement may have changed what there is."""
        self._known = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        found = _BEFORE.search(document.text_before_cursor)
        assert found is not None  # the pattern fits the empty text too
        before, qualifier, word = (found[1] or "").upper(), found[2], found[3]
        if not word and not qualifier and not complete_event.completion_requested:
            return
        known = self._vocabulary()
        columns = _columns(known, document.text)
        groups: list[tuple[Iterable[str], str]] = [(columns, "column")]
        if before in _NAMES_A_SOURCE and not qualifier:
            groups = [(known.sources, "source"), (KEYWORDS, "keyword")]
        elif not qualifier:
            groups += [(KEYWORDS, "keyword"), (known.functions, "function"), (known.sources, "source")]
        offered = set()
        for names, kind in groups:
            for name in sorted(names):
                if name.startswith(word.upper()) and name not in offered:
                    offered.add(name)
                    text = name.lower() if word.islower() else name
                    yield Completion(text, -len(word), display_meta=kind)

    def _vocabulary(self) -> Vocabulary:
        if self._known is None:
            try:
                self._known = Vocabulary.of(self._client)
            except KsqlError as error:  # completion must not get in the way of typing
                _log.info("No names to complete: %s", error)
                return Vocabulary()
        return self._known


def _columns(known: Vocabulary, text: str) -> list[str]:
    """The columns of the sources that the text names; of all when it names none yet."""
    words = {word.upper() for word in re.findall(r"\w+", text)}
    named = [columns for source, columns in known.sources.items() if source in words]
    return sorted({column for columns in named or known.sources.values() for column in columns})
