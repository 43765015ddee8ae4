"""A chapter whose kernel dies, in a real build with real kernels."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.slow

CONFIGURATION = f"""\
import sys
sys.path.insert(0, {str(REPOSITORY / "book" / "_ext")!r})
extensions = ["myst_nb", "kernels"]
nb_execution_mode = "cache"
nb_execution_timeout = 300
"""

CHAPTER = """\
---
jupytext:
  text_representation: {{extension: .md, format_name: myst}}
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
# {name}

```{{code-cell}} python
import os, pathlib, signal
print("a line before")
runs = pathlib.Path("{name}.runs")
runs.open("a").write("run ")
```

```{{code-cell}} python
{code}
print("a line after")
```
"""

DIE = "os.kill(os.getpid(), signal.SIGSEGV)"

CODE = {
    "healthy": "",
    "dies-once": f"if runs.read_text() == 'run ': {DIE}",
    "dies-always": DIE,
    "wrong": "raise LookupError('an ordinary error')",
}


class Built:
    """What a build of these chapters left."""

    def __init__(self, folder: Path, output: str, code: int) -> None:
        self.folder, self.code = folder, code
        self.output = re.sub(r"\x1b\[[\d;]*m", "", output)

    def runs(self, chapter: str) -> int:
        return (self.folder / f"{chapter}.runs").read_text(encoding="utf-8").count("run")

    def page(self, chapter: str) -> str:
        return (self.folder / "site" / f"{chapter}.html").read_text(encoding="utf-8")

    def said_of(self, chapter: str) -> list[str]:
        return [line for line in self.output.splitlines() if f"The kernel of chapter {chapter} " in line]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One build of all four, with warnings as errors, as ``make book`` has them."""
    folder = tmp_path_factory.mktemp("chapters")
    contents = "\n".join(["# Contents", "", "```{toctree}", *CODE, "```", ""])
    (folder / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "index.md").write_text(contents, encoding="utf-8")
    for name, code in CODE.items():
        (folder / f"{name}.md").write_text(CHAPTER.format(name=name, code=code), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", folder, folder / "site"],
        env=os.environ | {"PYTHONFAULTHANDLER": "1", "IPYTHONDIR": str(folder / "ipython")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Built(folder, run.stdout, run.returncode)


def test_a_chapter_whose_kernel_dies_is_run_once_more_and_the_build_says_so(built: Built) -> None:
    assert built.runs("dies-once") == 2
    [line] = built.said_of("dies-once")
    assert "has died. The chapter is run once more." in line
    assert "WARNING" not in line, "which would fail the build"
    assert "Fatal Python error: Segmentation fault" in built.output, "and where that was"
    assert built.page("dies-once").count("a line before\n") == 1
    assert built.page("dies-once").count("a line after\n") == 1


def test_a_chapter_whose_kernel_dies_twice_fails_the_build_which_says_what_to_do(built: Built) -> None:
    assert built.code != 0
    assert built.runs("dies-always") == 2
    [once, twice] = built.said_of("dies-always")
    assert "run once more" in once
    assert "WARNING" in twice
    assert "has died a second time" in twice
    assert "cell by cell" in twice
    assert built.page("healthy"), "the other chapters are built"


def test_an_error_in_a_cell_is_reported_and_not_tried_again(built: Built) -> None:
    assert built.runs("wrong") == 1
    assert "wrong.md: WARNING: Executing notebook failed: CellExecutionError" in built.output


def test_nothing_is_said_of_chapters_whose_kernel_lives(built: Built) -> None:
    assert built.runs("healthy") == 1
    assert not built.said_of("healthy")
    assert not built.said_of("wrong")
    assert set(re.findall(r"([\w-]+)\.md: WARNING", built.output)) == {"dies-always", "wrong"}


def test_the_book_is_built_in_this_way() -> None:
    configuration = yaml.safe_load((REPOSITORY / "book" / "_config.yml").read_text(encoding="utf-8"))
    assert "kernels" in configuration["sphinx"]["local_extensions"]
