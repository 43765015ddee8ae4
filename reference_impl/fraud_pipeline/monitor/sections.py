"""What the report shows, in order: sections of charts, each with how to read it and with its content in words.

A chart whose data a run did not have is left out, and :class:`Missing` says why in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fraud_pipeline.monitor import charts
from fraud_pipeline.monitor.alerts import alert_quality
from fraud_pipeline.monitor.drift import Drift, score_drift
from fraud_pipeline.monitor.run import ModelFigures, RunReport
from fraud_pipeline.train.evaluation import FRAUD_SHARE, Curves, curves


@dataclass(frozen=True)
class Key:
    """A line of a legend: a name, the number of the series' colour, and the lengths of its dashes."""

    name: str
    series: int
    dashes: tuple[float, ...] = ()
    is_point: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawn chart: heading, how to read it, its content in words for those who do not see it, ``<svg>``, and
    a legend where names are too long for the drawing."""

    title: str
    reading: str
    words: str
    svg: str
    legend: Sequence[Key] = ()


@dataclass(frozen=True)
class Missing:
    """A chart that this run has no data for."""

    title: str
    reason: str


Item = Chart | Missing


def records_chart(run: RunReport) -> Item:
    """Records per stage."""
    counts = run.records
    stages = {
        "ingested": counts.ingested,
        "filtered out": counts.filtered,
        "preprocessed": counts.preprocessed,
        "scored": counts.scored,
        "alerts": counts.alerts,
        "dead letters": counts.dead_lettered,
    }
    return Chart(
        "Records per stage",
        "Each bar is one stage. What goes in comes out again: as the next stage's record, filtered out on "
        "purpose, or as a dead letter with its reason.",
        "Bar chart: " + ", ".join(f"{name} {count:,}" for name, count in stages.items()) + ".",
        charts.records(stages),
    )


def score_charts(run: RunReport) -> list[Item]:
    """The scores of normal and fraudulent payments."""
    title, scored = "Scores of normal and fraudulent payments", run.replayed
    if scored is None or len(scored) == 0:
        return [Missing(title, "Nothing was scored.")]
    quality = alert_quality(scored.label, scored.score, run.model.threshold)
    found = f"{quality.recall:.0%} of the frauds lie right of the threshold" if quality.recall is not None else (
        "no payment is known to be a fraud"
    )  # fmt: skip
    return [
        Chart(
            title,
            "Each colour adds up to 100 % of its class. The further the two hills are apart, the easier the "
            "detection; whatever lies right of the dashed line is an alert.",
            f"Histogram of {len(scored):,} scores by class on a logarithmic scale; {found}.",
            charts.scores_by_class(scored.score, scored.label, run.model.threshold),
        )
    ]


def ranking_charts(run: RunReport) -> list[Item]:
    """ROC and precision-recall of our model and of the baselines."""
    drawn = _curves(run)
    titles = ("ROC curve", "Precision and recall")
    if not drawn:
        reason = "The test part has no labels, or none of its payments is a fraud."
        return [Missing(title, reason) for title in titles]
    model, labels = run.model, run.model.labels
    chosen = None
    if labels is not None and model.chosen.scores is not None:
        quality = alert_quality(labels.astype(float), model.chosen.scores, model.threshold, FRAUD_SHARE)
        if quality.precision is not None and quality.recall is not None:
            chosen = (quality.recall, quality.precision)
    figures = [model.chosen, *model.baselines]
    keys = [Key(name, number, charts.DASHES[number % len(charts.DASHES)]) for number, name in enumerate(drawn)]
    return [
        Chart(
            titles[0],
            "The closer a curve comes to the upper left corner, the better. It flatters: frauds are so rare that "
            "even a small share of false alarms is a large number. The next chart tells models apart.",
            "ROC curves. Area under the curve: " + _in_words(figures, "auroc") + ".",
            charts.roc(list(drawn.values())),
            keys,
        ),
        Chart(
            titles[1],
            f"What an analyst feels: of the alerts, how many are frauds, when so many of all frauds are to be "
            f"found. Weighted to a fraud share of {FRAUD_SHARE:.3%}. Further up and to the right is better.",
            "Precision-recall curves. Average precision: " + _in_words(figures, "auprc")
            + (f". At the threshold, recall is {chosen[0]:.0%} and precision {chosen[1]:.0%}." if chosen else "."),
            charts.precision_recall(list(drawn.values()), chosen),
            [*keys, Key("ours at the threshold", 0, is_point=True)] if chosen else keys,
        ),
    ]  # fmt: skip


def latency_charts(run: RunReport) -> list[Item]:
    """Latency of payments that were sent live."""
    title, latency = "Latency", run.latency
    if latency is None:
        return [Missing(title, "No payments were sent live; replayed ones carry the time at which they happened.")]
    rate = f" at {run.live_rate:,.0f} payments a second" if run.live_rate else ""
    return [
        Chart(
            title,
            f"From sending a payment to its score being readable, through KSQL, scorer and transaction{rate}. "
            "The right edge holds everything slower.",
            f"Histogram of {len(latency.values):,} latencies: median {latency.p50:,.1f} ms, "
            f"99th percentile {latency.p99:,.1f} ms.",
            charts.latency(latency),
        )
    ]


def alert_charts(run: RunReport) -> list[Item]:
    """Alerts over time."""
    title, scored, budget = "Alerts over time", run.replayed, run.model.alert_budget
    if scored is None or len(scored) == 0:
        return [Missing(title, "Nothing was scored.")]
    alerts = int(scored.alert.sum())
    return [
        Chart(
            title,
            "Bars are alerts, the line is what the budget allows for the payments of that time. Single bars "
            "above it are bursts; bars that stay above it ask for a new threshold, or for a new model.",
            f"Bar chart of {alerts:,} alerts for {len(scored):,} payments, "
            f"{10_000 * alerts / len(scored):.1f} in 10,000 where the budget is {budget:g}.",
            charts.alerts_over_time(scored.event_time, scored.alert, budget),
        )
    ]


def drift_of(run: RunReport) -> Drift | None:
    """Drift of the replayed payments' scores against training; ``None`` where one of the two is not known."""
    if run.replayed is None or run.model.quantiles is None:
        return None
    return score_drift(run.replayed.score, run.model.quantiles)


def drift_charts(run: RunReport) -> list[Item]:
    """Scores against those of training."""
    title, drift = "Score drift", drift_of(run)
    if drift is None:
        return [Missing(title, "Nothing was scored, or the bundle does not hold the scores of training.")]
    verdict = "stable" if drift.psi < 0.1 else "moved a little" if drift.psi < 0.25 else "moved: look why"
    return [
        Chart(
            title,
            "The scores of training, cut into tenths. Without drift every bar reaches the dashed line. "
            f"PSI is {drift.psi:.3f} ({verdict}), the largest gap between the distributions (KS) {drift.ks:.3f}.",
            "Bar chart of the share of scored payments in each tenth of the training scores: "
            + ", ".join(f"{share:.1%}" for share in drift.shares) + ".",
            charts.drift(drift),
        )
    ]  # fmt: skip


def _curves(run: RunReport) -> dict[str, Curves]:
    labels = run.model.labels
    drawn: dict[str, Curves] = {}
    for model in (run.model.chosen, *run.model.baselines):
        if labels is None or model.scores is None:
            continue
        points = curves(model.scores, labels)
        if points is not None:
            drawn[model.name] = points
    return drawn


def _in_words(models: list[ModelFigures], figure: str) -> str:
    values = ((model.name, getattr(model.figures, figure)) for model in models)
    return ", ".join(f"{name} {value:.3f}" for name, value in values if value is not None)
