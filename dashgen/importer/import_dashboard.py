"""Import a dashboard: find a spec that builds to its JSON.

The compiler is not inverted. `upgrade` gives the goal; a first proposal of keys is compiled, compared with
the goal, and improved where a key explains a difference, until nothing changes. What no key explains goes to
``raw:``, and what the build refuses is taken out of the keys by `withholding`.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from dashgen.compile.compile_dashboards import Compiler
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json, items, mapping, size
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard.variable_json import migrate_variable
from dashgen.formats.panel_tree import drawn_panels
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from dashgen.importer.accounting import note_losses
from dashgen.importer.comparing import compare
from dashgen.importer.compiled_keys import BuiltSpec, RefusedSpec, compile_spec, refused, with_sources
from dashgen.importer.import_conditions import layout_key
from dashgen.importer.import_data_sources import SourceNames
from dashgen.importer.import_layout import layout
from dashgen.importer.import_panels import PanelSpec, improve, settle_raw, start
from dashgen.importer.import_sections import (
    ImportedRow,
    forget_copies,
    in_section_order,
    section_keys,
    section_tree,
    sections_around,
    settle_section,
    shared_layout,
)
from dashgen.importer.import_settings import beside_defaults, settle_top_raw, top_keys
from dashgen.importer.import_variables import annotation_keys, link_keys, variable_keys
from dashgen.importer.withholding import withhold
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.source.source import Path

_ROUNDS = 5
_TO_A_PANEL = lazy_pattern(r"(?:viewPanel|editPanel|inspect|panelId)=(?:panel-)?(\d{1,9})(?!\d)")
_PARTS = frozenset(("kind", "height", "variables", "annotations", "links", "rows", "tabs", "panels", "raw"))


class UnfoldedDashboard(Struct):
    """The keys of a dashboard, part by part.

    Attributes:
        top: its own keys.
        variables: those of its variables.
        annotations: those of its annotation queries.
        links: those of its links.
        rows: its rows and tabs, each before those in it.
        raw: what no key says of the dashboard itself.
        goal: its JSON.
    """

    top: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]
    rows: list[ImportedRow]
    raw: Json
    goal: Json


class ImportedDashboard(Struct):
    """An imported dashboard.

    Attributes:
        spec: the document, its keys in the order in which people write them.
        notes: what is lost, converted and kept in ``raw:``.
        goal: the JSON that the spec should build to.
        panels: how many panels there are.
        exact: how many of them need no ``raw:``.
        values: how many values the dashboard's JSON has.
        raw_values: how many of them are in a ``raw:``.
        differences: the paths at which the spec builds to something else; empty when all went well.
        problems: what keeps the spec from building.
        sources: the data sources that the spec names.
        classic_losses: what the project's files lose of it, when they have the classic form.
    """

    spec: Json
    notes: Notes
    goal: Json
    panels: int = 0
    exact: int = 0
    values: int = 0
    raw_values: int = 0
    differences: list[str] = []
    problems: list[Diagnostic] = []
    sources: dict[str, DataSourceRef] = {}
    classic_losses: list[str] = []


class Importer:
    """Imports dashboards into one project.

    Args:
        compiler: compiles as the project's build does.
        chosen: aliases of data sources by uid or input, from the command line.
        keep_ids: whether every panel keeps its number.
        fold: whether equal parts of a spec are written once.
    """

    def __init__(
        self,
        compiler: Compiler,
        chosen: dict[str, str] | None = None,
        *,
        keep_ids: bool = False,
        fold: bool = True,
    ) -> None:
        self.compiler = compiler
        self.chosen = chosen or {}
        self.keep_ids = keep_ids
        self.fold = fold
        self.component_names: set[str] = set()
        """Those of the specs that were imported before, in the same run."""
        self.dashboards: frozenset[str] | None = None
        """The uids of the project's dashboards; None when links to all others stay as they are."""

    def dashboard(self, source: SourceDashboard) -> ImportedDashboard:
        """Import one dashboard."""
        notes = Notes()
        goal = upgrade(source, notes)
        names = SourceNames(self.compiler.context.sources, source.inputs, self.chosen, notes)
        default = names.settle(goal)
        work = _DashboardImport(self.compiler, goal, names, default, source.folder)
        work.keep_ids(everywhere=self.keep_ids)
        result, built = work.result(notes)
        # The goal has gone through the upgrade: only the original can show what that lost.
        if built is not None:
            pairs = zip(notes.originals, drawn_panels(built.data["panels"]), strict=True)
            note_losses(source.dashboard, built.data, pairs, notes)
        return result

    def unfolded(self, source: SourceDashboard, datasource: str | None) -> UnfoldedDashboard | None:
        """The keys of one dashboard part by part, every panel with its id; nothing when they do not build.

        Args:
            source: the dashboard.
            datasource: the data source of panels that name none.
        """
        notes = Notes()
        goal = upgrade(source, notes)
        names = SourceNames(self.compiler.context.sources, source.inputs, self.chosen, notes)
        names.settle(goal)
        work = _DashboardImport(self.compiler, goal, names, datasource, source.folder)
        work.keep_ids(everywhere=True)
        work.shares_layout = False
        work.result(notes)
        if not work.settled:
            return None
        top = {key: value for key, value in work.spec().items() if key not in _PARTS}
        parts = (work.variables, work.annotations, work.links, work.rows, work.raw, goal)
        return UnfoldedDashboard(top, *parts)


class _DashboardImport:
    """The keys of one dashboard while they are found.

    ``settled`` is set when ``raw:`` has the rest; ``shares_layout`` says whether the layout that all rows and
    tabs have is written once, as the dashboard's.
    """

    def __init__(
        self, compiler: Compiler, goal: Json, names: SourceNames, default: str | None, folder: str | None
    ) -> None:
        self.compiler = with_sources(compiler, names.sources)
        self.goal = goal
        project = compiler.defaults.defaults.dashboard.get("datasource") or compiler.context.sources.default
        self.top = top_keys(goal, folder, default if default != project else None)
        source = default if default is not None else project
        self.usual_source = project
        self.top |= layout_key(mapping(goal.get("dynamic")))
        # Inputs of an export become variables, so that a viewer chooses the data source as they did on
        # import.
        added = [{"type": "datasource", "name": name, "query": kind} for name, kind in names.added.items()]
        goal["templating"]["list"][:0] = [migrate_variable(item) for item in added]
        self.variables = [variable_keys(item, names, source) for item in goal["templating"]["list"]]
        variable_names = tuple(v["name"] for v in self.variables)
        self.annotations = [
            annotation_keys(a, names, source) for a in goal["annotations"]["list"] if not a.get("builtIn")
        ]
        self.links = [link_keys(item) for item in goal["links"]]
        self.rows = _rows(goal)
        for row, own_names in sections_around(self.rows):
            all_names = (*variable_names, *own_names)
            if row.arranges_itself(goal):
                forget_copies(row.goals)
            row.panels = [start(panel, names, source, all_names) for panel in row.goals]
            row.variables = [variable_keys(item, names, source) for item in row.dynamic.get("variables", ())]
        _place(self.rows, goal)
        self.height = _common_height(self.rows, goal)
        self.places: dict[Path, ImportedRow] = {}
        self.raw: Json = {}
        self.settled = False
        self.shares_layout = True

    def panels(self) -> list[PanelSpec]:
        return [panel for row in self.rows for panel in row.panels]

    def keep_ids(self, *, everywhere: bool) -> None:
        """Mark the panels whose ids matter: those that something refers to, and all that dashgen built."""
        referred = _referred(self.goal)
        everywhere = everywhere or "dashgen" in self.goal["tags"]
        for panel in self.panels():
            panel.keep_id = everywhere or panel.goal["id"] in referred

    def spec(self) -> Json:
        spec: Json = {"kind": "Dashboard", **self.top}
        if self.height != 8:
            spec["height"] = self.height
        parts = {"variables": self.variables, "annotations": self.annotations, "links": self.links}
        spec |= {key: value for key, value in parts.items() if value}
        spec = beside_defaults(spec, self.compiler.defaults.defaults.dashboard, self.usual_source)
        shared = shared_layout(self.rows) if self.shares_layout else None
        if shared is not None:
            spec["layout"] = shared
        tree = section_tree(self.rows, lambda row: self.row(row, shared))
        self.places = tree.paths
        spec |= tree.keys
        return {**spec, "raw": self.raw} if self.raw else spec

    def row(self, row: ImportedRow, shared: object) -> Json:
        """The keys of a row or tab; without the layout that all have, which the dashboard says."""
        panels = [panel.spec() for panel in row.panels]
        if row.header is None:
            return {"panels": panels}
        keys = section_keys(row)
        if shared is not None:
            keys.pop("layout", None)
        if panels and row.layout.height != self.height and not row.arranges_itself(self.goal):
            keys["height"] = row.layout.height
        if row.layout.columns is not None:
            keys["columns"] = row.layout.columns
        parts: Json = {"variables": row.variables, "panels": panels, "raw": row.raw}
        return in_section_order({**keys, **{key: value for key, value in parts.items() if value}})

    def result(self, notes: Notes) -> tuple[ImportedDashboard, BuiltSpec | None]:
        built = self.rounds(notes)
        result = ImportedDashboard({}, notes, self.goal, sources=dict(self.compiler.context.sources.by_name))
        if isinstance(built, BuiltSpec):
            built = self.accepted(built, notes)
        result.spec = self.spec()
        result.problems = [problem for problem in built.problems if problem.severity is Severity.ERROR]
        if isinstance(built, BuiltSpec):
            result.differences = compare(built.data, self.goal)
        self.count(result)
        return result, built if isinstance(built, BuiltSpec) else None

    def accepted(self, built: BuiltSpec, notes: Notes) -> BuiltSpec | RefusedSpec:
        """The same with ``raw:``, without the keys that a server would refuse."""
        # `raw:` is the difference to what the keys build to. So when a key is withheld, all of it is
        # found anew.
        for _ in range(_ROUNDS):
            self.settle(built)
            whole = compile_spec(self.compiler, self.spec())
            faults = refused(self.compiler, whole, self.spec()) if isinstance(whole, BuiltSpec) else []
            if not faults or not withhold(self, faults, notes):
                return whole
            self.unsettle()
            plain = self.compiled(notes)
            if not isinstance(plain, BuiltSpec):
                return plain
            built = plain
        self.settle(built)
        return compile_spec(self.compiler, self.spec())

    def settle(self, built: BuiltSpec) -> None:
        """Put into ``raw:`` what no key says."""
        panels = iter(built.panels())
        for row, header in zip(self.rows, built.headers(), strict=True):
            for panel in row.panels:
                data = next(panels)
                if row.arranges_itself(self.goal):
                    panel.goal["gridPos"] = data["gridPos"]
                settle_raw(panel, data)
            settle_section(row, header)
        settle_top_raw(self, built.data)
        self.settled = True

    def unsettle(self) -> None:
        """Take every ``raw:`` away again."""
        self.raw = {}
        for row in self.rows:
            row.raw = {}
        of_rows = [variable for row in self.rows for variable in row.variables]
        for item in (*self.variables, *of_rows, *self.annotations):
            item.pop("raw", None)
        for panel in self.panels():
            panel.raw = {}
            panel.query_raws = [{} for _ in panel.queries]

    def rounds(self, notes: Notes) -> BuiltSpec | RefusedSpec:
        """Compile and add keys, until no key explains a difference."""
        built = self.compiled(notes)
        for number in range(_ROUNDS):
            if not isinstance(built, BuiltSpec):
                return built
            # First the keys with few values, such as `draw: bars`: defaults of others follow from them.
            # `auto` comes last, when what it would be derived from is there.
            pairs = list(zip(self.panels(), built.panels(), strict=True))
            changed = [improve(panel, data, listed=number == 0, auto=number > 1) for panel, data in pairs]
            if any(changed):
                built = self.compiled(notes)
            elif number > 1:
                break
        return built

    def compiled(self, notes: Notes) -> BuiltSpec | RefusedSpec:
        """What the keys compile to, without those that the build refuses."""
        built = compile_spec(self.compiler, self.spec())
        for _ in range(_ROUNDS):
            if not built.faults or not withhold(self, built.faults, notes):
                break
            built = compile_spec(self.compiler, self.spec())
        return built

    def row_at(self, path: Path) -> ImportedRow:
        """The row or tab at a path of the spec; the panels outside of all at the empty path."""
        return self.places[path]

    def count(self, result: ImportedDashboard) -> None:
        panels = self.panels()
        result.panels = len(panels)
        for panel in panels:
            result.values += size(panel.goal)
            raws = [panel.raw, *panel.query_raws]
            result.raw_values += sum(size(raw) for raw in raws if raw)
            result.exact += not any(raws)
            if any(raws):
                keys = sorted({key for raw in raws for key in _leaves(raw)})
                result.notes.raw.append((panel.goal.get("title") or panel.goal.get("type", "library"), keys))


def _leaves(raw: Json, before: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in raw.items():
        name = f"{before}.{key}" if before else key
        paths += _leaves(value, name) if isinstance(value, dict) and value else [name]
    return paths


def _rows(goal: Json) -> list[ImportedRow]:
    """The rows and tabs of a dashboard with the JSON of their panels."""
    rows: list[ImportedRow] = [ImportedRow(None)]
    for panel in goal["panels"]:
        if panel.get("type") == "row":
            rows.append(ImportedRow(panel, goals=list(panel["panels"])))
            continue
        last = rows[-1]
        # What follows a collapsed row is in no row, and a spec has panels without a row only above all rows.
        if last.header is not None and last.header["collapsed"]:
            untitled = {**last.header, "title": None, "collapsed": False, "repeat": "", "dynamic": {}}
            rows.append(ImportedRow(untitled))
        rows[-1].goals.append(panel)
    return [row for row in rows if row.goals or row.header is not None]


def _place(rows: list[ImportedRow], goal: Json) -> None:
    """Find the keys of the places of all panels; those of a layout that arranges itself need none."""
    for row in rows:
        if row.arranges_itself(goal):
            continue
        top = row.header["gridPos"]["y"] + 1 if row.header is not None else 0
        grids = [panel.goal["gridPos"] for panel in row.panels]
        row.layout = layout([{**g, "y": g["y"] - top} for g in grids], in_row=row.header is not None)
        for panel, keys in zip(row.panels, row.layout.panels, strict=True):
            panel.layout = keys


def _common_height(rows: list[ImportedRow], goal: Json) -> int:
    """The height that most rows have; for panels above the rows it is the only place of theirs."""
    placed = [row for row in rows if not row.arranges_itself(goal)]
    if placed and placed[0].header is None:
        return placed[0].layout.height
    heights = Counter(row.layout.height for row in placed if row.panels)
    return heights.most_common(1)[0][0] if heights else 8


def _referred(goal: Json) -> set[int]:
    """The ids of the panels that queries, annotations and links of the dashboard name."""
    numbers: set[int] = set()
    for panel in drawn_panels(goal["panels"]):
        numbers |= {t["panelId"] for t in panel.get("targets", ()) if isinstance(t.get("panelId"), int)}
    for item in goal["annotations"]["list"]:
        numbers |= {n for n in items(mapping(item.get("filter")).get("ids")) if isinstance(n, int)}
    return numbers | {int(number) for address in _addresses(goal) for number in _TO_A_PANEL.findall(address)}


def _addresses(value: object) -> Iterator[str]:
    """The texts that may be links to a panel; one to a panel of another dashboard only keeps an id more."""
    if isinstance(value, str):
        if "anel" in value:
            yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _addresses(part)
