"""``workshop doctor``: whether this machine can run the kit."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.text import Text

from workshop import places
from workshop.cli import console
from workshop.cli.console import Json
from workshop.doctor import Verdict, examine

app = typer.Typer()

_SHOWN = {
    Verdict.ok: Text("ok", "green"),
    Verdict.note: Text("note", "yellow"),
    Verdict.fail: Text("FAIL", "bold red"),
}


@app.command()
def doctor(json: Json = False) -> None:
    """Check this machine and say, for whatever is wrong, what to do. Exit code 1 when something must be mended."""
    findings = list(examine(places.home(), places.cache()))
    if json:
        console.print_json([asdict(finding) for finding in findings])
    else:
        rows = [(finding.check, _SHOWN[finding.verdict], finding.detail, finding.remedy) for finding in findings]
        console.print_table(["check", "", "found", "what to do"], rows)
    if any(finding.verdict is Verdict.fail for finding in findings):
        raise typer.Exit(1)
