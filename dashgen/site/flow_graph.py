"""How data flows through a project: what is shown where, as nodes in columns and edges between them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from dashgen.core.sentence_parts import counted
from dashgen.model.metrics_spec import series_names
from dashgen.project.placed_queries import RECORDING, PlacedQuery
from dashgen.site.site_project import DATA_SOURCES, REPORTS, SCALERS, SiteLink, SiteProject

COLUMNS: Final = ("Application", "Data sources", "Recording rules", "Dashboards and alerts", "Contacts")
MOST_NODES: Final = 40
"""So many of a column are drawn; the rest is one node."""


class FlowNode(NamedTuple):
    """A node: its column from 0, its kind for its colour, its title with a link, and a line below."""

    key: str
    column: int
    kind: str
    link: SiteLink
    note: str = ""


class FlowGraph(NamedTuple):
    """Nodes in the order in which they are found, and edges between their keys."""

    nodes: dict[str, FlowNode]
    edges: dict[tuple[str, str], None]

    def add(self, node: FlowNode) -> str:
        """Add a node once; its key."""
        self.nodes.setdefault(node.key, node)
        return node.key

    def connect(self, start: str, end: str) -> None:
        """Add an edge between two nodes that are there."""
        if start in self.nodes and end in self.nodes and start != end:
            self.edges[start, end] = None


def flow_graph(project: SiteProject) -> FlowGraph:
    """The flow from what is measured to who looks at it."""
    return _folded(_FlowBuilder(project).graph())


class _FlowBuilder:
    def __init__(self, project: SiteProject) -> None:
        self._project = project
        self._graph = FlowGraph({}, {})
        self._group_of = {rule.rule.record: group.name for group, rule in project.records}

    def graph(self) -> FlowGraph:
        self._add_applications()
        for source in self._project.data_sources:
            link = self._project.data_source_link(source.uid)
            self._graph.add(FlowNode(f"source {source.uid}", 1, "source", link, source.type))
        for query in self._project.impact.queries:
            self._add_query(query)
        self._add_uncharted_sources()
        self._add_routes()
        return self._graph

    def _add_applications(self) -> None:
        """A node for each job of the contract, and one for what the application logs."""
        self._jobs: dict[str, str] = {}
        counts: dict[str, int] = {}
        for one in self._project.metrics:
            job = one.document.model.job or "application"
            counts[job] = counts.get(job, 0) + 1
            for name in (one.name, *series_names(one.name, one.metric)):
                self._jobs[name] = f"job {job}"
        for job, count in counts.items():
            self._graph.add(
                FlowNode(f"job {job}", 0, "job", SiteLink(job, "metrics.html"), counted(count, "metric"))
            )

    def _add_query(self, query: PlacedQuery) -> None:
        asker = self._asker(query)
        source = f"source {query.datasource}"
        facts = query.facts
        names = [use.name for use in facts.metrics] if facts is not None else []
        for name in names:
            if name in self._jobs:
                self._graph.connect(self._jobs[name], source)
            if name in self._group_of:
                self._graph.connect(f"group {self._group_of[name]}", asker)
        if not names or any(name not in self._group_of for name in names):
            self._graph.connect(source, asker)

    def _asker(self, query: PlacedQuery) -> str:
        kind, name, parent = query.asker
        project = self._project
        if kind == RECORDING:
            count = sum(group == parent for group in self._group_of.values())
            link = SiteLink(parent, project.series_link(name).path)
            return self._graph.add(FlowNode(f"group {parent}", 2, "group", link, counted(count, "series")))
        if kind == "alert-rule":
            return self._graph.add(FlowNode(f"alert {name}", 3, "alert", project.alert_link(name), "alert"))
        if kind in ("report", "scaler"):
            uid = parent or name
            link = SiteLink(uid, REPORTS if kind == "report" else SCALERS)
            return self._graph.add(FlowNode(f"{kind} {uid}", 3, kind, link, kind))
        if parent in project.dashboards:
            link = project.dashboard_link(parent)
            return self._graph.add(FlowNode(f"dashboard {parent}", 3, "dashboard", link, "dashboard"))
        return ""

    def _add_uncharted_sources(self) -> None:
        """Logs and traces come from the application, whichever names they have."""
        job = next(iter(self._graph.nodes), "")
        for source in self._project.data_sources:
            if source.type in ("loki", "tempo"):
                self._graph.connect(job if job.startswith("job ") else "", f"source {source.uid}")

    def _add_routes(self) -> None:
        for one in self._project.routes.values():
            for route in one.routes.routes:
                name = route.contact_point
                link = self._project.contact_link(name)
                key = self._graph.add(FlowNode(f"contact {name}", 4, "contact", link))
                self._graph.connect(f"alert {one.alert.rule.alert}", key)


def _folded(graph: FlowGraph) -> FlowGraph:
    """The graph with at most `MOST_NODES` nodes in a column; the others are one node."""
    folded, keys = FlowGraph({}, {}), dict(_shown_nodes(graph.nodes.values()))
    for node in graph.nodes.values():
        folded.add(node if keys[node.key] == node.key else _rest(node.column, keys))
    for start, end in graph.edges:
        folded.connect(keys[start], keys[end])
    return folded


def _shown_nodes(nodes: Iterable[FlowNode]) -> Iterator[tuple[str, str]]:
    counts: dict[int, int] = {}
    for node in nodes:
        counts[node.column] = counts.get(node.column, 0) + 1
        yield node.key, node.key if counts[node.column] <= MOST_NODES else f"rest {node.column}"


def _rest(column: int, keys: Mapping[str, str]) -> FlowNode:
    count = sum(key == f"rest {column}" for key in keys.values())
    return FlowNode(
        f"rest {column}", column, "rest", SiteLink(f"and {count} more", DATA_SOURCES if column == 1 else "")
    )
