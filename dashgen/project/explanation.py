"""How one panel came to be: where it is written, what was derived and why, and what each line became."""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.compare.condition_texts import condition_text
from dashgen.compile.lower.lower_dynamic import visibility_json
from dashgen.compile.project_documents import COMPONENTS
from dashgen.compile.settle.check_sections import section_title, sections_of
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json, at
from dashgen.formats.panel_tree import drawn_panels
from dashgen.model.panel_spec import Panel
from dashgen.model.settled_dashboard import SettledDashboard, SettledPanel, SettledQuery, SettledRow
from dashgen.model.spec_sections import SECTION_NAMES, section_path
from dashgen.project.consequences import consequences
from dashgen.project.inspection import InspectedDashboard, Inspection
from dashgen.source.provenance import Origin
from dashgen.source.source import Path


class ComponentUse(Struct, frozen=True):
    """A component that a panel comes through, its body's place, and the place of the line that used it."""

    name: str
    body: Location
    used: Location


class Fact(Struct, frozen=True):
    """A settled value of a panel, and why it is that."""

    name: str
    value: str
    reason: str


class ExplanationLine(Struct, frozen=True):
    """A key as written, and the paths of the panel's JSON that it decides."""

    key: str
    location: Location
    default: bool
    json: tuple[str, ...]


class Explanation(Struct, frozen=True):
    """Everything about one panel."""

    uid: str
    key: str
    title: str
    type: str
    location: Location
    components: tuple[ComponentUse, ...]
    facts: tuple[Fact, ...]
    lines: tuple[ExplanationLine, ...]
    data: Json


def find_panel(dashboard: InspectedDashboard, key: str) -> tuple[SettledRow, SettledPanel] | None:
    """The panel with this key, and its row."""
    pairs = ((row, panel) for row in dashboard.settled.rows for panel in row.panels)
    return next(((row, panel) for row, panel in pairs if panel.key == key), None)


def sections_around(dashboard: SettledDashboard, path: Path) -> list[str]:
    """The titles of the tabs and rows around a panel, the outermost first."""
    around = section_path(path)
    sections = dict(sections_of(dashboard.dashboard))
    titles = (sections[around[:length]].title for length in range(2, len(around) + 1, 2))
    return [title for title in titles if title]


def panel_type(panel: Panel) -> str:
    """The id of a panel's type in Grafana."""
    return str(panel.type_id or getattr(panel, "type", ""))


def explain_panel(
    inspection: Inspection, dashboard: InspectedDashboard, row: SettledRow, panel: SettledPanel
) -> Explanation:
    """How a panel came to be."""
    origin = dashboard.resolved.origin(panel.path)
    data = inspection.json_of(dashboard) or {}
    explainer = _Explainer(inspection, dashboard, row, panel)
    return Explanation(
        uid=dashboard.settled.uid,
        key=panel.key,
        title=panel.panel.title,
        type=panel_type(panel.panel),
        location=origin.location(),
        components=tuple(_uses(origin)),
        facts=tuple(explainer.facts()),
        lines=tuple(explainer.lines()),
        data=next((drawn for drawn in drawn_panels(data.get("panels")) if drawn.get("id") == panel.id), {}),
    )


def _uses(origin: Origin) -> Iterator[ComponentUse]:
    inner = origin
    while inner.via is not None:
        data = inner.document.data
        if isinstance(data, dict) and data.get("kind") == COMPONENTS and len(inner.path) > 1:
            yield ComponentUse(str(inner.path[1]), inner.location(), inner.via.location())
        inner = inner.via


class _Explainer(Struct, frozen=True):
    inspection: Inspection
    dashboard: InspectedDashboard
    row: SettledRow
    settled: SettledPanel

    def facts(self) -> Iterator[Fact]:
        settled, panel = self.settled, self.settled.panel
        yield Fact("key", settled.key, self.key_reason())
        yield Fact("id", str(settled.id), "a hash of the key: it stays when the panel is moved")
        yield from self.section_facts()
        grid = settled.grid
        yield Fact(
            "place", f"x {grid.x}, y {grid.y}, {grid.w} wide, {grid.h} high", "; ".join(self.place_reasons())
        )
        if settled.datasource is not None:
            name = f"{settled.datasource.type} ({settled.datasource.uid})"
            yield Fact("data source", name, self.source_reason())
        yield from self.query_facts()
        for name, value in (("unit", settled.unit), ("description", settled.description)):
            if value is not None:
                yield Fact(name, value, self.reason(name))
        if settled.thresholds is not None:
            steps = ", ".join(
                step.color if step.value is None else f"{step.color} from {step.expression or step.value}"
                for step in settled.thresholds.steps
            )
            yield Fact("thresholds", steps, self.reason("thresholds"))
        yield from self.line_facts()
        if panel.drill_down is not None:
            target = settled.panel_links[-1]
            yield Fact("drill-down", target.dashboard or target.url or target.explore or "", "`drill_down`")

    def section_facts(self) -> Iterator[Fact]:
        """The rows and tabs around the panel, and the conditions under which it is shown."""
        dashboard, path = self.dashboard.settled, section_path(self.settled.path)
        around = [path[:length] for length in range(2, len(path) + 1, 2)]
        if len(around) > 1 or path[:1] == ("tabs",):
            titles = [section_title(dashboard.dashboard, one) for one in around]
            yield Fact("section", ", ".join(titles), self.place(path))
        visible = [(row.visibility, row.path) for row in dashboard.rows if row.path in around]
        for visibility, owner in (*visible, (self.settled.visibility, self.settled.path)):
            if visibility is not None:
                key = "hide_when" if visibility.hidden else "show_when"
                text = condition_text(visibility_json(visibility))
                yield Fact("condition", text, f"`{key}`, {self.place((*owner, key))}")

    def line_facts(self) -> Iterator[Fact]:
        """The alerts and scalers whose lines are drawn on the panel."""
        context, uid, key = self.inspection.compiler.context, self.dashboard.settled.uid, self.settled.key
        for alert in context.alerts.get(uid, {}).get(key, ()):
            yield Fact("alert", alert.rule, f"its `panel:` leads here, {alert.location}")
        for trigger in context.scalers.get(uid, {}).get(key, ()):
            location = trigger.document.resolved.origin(("panel",)).location()
            yield Fact("scaler", trigger.scaler.name, f"its `panel:` leads here, {location}")

    def query_facts(self) -> Iterator[Fact]:
        for query in self.settled.queries:
            own = self.settled.datasource
            asks = "" if query.datasource == own else f" asked of {query.datasource.type}"
            form = "both" if query.both else "one value now" if query.instant else "over time"
            why = "written" if query.query.ref else "its place among the queries"
            if query.scaler:
                yield Fact(
                    f"query {query.ref}", f"{form}, dashed", f"the load of the scaler `{query.scaler}`"
                )
                continue
            yield Fact(f"query {query.ref}", f"{form}, as {query.format}{asks}", f"ref: {why}")
            legend = "Grafana's own" if query.legend == "__auto" else query.legend
            yield Fact("legend", legend, self.legend_reason(query))

    def legend_reason(self, query: SettledQuery) -> str:
        if query.query.legend is not None:
            return "written"
        if query.legend == "__auto":
            return "there is nothing to derive one from"
        if query.legend == self.settled.panel.title:
            return "derived: the title, because the series has no labels"
        return f"derived: {self.settled.derived.get(f'legend of {query.ref}', 'the query')}"

    def key_reason(self) -> str:
        if self.settled.panel.key is not None:
            return "written"
        shared = "/" in self.settled.key
        return "derived from the title, with the row's before it" if shared else "derived from the title"

    def place_reasons(self) -> Iterator[str]:
        panel = self.settled.panel
        if panel.at is not None:
            yield "`at` is written"
            return
        if self.row.layout is not None or self.dashboard.settled.layout is not None:
            yield "`layout` arranges the panels; this is their place in the classic form"
            return
        if panel.width is not None:
            yield f"`width: {panel.width}` of 24 columns"
        else:
            yield self.share_reason()
        yield f"height from {self.height_source()}"

    def share_reason(self) -> str:
        flowing = [other.panel for other in self.row.panels if other.panel.at is None]
        free = sum(panel.width is None for panel in flowing)
        of_what = "the 24 columns" if free == len(flowing) else "what the others leave of 24 columns"
        return f"alone in {of_what}" if free == 1 else f"{free} panels of the row share {of_what}"

    def height_source(self) -> str:
        data = self.dashboard.resolved.data
        if self.settled.panel.height is not None:
            return self.where((*self.settled.path, "height"))
        path = section_path(self.row.path)
        # The height of the innermost row or tab around the panel that gives one.
        for length in range(len(path), 0, -2):
            if at(data, (*path[:length], "height"), None) is not None:
                return f"the {SECTION_NAMES[path[length - 2]]}, {self.place((*path[:length], 'height'))}"
        return f"the dashboard, {self.place(('height',))}" if "height" in data else "the default"

    def source_reason(self) -> str:
        if self.settled.panel.datasource is not None:
            return self.where((*self.settled.path, "datasource"))
        if len({query.datasource for query in self.settled.queries}) > 1:
            return "the queries ask several data sources"
        if any(query.query.datasource for query in self.settled.queries):
            return "its queries say so"
        if self.dashboard.settled.dashboard.datasource is not None:
            return f"the dashboard's, {self.place(('datasource',))}"
        return "the default data source"

    def reason(self, name: str) -> str:
        derived = self.settled.derived.get(name)
        return f"derived: {derived}" if derived else self.where((*self.settled.path, name))

    def where(self, path: Path) -> str:
        """Why a key of the panel is there: it is written, or a default of the project."""
        return "a default of dashgen.yaml" if self.is_default(path) else "written"

    def is_default(self, path: Path) -> bool:
        return self.dashboard.resolved.origin(path).document is self.inspection.workspace.document

    def place(self, path: Path) -> str:
        location = self.dashboard.resolved.origin(path).location()
        return f"{location.file}:{location.span.line}" if location.span else location.file

    def lines(self) -> Iterator[ExplanationLine]:
        lines = []
        for key, paths in consequences(self.inspection, self.dashboard, self.settled).items():
            path = (*self.settled.path, *key)
            origin = self.dashboard.resolved.origin(path)
            name = str(key[0]) + "".join(f"[{step}]" for step in key[1:])
            lines.append(
                ExplanationLine(name, origin.location(key=True), self.is_default(path), tuple(paths))
            )
        return iter(sorted(lines, key=lambda line: (line.default, line.location.file, line.location.span)))
