"""Copies of a learner's work, made before a command changes what is around it: ``.workshop/backups/NAME/TIME``."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_LEFT_OUT = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Backup:
    """``copy`` holds what ``source`` holds; ``fresh`` says whether it was made just now."""

    source: Path
    copy: Path
    fresh: bool


def keep(source: Path, backups: Path, now: datetime | None = None) -> Backup | None:
    """Copy the folder ``source`` below ``backups``, unless the last copy holds the same; None if nothing is there."""
    content = _digest(source)
    if content is None:
        return None
    kept = backups / source.name
    earlier = sorted(path for path in kept.glob("[0-9]*") if path.is_dir())
    if earlier and _digest(earlier[-1]) == content:
        return Backup(source, earlier[-1], fresh=False)
    # Microseconds: two backups of the same second are two.
    copy = kept / (now or datetime.now()).strftime("%Y-%m-%d_%H-%M-%S-%f")
    draft = kept / f".{copy.name}"
    shutil.copytree(source, draft, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    draft.rename(copy)  # whole, or not there
    return Backup(source, copy, fresh=True)


def _digest(folder: Path) -> str | None:
    """The same for the same files; None where there are none."""
    digest = hashlib.sha256()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    paths = [path for path in paths if not set(_LEFT_OUT) & set(path.relative_to(folder).parts)]
    for path in paths:
        for part in (str(path.relative_to(folder)).encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest() if paths else None
