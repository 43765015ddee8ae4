"""What happens when a chapter's kernel dies: the chapter is run once more, and the build says so.

A kernel is a process with much native code in it (TensorFlow, librdkafka), and such a process can die of what has
nothing to do with the chapter. An error that a cell raises is another matter: it is reported at once, not tried again.
"""

from __future__ import annotations

from typing import Any

from myst_nb.core import execute
from myst_nb.core.execute.cache import NotebookClientCache
from nbclient.exceptions import DeadKernelError
from sphinx.application import Sphinx


class PatientClient(NotebookClientCache):
    """Runs a chapter, or takes its outputs from the cache, as MyST-NB does; bears with one dead kernel."""

    def start_client(self) -> None:
        try:
            super().start_client()
        except DeadKernelError:
            # No warning, which would fail the build: the second run may be a good one.
            self.logger.info(f"The kernel of chapter {self._chapter} has died. The chapter is run once more.")
            self._start_again()

    def _start_again(self) -> None:
        try:
            super().start_client()
        except DeadKernelError:
            self.logger.warning(
                f"The kernel of chapter {self._chapter} has died a second time. "
                "Above, behind 'Fatal Python error', is the line of code at which it did. "
                "Close other programs if memory is short, then build again: "
                "chapters that have been run are not run anew. "
                f"If it dies again, run book/{self._chapter}.md cell by cell in JupyterLab.",
                subtype="exec",
            )

    @property
    def _chapter(self) -> str:
        return self.path.stem if self.path else "?"


def setup(_app: Sphinx) -> dict[str, Any]:
    # MyST-NB has no setting for its client; this is the name by which it makes one.
    execute.NotebookClientCache = PatientClient
    return {"version": "1", "parallel_read_safe": True}
