"""What a dashboard loses in the classic form, said at the words of its spec.

The classic form and `v1beta1`, which is the classic form in an envelope, have no tabs, no grids that arrange
themselves, no conditions and no variables of sections. `formats/v2` (`without_dynamic`) gives the fallback.
"""

from typing import Final

from msgspec import Struct, field

from dashgen.compile.settle.check_panels import field_options_of
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import ABSENT, at
from dashgen.model.panel_spec import ThresholdValue
from dashgen.model.settled_dashboard import SettledDashboard, SettledPanel, SettledRow, SettledVariable
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.source import Path

LOST: Final = "layout/lost"
_NEEDS: Final = "layout/needs-v2"
_KEEP: Final = "write `format: v2` into dashgen.yaml to keep it (Grafana 13 and later)"
_NEED_HINT: Final = "write `format: v2` into dashgen.yaml (Grafana 13 and later), or "


class _LossKind(Struct, frozen=True):
    """A kind of loss: how serious it is, and what happens to one thing and to several."""

    severity: Severity
    one: str
    many: str


_TABS: Final = _LossKind(
    Severity.INFO,
    "the tab becomes a row in the classic form",
    "{} tabs become rows in the classic form, one below the other",
)
_NESTED: Final = _LossKind(
    Severity.INFO,
    "the row in another one becomes a row below it in the classic form",
    "{} rows in others become rows below them in the classic form",
)
_AUTO: Final = _LossKind(
    Severity.INFO,
    "the classic form gives the panels of this layout fixed places",
    "the classic form gives the panels of {} layouts like this fixed places",
)
_CONDITIONS: Final = _LossKind(
    Severity.WARNING,
    "the classic form has no conditions: this is always shown",
    "the classic form has no conditions: this and {} more are always shown",
)
_VARIABLES: Final = _LossKind(
    Severity.INFO,
    "in the classic form the variable is one of the whole dashboard",
    "in the classic form {} variables of rows and tabs are those of the whole dashboard",
)
_SUBTITLES: Final = _LossKind(
    Severity.INFO, "the classic form has no subtitles", "the classic form has no subtitles, and there are {}"
)
_ROW_LOOKS: Final = _LossKind(
    Severity.INFO,
    "the classic form shows the row with its header, as high as its panels",
    "the classic form shows {} rows like this with their headers, as high as their panels",
)


class _Losses(Struct, frozen=True):
    """The losses so far: the paths of each kind, in the order in which they are written."""

    by_kind: dict[_LossKind, list[Path]] = field(default_factory=dict)

    def add(self, kind: _LossKind, path: Path) -> None:
        """Note a loss; several settled rows may be of one word of the spec."""
        paths = self.by_kind.setdefault(kind, [])
        if path not in paths:
            paths.append(path)


def classic_losses(settled: SettledDashboard, resolved: Resolved) -> list[Diagnostic]:
    """What the classic form drops of a dashboard, one finding for each kind, and what would mean something else there.

    Args:
        settled: the dashboard.
        resolved: its document.
    """
    report, losses = Reporter(resolved), _Losses()
    if settled.layout is not None:
        losses.add(_AUTO, ("layout",))
    for row in settled.rows:
        _row_losses(row, resolved, losses)
        for panel in row.panels:
            _panel_losses(panel, losses)
            _check_thresholds(panel, report)
    _check_variables(settled, report)
    for kind, paths in losses.by_kind.items():
        count = len(paths) - 1 if kind is _CONDITIONS else len(paths)
        message = kind.one if len(paths) == 1 else kind.many.format(count)
        finding = resolved.diagnostic(LOST, message, paths[0], _KEEP, key=True, severity=kind.severity)
        report.diagnostics.append(finding)
    return report.diagnostics


def _row_losses(row: SettledRow, resolved: Resolved, losses: _Losses) -> None:
    path = row.path
    if row.kind == "tab":
        losses.add(_TABS, path)
    elif path[-4::2] == ("rows", "rows"):
        losses.add(_NESTED, path)
    if row.layout is not None:
        losses.add(_AUTO, _layout_path(path, resolved))
    if row.visibility is not None:
        losses.add(_CONDITIONS, (*path, "hide_when" if row.visibility.hidden else "show_when"))
    for variable in row.variables:
        losses.add(_VARIABLES, variable.path)
    for key in ("fill_screen", "hide_header"):
        if at(resolved.data, (*path, key)) is True:
            losses.add(_ROW_LOOKS, (*path, key))


def _layout_path(path: Path, resolved: Resolved) -> Path:
    """The path of the `layout` that a section has, or takes on from what is around it."""
    for length in range(len(path), -1, -1):
        own = (*path[:length], "layout")
        if at(resolved.data, own) is not ABSENT:
            return own
    return path


def _panel_losses(panel: SettledPanel, losses: _Losses) -> None:
    if panel.visibility is not None:
        losses.add(_CONDITIONS, (*panel.path, "hide_when" if panel.visibility.hidden else "show_when"))
    if panel.panel.subtitle:
        losses.add(_SUBTITLES, (*panel.path, "subtitle"))


def _check_thresholds(panel: SettledPanel, report: Reporter) -> None:
    for below, options in field_options_of(panel.panel):
        for color, value in (options.thresholds or {}).items():
            if isinstance(value, ThresholdValue):
                message = (
                    f"in the classic form this threshold would stay at {value.fallback}, "
                    f"whatever `{value.value}` is"
                )
                hint = f"{_NEED_HINT}write the number: `{color}: {value.fallback}`"
                report.error(_NEEDS, message, (*panel.path, *below, "thresholds", color), hint)


def _check_variables(settled: SettledDashboard, report: Reporter) -> None:
    """Report variables of sections that would be mixed up with others of their name in the dashboard."""
    first: dict[str, SettledVariable] = {one.variable.name: one for one in settled.variables}
    for variable in (variable for row in settled.rows for variable in row.variables):
        name = variable.variable.name
        other = first.setdefault(name, variable)
        if other is not variable and (other.variable, other.datasource) != (
            variable.variable,
            variable.datasource,
        ):
            message = f"there is another variable `{name}`, and in the classic form both would be one"
            report.error(_NEEDS, message, (*variable.path, "name"), f"{_NEED_HINT}rename one of them")
