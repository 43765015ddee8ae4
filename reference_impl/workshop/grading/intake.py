"""Finds submissions in what a learning platform exports: folders, notebooks, zips; read with limits, never unpacked."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from workshop.errors import WorkshopError

MAX_NOTEBOOK = 20 * 2**20
_MAX_ARCHIVE = 200 * 2**20
_MAX_ENTRIES = 2_000
_CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<attempt>\d+)_(?P<file>.+)")
_MOODLE = re.compile(r"(?P<name>[^_].*?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
_UNSAFE = re.compile(r"[^\w.@-]+")
_NOTEBOOK = re.compile(r"\.ipynb(\.json|\.txt)?$", re.IGNORECASE)  # some browsers add what they think a file is
_ZIP = re.compile(r"\.zip$", re.IGNORECASE)
_VERSION = re.compile(r"-(\d+)$")
_LONGEST_ID = 200
"""Bytes; file systems take 255, which have to hold endings as well."""


class SubmissionsError(WorkshopError):
    """There is nothing to grade where the user says that it is."""


@dataclass(frozen=True)
class Learner:
    """Who has submitted, as far as the file names tell. ``id`` is safe as the name of a folder."""

    id: str
    name: str
    platform: str = ""
    platform_id: str = ""
    late: bool = False

    @property
    def key(self) -> str:
        """The same for files of the same learner only, where ``id`` may be the same for two names."""
        return f"{self.name}_{self.platform_id}"


@dataclass(frozen=True)
class Candidate:
    """A notebook that may be the submission."""

    path: str
    content: bytes

    @property
    def version(self) -> int:
        """Canvas counts submissions of a file with the same name: ``01-ingest-2.ipynb``."""
        found = _VERSION.search(_stem(self.path))
        return int(found[1]) if found else 0


@dataclass
class Found:
    """One learner's notebooks, and what was wrong with the files."""

    learner: Learner
    candidates: list[Candidate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    members: int = 0
    unpacked: int = 0
    """Entries and bytes of zips, of zips within zips too: they are bounded."""

    def best(self, grade_ids: set[str]) -> Candidate | None:
        """The notebook that has most of the assignment's cells; of equals the latest version."""
        return max(self.candidates, key=lambda one: (_cells_known(one, grade_ids), one.version), default=None)


def learner_of(name: str) -> tuple[Learner, str]:
    """Who ``name`` (of a file or folder) belongs to, and the file's own name."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode())
    for platform, pattern in (("Moodle", _MOODLE), ("Canvas", _CANVAS)):
        if found := pattern.fullmatch(name):
            late = bool(found.groupdict().get("late"))
            who = Learner(_safe(f"{found['name']}_{found['id']}"), found["name"], platform, found["id"], late)
            return who, found["file"]
    return Learner(_safe(_stem(name)), _stem(name)), name


def find(source: Path) -> list[Found]:
    """Everybody's submissions in a folder or in one zip, or one notebook; by learner. Raises ``SubmissionsError``."""
    if not source.exists():
        raise SubmissionsError(f"There is no {source}.", hint="Give the folder or zip with the submissions.")
    found: dict[str, Found] = {}
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if not path.name.startswith((".", "__MACOSX")):
                _gather(found, path)
    elif _NOTEBOOK.search(source.name):
        _gather(found, source)
    else:
        _from_zip(found, None, source.name, source.read_bytes(), depth=0)
    if not found:
        raise SubmissionsError(
            f"There are no submissions in {source}.", hint="Expected: notebooks, zips, or a folder for each learner."
        )
    _tell_apart(found.values())
    return sorted(found.values(), key=lambda one: one.learner.id)


def fingerprint(*parts: bytes) -> str:
    """The same for the same content."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _gather(found: dict[str, Found], path: Path) -> None:
    who, _ = learner_of(path.name)
    entry = found.setdefault(who.key, Found(who))  # also for an empty folder, whose learner shall be on the list
    entry.learner = replace(entry.learner, late=entry.learner.late or who.late)
    for file in _files(path):
        shown = _readable(str(file.relative_to(path.parent)))
        try:
            status = file.lstat()
            if not stat.S_ISREG(status.st_mode):
                entry.notes.append(f"{shown} is a link or no file, and was left out")
            elif _NOTEBOOK.search(file.name):
                _add(entry, shown, file.read_bytes() if status.st_size <= MAX_NOTEBOOK else None)
            elif _ZIP.search(file.name):
                if status.st_size <= _MAX_ARCHIVE:
                    _from_zip(found, entry, shown, file.read_bytes(), depth=0)
                else:
                    entry.notes.append(f"{shown} is larger than {_MAX_ARCHIVE // 2**20} MB, and was left out")
        except OSError as error:
            entry.notes.append(f"{shown} cannot be read: {error.strerror}")


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__MACOSX")))
        yield from (Path(folder, name) for name in sorted(names))


def _from_zip(found: dict[str, Found], entry: Found | None, name: str, content: bytes, depth: int) -> None:
    """Take the notebooks of a zip; one that holds a whole class (``entry`` is None) sorts them by learner.

    Limits and damage are each learner's own: what one has handed in takes nothing from the others in the same zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                parts = [part for part in PurePosixPath(member.filename).parts if part not in ("/", "..", ".")]
                if member.is_dir() or not parts or "__MACOSX" in parts or parts[-1].startswith("."):
                    continue
                into = entry or found.setdefault((who := learner_of(parts[0])[0]).key, Found(who))
                into.members += 1
                if into.members > _MAX_ENTRIES or into.unpacked > _MAX_ARCHIVE:
                    _note_once(into, f"{name} holds too much; the rest of it was left out")
                    continue
                shown = _readable(f"{name}: {member.filename}")
                try:
                    _from_member(found, into, shown, archive, member, depth)
                except Exception as error:  # noqa: BLE001 - each way of compressing has errors of its own
                    into.notes.append(f"{shown} is damaged: {error}")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        who, _ = learner_of(name)
        (entry or found.setdefault(who.key, Found(who))).notes.append(f"{name} cannot be read as a zip: {error}")


def _from_member(
    found: dict[str, Found], into: Found, shown: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, depth: int
) -> None:
    """Take a notebook, or those of a zip within the zip."""
    notebook = _NOTEBOOK.search(member.filename)
    if stat.S_ISLNK(member.external_attr >> 16):
        into.notes.append(f"{shown} is a link, and was left out")
        return
    if not notebook and not _ZIP.search(member.filename):
        return
    with archive.open(member) as file:
        data = file.read(MAX_NOTEBOOK + 1)
    into.unpacked += len(data)
    if notebook or len(data) > MAX_NOTEBOOK:
        _add(into, shown, data if len(data) <= MAX_NOTEBOOK else None)
    elif depth == 0:
        _from_zip(found, into, shown, data, depth + 1)
    else:
        into.notes.append(f"{shown} is a zip in a zip in a zip, and was left out")


def _add(entry: Found, shown: str, content: bytes | None) -> None:
    if content is None:
        entry.notes.append(f"{shown} is larger than {MAX_NOTEBOOK // 2**20} MB, and was left out")
    else:
        entry.candidates.append(Candidate(shown, content))


def _cells_known(candidate: Candidate, grade_ids: set[str]) -> int:
    return sum(f'"{one}"'.encode() in candidate.content for one in grade_ids)


def _tell_apart(everybody: Iterable[Found]) -> None:
    """Give learners whose names give the same id, as a folder's name cannot hold everything, ids of their own."""
    everybody = list(everybody)
    times = Counter(one.learner.id for one in everybody)
    for one in everybody:
        who = one.learner
        if times[who.id] > 1 and who.id != who.name:
            one.learner = replace(who, id=f"{who.id}-{fingerprint(who.key.encode())[:8]}")


def _note_once(entry: Found, note: str) -> None:
    if note not in entry.notes:
        entry.notes.append(note)


def _stem(name: str) -> str:
    return _ZIP.sub("", _NOTEBOOK.sub("", name))


def _readable(path: str) -> str:
    """A path as one line of text that every file can hold, whatever a stranger has called it."""
    return "".join(sign if sign.isprintable() else "?" for sign in path)[:200]


def _safe(text: str) -> str:
    short = _UNSAFE.sub("-", text).strip("-.")[:80].encode()[:_LONGEST_ID].decode(errors="ignore")
    return short or "unnamed"
