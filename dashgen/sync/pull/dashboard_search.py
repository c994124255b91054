"""The search for spec edits that make dashboards what they are in Grafana."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.formats.normal.grid_packing import packed
from dashgen.formats.panel_tree import every_panel
from dashgen.model.settled_dashboard import SettledPanel, SettledRow
from dashgen.source.edit import Edit, InsertItem, SetValue
from dashgen.source.expressions import ExpressionError
from dashgen.source.provenance import Resolved
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_keys import DashboardKeys, dashboard_keys
from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.document_edits import DocumentEdit, Texts, edit_at, texts_after
from dashgen.sync.pull.editor_defaults import is_house_style, numbered, row_key
from dashgen.sync.pull.leaves import (
    Differing,
    Leaves,
    differing,
    leaves,
    normal_form,
    panel_pairs,
    section_ids,
)
from dashgen.sync.pull.loop_iterations import Iteration, evaluated, iteration_of, loop_variables
from dashgen.sync.pull.paired_headers import with_header_ids
from dashgen.sync.pull.pulled_project import Building, BuiltDashboard, PulledProject
from dashgen.sync.pull.search import CountedPaths, Search, SearchState
from dashgen.sync.pull.value_origins import ScopedDocument, written


class Goal(Struct):
    """What a dashboard is to become.

    Attributes:
        uid: the dashboard.
        data: the JSON that its specs are to build.
        ids: the ids of its panels there, by the ids that they had when pulling began.
        leaves: the values of that JSON.
        panels: its panels, rows and tabs in their normal form.
        folder: the titles of the folder that it is to be in, with slashes.
        new: the panels and rows that no spec has, by their ids.
        keys: the keys that some of them need.
    """

    uid: str
    data: Json
    ids: Mapping[int, int]
    leaves: Leaves
    panels: list[Json] = []
    folder: str = ""
    new: frozenset[int] = frozenset()
    keys: Mapping[int, str] = {}
    _last: tuple[BuiltDashboard | None, Differing, Mapping[int, int]] | None = None

    def rest(self, built: BuiltDashboard | None) -> Differing:
        """The paths where a build differs from the goal, by part; not to be changed by callers."""
        return self._compared(built)[0]

    def ids_in(self, built: BuiltDashboard) -> Mapping[int, int]:
        """The ids of the panels, rows and tabs of a build, each with the id of the same one here."""
        return self._compared(built)[1]

    def _compared(self, built: BuiltDashboard | None) -> tuple[Differing, Mapping[int, int]]:
        # An attempt builds one dashboard anew and keeps the objects of all others: those need no normal form
        # again.
        if self._last is None or self._last[0] is not built:
            normal = normal_form(built.data) if built else {}
            ids = section_ids(normal.get("panels", []), self.panels, self.ids)
            differences = differing(leaves(normal, ids), self.leaves)
            if built is not None and built.titles != self.folder:
                differences["folder"] = frozenset(((),))
            self._last = built, differences, ids
        return self._last[1:]

    def panel(self, number: int) -> Json:
        """The JSON of a panel or row that is there, by its id."""
        return panels_by_id(self.data)[number]


def make_goal(built: BuiltDashboard, goal_data: Mapping[str, object], folder: str) -> Goal:
    """The goal that a built dashboard becomes what is in Grafana, in the folder with these titles.

    Panels stand where Grafana packs them, and those that no spec has get the numbers that their keys give.
    """
    goal_data = with_header_ids(goal_data)
    pairs = panel_pairs(built.data, goal_data)
    goal_ids = set(pairs.values())
    taken = [row_key(row.title) for row in built.settled.rows if row.title is not None]
    taken += [panel.key for row in built.settled.rows for panel in row.panels]
    # Grafana shows panels where its grid packs them, wherever their JSON says, so that is the goal.
    data, keys = numbered(packed(goal_data), panels_by_id(goal_data).keys() - goal_ids, taken)
    new = frozenset(panels_by_id(data).keys() - goal_ids)
    normal = normal_form(data)
    return Goal(built.uid, data, pairs, leaves(normal), normal.get("panels", []), folder, new, keys)


def panels_by_id(data: Mapping[str, object]) -> dict[int, Json]:
    """Every panel and row of a dashboard's JSON that has an id."""
    return {one["id"]: one for one in every_panel(data.get("panels")) if isinstance(one.get("id"), int)}


class DashboardSearch(Search[Building]):
    """The texts of a project on their way to the goals of some of its dashboards.

    All others must stay as they are.
    """

    def __init__(
        self, project: PulledProject, texts: Texts, building: Building, goals: dict[str, Goal]
    ) -> None:
        self.project = project
        self.goals = goals
        self.state = self._compared(texts, building)

    def state_of(self, texts: Texts) -> SearchState[Building] | None:
        """What texts build to.

        Nothing when a spec is wrong then, or a dashboard without a goal is another.
        """
        building = self.project.built(texts)
        return self._compared(texts, building) if not building.problems and self._spares(building) else None

    def move(self, uid: str, edits: Sequence[DocumentEdit]) -> bool:
        """Write one dashboard in another way, nearer or not.

        Whether it builds and no other dashboard changes.
        """
        # For edits that pay off only with those after them, such as a loop that is written out.
        for texts in texts_after(self.texts, edits):
            state = self.state_of(texts)
            if state is not None and _without_parts_of(uid, state) == _without_parts_of(uid, self.state):
                self.state = state
                return True
        return False

    def aim(self, goal: Goal) -> None:
        """Give a dashboard another goal."""
        self.goals[goal.uid] = goal
        self.state = self._compared(self.texts, self.state.build)

    def _compared(self, texts: Texts, building: Building) -> SearchState[Building]:
        rest = {
            (uid, part): paths
            for uid, goal in self.goals.items()
            for part, paths in goal.rest(building.dashboards.get(uid)).items()
        }
        return SearchState(texts, building, rest)

    def _spares(self, building: Building) -> bool:
        # A dashboard that comes or goes is a change that nobody made.
        before, after = self.state.build.dashboards, building.dashboards
        return before.keys() == after.keys() and all(
            after[uid] is one or (after[uid].data == one.data and after[uid].folder == one.folder)
            for uid, one in before.items()
            if uid not in self.goals
        )


def _without_parts_of(uid: str, state: SearchState[Building]) -> dict[tuple[str, str], object]:
    return {part: paths for part, paths in state.rest.items() if part[0] != uid}


class DashboardEditor:
    """One dashboard of a search: its parts by the ids that they have in the goal, and edits of them.

    Attributes:
        search: the texts.
        uid: the dashboard.
        goal_keys: the goal in keys of the language; nothing when the importer cannot put it into keys.
    """

    def __init__(self, search: DashboardSearch, uid: str) -> None:
        self.search = search
        self.uid = uid
        self.goal_keys = self.keys_of(self.goal.data)

    @property
    def goal(self) -> Goal:
        """What it is to become."""
        return self.search.goals[self.uid]

    @property
    def built(self) -> BuiltDashboard:
        """The dashboard as the texts build it now."""
        return self.search.state.build.dashboards[self.uid]

    @property
    def resolved(self) -> Resolved:
        """Its document."""
        return self.built.resolved

    @property
    def rest(self) -> Differing:
        """The paths where it differs from the goal, by part."""
        return self.goal.rest(self.built)

    @property
    def scoped(self) -> ScopedDocument:
        """Its document with what its expressions see, apart from loops."""
        return ScopedDocument.of(self.resolved, self.search.state.build.compiler.scope.variables)

    def keys_of(self, data: Mapping[str, object]) -> DashboardKeys | None:
        """A dashboard's JSON in keys of the language, beside the project's other specs."""
        return dashboard_keys(data, self.search.state.build, self.built)

    @property
    def rows(self) -> list[SettledRow]:
        """The rows, with those panels that are in none in an untitled first one."""
        return self.built.settled.rows

    @property
    def headers(self) -> list[tuple[int | None, SettledRow]]:
        """Each row with the id that its header has in the goal; nothing for rows without a title."""
        ids = self.ids
        own_ids = ((row.raw.get("id", row.id), row) for row in self.rows)
        return [(None if row.title is None else ids.get(own, own), row) for own, row in own_ids]

    @property
    def panels(self) -> dict[int, SettledPanel]:
        """Every panel by its id in the goal, in the order of the spec."""
        return {self.goal_id(panel): panel for row in self.rows for panel in row.panels}

    def goal_id(self, panel: SettledPanel) -> int:
        """What a panel's id is in the goal."""
        own = panel.panel.raw.get("id", panel.id)
        return self.ids.get(own, own)

    @property
    def ids(self) -> Mapping[int, int]:
        """The ids in the goal of all panels, rows and tabs, by those of the build."""
        return self.goal.ids_in(self.built)

    def document_edit(self, edit: Edit) -> DocumentEdit:
        """An edit of the dashboard's own document."""
        return edit_at(self.resolved.origin(), edit)

    def attempt(
        self, edits: Sequence[DocumentEdit], parts: Iterable[str], counted: CountedPaths = CountedPaths.VALUES
    ) -> bool:
        """Make edits if the build is nearer to its goals then.

        ``parts`` may differ in other ways than before.
        """
        return self.search.attempt(edits, [(self.uid, part) for part in parts], counted)

    def attempt_changes(
        self,
        options: Iterable[Sequence[DataChange]],
        parts: Iterable[str],
        counted: CountedPaths = CountedPaths.VALUES,
    ) -> bool:
        """Make the first of several lists of changes that brings the dashboard nearer to its goal.

        Whether there was one.
        """
        focus = [(self.uid, part) for part in parts]
        return self.search.attempt_changes(self.scoped, options, focus, counted)

    def adopt(self, number: int) -> None:
        """Where a new panel has only what Grafana's editor filled in, make what the specs build the goal."""
        built_panel = panels_by_id(self.built.data).get(number)
        if number not in self.goal.new or built_panel is None:
            return
        if not is_house_style(built_panel, self.goal.panel(number)):
            return
        data = deepcopy(self.goal.data)
        goal_panel = panels_by_id(data)[number]
        grid_position = goal_panel["gridPos"]
        goal_panel.clear()
        goal_panel.update({**deepcopy(built_panel), "gridPos": grid_position})
        normal = normal_form(data)
        panels = normal.get("panels", [])
        self.search.aim(replace(self.goal, data=data, leaves=leaves(normal), panels=panels, _last=None))
        # Or else the next round would write what was just left out.
        keys = self.keys_of(self.built.data)
        if self.goal_keys is not None and keys is not None and number in keys.panels:
            self.goal_keys.panels[number] = keys.panels[number]

    def unroll(self, numbers: Iterable[int]) -> bool:
        """Write the iterations of the loops out that made some panels, each as an item.

        Whether there was a loop.

        What is built stays the same.
        """
        progress = False
        for number in numbers:
            panel = self.panels.get(number)
            if panel is not None:
                iteration = iteration_of(self.resolved, panel.path)
                progress |= iteration.count > 1 and self._unroll(iteration)
        return progress

    def _unroll(self, iteration: Iteration) -> bool:
        origin, variables = iteration.origin, self.scoped.variables
        iterations = loop_variables(origin, variables)
        *parent, index = origin.path
        if iterations is None or len(iterations) != iteration.count or not isinstance(index, int):
            return False
        rest = {key: value for key, value in written(origin).items() if key != "for_each"}
        try:
            items = [protected(evaluated(rest, {**variables, **own})) for own in iterations]
        except ExpressionError:
            return False
        # The first iteration stays where the loop was, with the comments there.
        edits: list[Edit] = [
            *(InsertItem(tuple(parent), index + number, item) for number, item in enumerate(items) if number),
            SetValue(origin.path, items[0]),
        ]
        document, snapshot = origin.document, self.search.state
        if self.search.move(self.uid, [DocumentEdit(document.file, document.index, edit) for edit in edits]):
            if self.search.state.rest == snapshot.rest:
                return True
            self.search.state = snapshot
        return False
