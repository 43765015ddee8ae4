"""The report copes with whatever a run had, loads nothing, and says the same to people and to programs."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from fraud_pipeline.monitor.lag import PartitionLag
from fraud_pipeline.monitor.latency import Latency
from fraud_pipeline.monitor.report import as_dict, as_html, write_report
from fraud_pipeline.monitor.run import ModelFigures, ModelRun, Records, RunReport
from fraud_pipeline.monitor.scores import DeadLetters, ScoredPayments
from fraud_pipeline.train.evaluation import evaluate

ROWS = 600
CHARTS = {"records", "scores", "roc", "precision-recall", "latency", "alerts", "drift"}


def full_run() -> RunReport:
    """A run that had everything."""
    chance = np.random.default_rng(5)
    labels = (np.arange(ROWS) % 60 == 0).astype(np.int64)
    scores = chance.normal(0, 1, ROWS) + 4 * labels
    worse = chance.normal(0, 1, ROWS) + labels
    figures = ModelFigures("ours", evaluate(scores, labels), scores)
    baseline = ModelFigures("the autoencoder of 2019", evaluate(worse, labels), worse)
    replayed = ScoredPayments(
        origin=np.arange(ROWS),
        score=scores,
        alert=scores > 2,
        label=labels.astype(float),
        event_time=1_377_993_600_000 + np.arange(ROWS) * 60_000,
        scored_at=1_795_000_000_000 + np.arange(ROWS),
    )
    return RunReport(
        data="payments.csv",
        started=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
        records=Records(ROWS + 3, ROWS, 2, ROWS, 1, int((scores > 2).sum())),
        model=ModelRun(
            figures, [baseline], 2.0, 15, ROWS, 61.5, labels, np.quantile(scores[labels == 0], np.linspace(0, 1, 1001))
        ),
        seconds={"ingest": 1.5, "train": 61.5},
        replayed=replayed,
        latency=Latency(chance.lognormal(3, 0.3, 500)),
        live_rate=500,
        dead_letters=[DeadLetters("payments_dlq", "V1: not a <number>", 1)],
        lag=[PartitionLag("payments", 0, 90, 100)],
        facts={"Kafka": "4.1.1"},
    )


def bare_run() -> RunReport:
    """A run without labels, live phase, baselines or scores."""
    run = full_run()
    nothing = ModelFigures("ours", evaluate([], []), None)
    model = dataclasses.replace(run.model, chosen=nothing, baselines=[], labels=None, quantiles=None)
    return RunReport("payments.csv", run.started, Records(0, 0, 0, 0, 0, 0), model, seconds={})


def without_frauds() -> RunReport:
    """A run whose test part and stream have no fraud and no alert."""
    run = full_run()
    assert run.replayed is not None
    labels = np.zeros(ROWS, np.int64)
    scores = run.replayed.score
    chosen = ModelFigures("ours", evaluate(scores, labels), scores)
    replayed = dataclasses.replace(run.replayed, label=np.full(ROWS, np.nan), alert=np.zeros(ROWS, np.bool_))
    model = dataclasses.replace(run.model, chosen=chosen, baselines=[], labels=labels)
    return dataclasses.replace(run, model=model, replayed=replayed)


RUNS = {"full": full_run, "bare": bare_run, "no frauds": without_frauds}
EVERY_RUN = pytest.mark.parametrize("name", RUNS)


@cache
def html_of(name: str) -> str:
    """The page of a run; drawing takes a moment, so it is done once."""
    return as_html(RUNS[name]())


class Page(HTMLParser):
    """Collects what the tests ask for; fails on tags that are not closed in order."""

    VOID = frozenset({"meta", "link", "img", "br", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@EVERY_RUN
def test_the_page_is_well_formed_and_its_ids_are_unique(name: str) -> None:
    page = Page(html_of(name))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@EVERY_RUN
def test_the_page_loads_nothing_and_runs_nothing(name: str) -> None:
    html = html_of(name)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


@EVERY_RUN
def test_each_chart_is_drawn_once_and_described_in_words(name: str) -> None:
    html = html_of(name)
    described = [attributes["aria-label"] for _, attributes in Page(html).tags if attributes.get("role") == "img"]
    drawn = re.findall(r"<svg xmlns.*?</svg>", html, flags=re.DOTALL)
    assert len(drawn) == len(described)
    assert all(len(text or "") > 30 for text in described)
    for svg in drawn:
        ElementTree.fromstring(svg)


def test_a_full_run_has_every_chart_and_a_bare_one_says_what_is_missing() -> None:
    full, bare = html_of("full"), html_of("bare")
    assert {name for name in CHARTS if f'id="{name}-figure_1"' in full} == CHARTS
    assert "Not in this run" not in full
    assert {name for name in CHARTS if f'id="{name}-figure_1"' in bare} == {"records"}
    assert bare.count("Not in this run") == len(CHARTS) - 1


def test_charts_take_their_colours_from_the_page() -> None:
    charts = "".join(re.findall(r"<svg xmlns.*?</svg>", html_of("full"), flags=re.DOTALL))
    assert "var(--ink)" in charts
    assert not re.findall(r"(?:fill|stroke): ?#[0-9a-f]{6}", charts)


def test_what_comes_from_data_is_escaped() -> None:
    assert "V1: not a &lt;number&gt;" in html_of("full")


def test_json_has_the_promised_keys() -> None:
    run = full_run()
    content = as_dict(run)
    assert content["records"].keys() == {"ingested", "preprocessed", "filtered", "scored", "dead_lettered", "alerts"}
    figures = {"auroc", "auprc", "auprc_unweighted"}
    assert figures | {"baselines", "train_rows", "train_seconds"} <= content["model"].keys()
    assert content["model"]["baselines"]["the autoencoder of 2019"].keys() == figures
    assert content["latency_ms"].keys() == {"p50", "p99"}
    assert content["seconds"] == {"ingest": 1.5, "train": 61.5}


@pytest.mark.parametrize("name", ["full", "bare"])
def test_both_files_are_written_and_the_json_parses(name: str, tmp_path: Path) -> None:
    paths = write_report(RUNS[name](), tmp_path / "new" / "folder")
    assert json.loads(paths.json.read_text())["data"] == "payments.csv"
    assert "payments.csv" in paths.html.read_text()


def test_records_that_are_missing_are_reported() -> None:
    run = full_run()
    assert "every record is accounted for" in html_of("full")
    lost = dataclasses.replace(run, records=dataclasses.replace(run.records, ingested=ROWS + 4))
    assert "records are missing" in as_html(lost)
