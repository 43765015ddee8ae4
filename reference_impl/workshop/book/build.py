"""Builds the book: runs the chapters on a stack of their own, makes the site with warnings as errors, checks it.

``python -m workshop.book.build BOOK OUTPUT``. A chapter is run again only when its code or the kit has changed.
Each chapter begins on an empty stack, so that its output does not depend on which others were run before.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

import yaml

from workshop import places
from workshop.book.site import problems
from workshop.book.slides import write_slides
from workshop.stack import FREE_PORTS, EmbeddedStack

log = logging.getLogger(__name__)

_KIT = Path(__file__).resolve().parents[2]

_NOT_RUN = {_KIT / "workshop" / "book" / name for name in ("site.py", "slides.py")}
"""What works on finished pages, and so has no part in what chapters print."""

_STARTUP = """\
# Runs as a chapter's kernel starts: the chapter finds a stack that holds nothing.
from workshop.book.build import fresh_stack
fresh_stack()
del fresh_stack
"""

_KERNEL = """\
# A kernel warns that others could read along what it says on loopback; an error it reports as before.
c.IPKernelApp.log_level = "ERROR"
"""


def main() -> int:
    """Build, and give the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m workshop.book.build", description=__doc__)
    parser.add_argument("book", type=Path, help="folder of the chapters")
    parser.add_argument("output", type=Path, help="folder for the site, the cache and the stack's data")
    given = parser.parse_args()
    code = _sphinx(given.book, given.output.absolute())
    if code:
        return code
    site = given.output.absolute() / "_build" / "html"
    _give_icon(site / "index.html")
    write_slides(site, given.book / "_slides")
    found = problems(site)
    for problem in found:
        log.error("%s", problem)
    if not found:
        log.info("The book: %s", (site / "index.html").as_uri())
    return 1 if found else 0


def _give_icon(redirect: Path) -> None:
    """A page without an icon makes browsers ask for one that is not there."""
    text = redirect.read_text(encoding="utf-8")
    if "icon" not in text:
        redirect.write_text(f'<link rel="icon" href="_static/favicon.svg" />\n{text}', encoding="utf-8")


def fresh_stack() -> None:
    """An empty embedded stack on free ports, in ``WORKSHOP_HOME``."""
    stack = _stack(places.home())
    stack.reset(log.debug)
    stack.up(log.debug)


def _stack(home: Path) -> EmbeddedStack:
    return EmbeddedStack(home, places.cache(), preferred=FREE_PORTS)


def _sphinx(book: Path, output: Path) -> int:
    home = output / "home"
    profile = output / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True, exist_ok=True)
    (profile / "startup" / "00-stack.py").write_text(_STARTUP, encoding="utf-8")
    (profile / "ipython_kernel_config.py").write_text(_KERNEL, encoding="utf-8")
    environment = os.environ | {
        "WORKSHOP_HOME": str(home),
        "IPYTHONDIR": str(output / "ipython"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONFAULTHANDLER": "1",  # a kernel that dies says where
    }
    command = [
        str(Path(sys.executable).parent / "jupyter-book"),
        "build",
        str(book),
        "--config",
        str(_config(book, output)),
    ]
    options = ["--path-output", str(output), "--warningiserror", "--keep-going", "--all"]
    try:
        return subprocess.run([*command, *options], env=environment, check=False).returncode
    finally:
        _stack(home).down(log.debug)


def _config(book: Path, output: Path) -> Path:
    """The book's configuration with what differs from one machine to the next, as a file."""
    config = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["cache"] = str(output / "cache" / kit_checksum())
    for name, folder in config["sphinx"]["local_extensions"].items():
        config["sphinx"]["local_extensions"][name] = str((book / folder).absolute())
    if repository := os.environ.get("BOOK_REPOSITORY"):
        config["repository"] = {"url": repository, "path_to_book": "book", "branch": "main"}
        config["html"] |= {"use_repository_button": True, "use_edit_page_button": True}
        config["launch_buttons"]["binderhub_url"] = "https://mybinder.org"
    file = output / "config.yml"
    file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return file


def kit_checksum() -> str:
    """Of all code that chapters run: what they printed with other code holds no longer."""
    checksum = hashlib.sha256(sys.version.encode())
    for file in sorted({file for kind in ("py", "sql", "java") for file in _KIT.rglob(f"*.{kind}")} - _NOT_RUN):
        checksum.update(str(file.relative_to(_KIT)).encode() + b"\0" + file.read_bytes())
    return checksum.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
