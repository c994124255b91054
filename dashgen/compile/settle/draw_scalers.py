"""A scaler in three places: its line and load on the panel that shows it, and the replicas that it means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.json_values import Json, at, without_fraction
from dashgen.model.condition import Kind, format_number
from dashgen.model.panel_identity import slug
from dashgen.model.panel_spec import Override
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.model.scaler_spec import ScalerTrigger
from dashgen.model.settled_dashboard import SettledPanel, SettledQuery
from dashgen.model.spec_sections import containers, items_of, with_panels
from dashgen.model.target_spec import Query
from dashgen.query import describe, same_promql
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.source import Path

_SCALES: Final = "blue"
"""The colour of the load above which replicas are added."""
_FULL: Final = "orange"
"""The colour of the load that all replicas together do not take."""
_REPLICAS: Final = "Replicas for this load"
_RATES: Final = {
    "reqps": 1, "reqpm": 60, "cps": 1, "cpm": 60, "ops": 1, "opm": 60, "rps": 1, "rpm": 60, "wps": 1, "wpm": 60,
    "mps": 1, "mpm": 60, "iops": 1, "iopm": 60, "Bps": 1, "bps": 1, "binBps": 1, "binbps": 1, "rowsps": 1,
}  # fmt: skip
"""Units of Grafana that are per time, and the seconds of that time (packages/grafana-data/valueFormats)."""


def scaler_lines(trigger: ScalerTrigger) -> Iterator[AlertThreshold]:
    """The loads above which replicas are added, and above which there are none left to add."""
    location = trigger.document.resolved.origin(("threshold",)).location()
    first, full = without_fraction(trigger.first), without_fraction(trigger.full)
    yield AlertThreshold(trigger.scaler.name, Kind.ABOVE, (first,), _SCALES, location)
    if full > first:
        yield AlertThreshold(trigger.scaler.name, Kind.ABOVE, (full,), _FULL, location)


def draw_load(
    settled: SettledPanel,
    trigger: ScalerTrigger,
    sources: Sources,
    report: Reporter,
) -> None:
    """Draw the load of a scaler on its panel, unless the panel shows just that already, or no lines at all.

    Args:
        settled: the panel, which is changed.
        trigger: the scaler.
        sources: the data sources.
        report: gets what is wrong.
    """
    _check_unit(settled, trigger, report)
    # On a panel of one value or of rows, the load would be a second value or more rows.
    if settled.panel.type_id != DEFAULT_PANEL_TYPE:
        return
    source = sources.find(trigger.scaler.datasource)
    if source is None or any(same_promql(query.query.query, trigger.load) for query in settled.queries):
        return
    legend = f"Load for {trigger.scaler.name}"
    taken = {query.ref for query in settled.queries}
    ref = next(name for name in _refs(trigger.scaler.name) if name not in taken)
    query = Query(content=trigger.load, legend=legend, ref=ref)
    settled.queries = [
        *settled.queries,
        SettledQuery(
            query=query,
            path=settled.path,
            ref=ref,
            datasource=source,
            legend=legend,
            instant=settled.panel.wants_instant(),
            format=settled.panel.result_format,
            scaler=trigger.scaler.name,
        ),
    ]
    override = Override(name=legend, color=_SCALES, custom={"line_style": "dash", "fill": 0})
    settled.panel = replace(settled.panel, overrides=[*settled.panel.overrides, override])


def _check_unit(settled: SettledPanel, trigger: ScalerTrigger, report: Reporter) -> None:
    """Warn about a load that is per second on a panel that is per minute, or the other way round."""
    seconds, shape = _RATES.get(settled.unit or ""), describe(trigger.expanded)
    if seconds is None or not shape.per_second or shape.scale in (None, seconds):
        return
    message = (
        f"the load of the scaler `{trigger.scaler.name}` is per {format_number(shape.scale or 1)} s, and "
        f"this panel's unit, `{settled.unit}`, is per {seconds} s: its line is elsewhere than it seems"
    )
    hint = f"multiply the query of the scaler, and its threshold, for {seconds} s"
    report.warn("scaler/unit", message, settled.path, hint)


def add_replica_panels(
    resolved: Resolved, triggers: Mapping[str, Mapping[str, Sequence[ScalerTrigger]]]
) -> None:
    """Add the panels with the replicas that a load means, each at the end of the row of the load's panel.

    Args:
        resolved: a dashboard with its defaults, which is changed.
        triggers: the scalers by dashboard uid and panel key.
    """
    if not triggers or not isinstance(resolved.data, dict):
        return
    uid = resolved.data.get("uid")
    if not isinstance(uid, str):
        uid = slug(str(resolved.data.get("title", "")))[:40].strip("-")
    for key, ones in triggers.get(uid, {}).items():
        for trigger in ones:
            path = _panels_with(resolved.data, key) if trigger.scaler.replicas_panel else None
            if path is not None:
                _append(resolved, path, trigger)


def _panels_with(data: Json, key: str) -> Path | None:
    """The list of panels that has the one with a key."""
    for path, holder in containers(data):
        row_key = str(holder.get("key") or slug(str(holder.get("title") or ""))) if path else ""
        for _, panel in items_of(holder, "panels"):
            title, kind = str(panel.get("title", "")), str(panel.get("type", DEFAULT_PANEL_TYPE))
            own = panel.get("key") or slug(title, kind)
            # Of panels with one title those have the key of their row before theirs.
            if key in (own, f"{row_key}/{own}"):
                return (*path, "panels")
    return None


def _append(resolved: Resolved, path: Path, trigger: ScalerTrigger) -> None:
    scaler = trigger.scaler
    title = scaler.replicas_panel if isinstance(scaler.replicas_panel, str) else _REPLICAS
    replicas = f"ceil(({trigger.load}) / {format_number(scaler.threshold)})"
    least, most = scaler.replicas.min, scaler.replicas.max
    panel: Json = {
        "title": title,
        "key": f"replicas-{scaler.name}",
        "description": (
            f"How many replicas of {scaler.workload.name} the load means, at "
            f"{format_number(scaler.threshold)} for each, from {least} to {most}. "
            f"At {most} for long, it needs more of them, or stronger ones."
        ),
        "query": f"clamp({replicas}, {least}, {most})",
        "legend": "Replicas",
        "datasource": scaler.datasource,
        # Of its own width, so that `pull` can give the others theirs without writing here.
        "width": 8,
        "unit": "short",
        "decimals": 0,
        "min": 0,
        "interpolation": "step-after",
        "thresholds": {"green": 0, _FULL: most},
    }
    origin = trigger.document.resolved.origin(("replicas_panel",))
    # All of the panel comes from one line of the scaler, so its parts have that place and none of their own.
    resolved.origins[(*path, len(at(resolved.data, path)))] = origin
    resolved.data = with_panels(
        resolved.data, lambda panels, own: [*panels, panel] if own == path else panels
    )


def _refs(name: str) -> Iterator[str]:
    plain = "scaler_" + name.replace("-", "_")
    yield plain
    number = 2
    while True:
        yield f"{plain}_{number}"
        number += 1
