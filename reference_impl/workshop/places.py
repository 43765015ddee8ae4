"""Where the kit keeps things: the work folder of a clone, and the cache that clones share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """The work folder: topics' data, logs, bundles.

    ``WORKSHOP_HOME``, else the nearest ``.workshop`` in this folder or one above it (a notebook runs in the folder
    that it lies in), else ``.workshop`` here.
    """
    if named := environ.get("WORKSHOP_HOME"):
        return Path(named).absolute()
    here = Path.cwd()
    found = (folder / ".workshop" for folder in (here, *here.parents))
    return next((folder for folder in found if folder.is_dir()), here / ".workshop")


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """What can be made again (jars, class-data archives): ``WORKSHOP_CACHE``, else below ``XDG_CACHE_HOME``."""
    base = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(environ.get("WORKSHOP_CACHE") or Path(base, "streaming-ml-workshop")).expanduser().absolute()


def keep_caches_together() -> None:
    """Have the libraries that keep folders in the user's home keep them in our cache, unless told otherwise."""
    for variable, folder in {"KERAS_HOME": "keras", "MPLCONFIGDIR": "matplotlib", "SCIKIT_LEARN_DATA": "data"}.items():
        os.environ.setdefault(variable, str(cache() / folder))
