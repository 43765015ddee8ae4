"""Writes one run as a page for people (``report.html``) and as figures for programs (``report.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fraud_pipeline.monitor import sections
from fraud_pipeline.monitor.alerts import alert_quality
from fraud_pipeline.monitor.run import ModelFigures, RunReport


@dataclass(frozen=True)
class ReportPaths:
    """Where the report is."""

    html: Path
    json: Path


def write_report(run: RunReport, directory: Path | str) -> ReportPaths:
    """Write ``report.html``, which needs no other file, and ``report.json`` into ``directory``; it is made if
    it is not there."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    paths = ReportPaths(directory / "report.html", directory / "report.json")
    paths.html.write_text(as_html(run), encoding="utf-8")
    paths.json.write_bytes(orjson.dumps(as_dict(run), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return paths


def as_dict(run: RunReport) -> dict[str, Any]:
    """The content of ``report.json``; a figure that the run did not have is ``None``."""
    model, latency, drift = run.model, run.latency, sections.drift_of(run)
    return {
        "data": run.data,
        "started": run.started.isoformat(),
        "records": asdict(run.records),
        "model": {
            **asdict(model.chosen.figures),
            "name": model.chosen.name,
            "baselines": {baseline.name: asdict(baseline.figures) for baseline in model.baselines},
            "threshold": model.threshold,
            "alert_budget": model.alert_budget,
            "train_rows": model.train_rows,
            "train_seconds": model.train_seconds,
        },
        "latency_ms": {"p50": latency.p50 if latency else None, "p99": latency.p99 if latency else None},
        "alerts": _alerts(run),
        "drift": {"psi": drift.psi, "ks": drift.ks} if drift else None,
        "lag": sum(place.lag for place in run.lag) if run.lag else None,
        "dead_letters": [asdict(letters) for letters in run.dead_letters],
        "seconds": dict(run.seconds),
    }


def as_html(run: RunReport) -> str:
    """The page: one file without scripts, which loads nothing."""
    environment = Environment(
        loader=PackageLoader("fraud_pipeline.monitor", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=_number, svg=Markup)
    return environment.get_template("report.html").render(
        run=run,
        models=[run.model.chosen, *run.model.baselines],
        best=_best(run),
        alerts=_alerts(run),
        total_seconds=sum(run.seconds.values()),
        longest=max(run.seconds.values(), default=0.0),
        balanced=_balanced(run),
        flow=[sections.records_chart(run)],
        quality=[*sections.score_charts(run), *sections.ranking_charts(run)],
        operation=[*sections.latency_charts(run), *sections.alert_charts(run), *sections.drift_charts(run)],
    )


def _alerts(run: RunReport) -> Mapping[str, float | int | None]:
    """Alerts among the replayed payments: their rate, and how good they were where labels exist."""
    scored = run.replayed
    if scored is None or len(scored) == 0:
        return {"per_10000": None, "precision": None, "recall": None, "throughput": None}
    quality = alert_quality(scored.label, scored.score, run.model.threshold)
    return {
        "per_10000": 10_000 * float(scored.alert.mean()),
        "precision": quality.precision,
        "recall": quality.recall,
        "throughput": scored.throughput,
    }


def _balanced(run: RunReport) -> bool:
    """Whether every record is accounted for: preprocessed, filtered out, or set aside."""
    counts = run.records
    return counts.ingested <= counts.preprocessed + counts.filtered + counts.dead_lettered and (
        counts.scored <= counts.preprocessed <= counts.ingested
    )


def _best(run: RunReport) -> Mapping[str, float]:
    """The highest value of each figure over all models."""
    models: list[ModelFigures] = [run.model.chosen, *run.model.baselines]
    values = {
        name: [value for model in models if (value := getattr(model.figures, name)) is not None]
        for name in ("auroc", "auprc", "auprc_unweighted")
    }
    return {name: max(found) for name, found in values.items() if found}


def _number(value: float | None, digits: int = 0, unit: str = "") -> str:
    """A number for people: thousands apart, a dash for what is not known."""
    return "–" if value is None else f"{value:,.{digits}f}{unit}"
