"""What the files of a tree define, for checks that look across files."""

from dataclasses import dataclass, field
from typing import Any

from dashgen.diagnostics import Diagnostic, Related, Severity, nearest
from dashgen.validate.report import Path, Report


@dataclass(slots=True)
class Inventory:
    """Everything that another file may refer to, or that may exist once only."""

    data_sources: list[Report] = field(default_factory=list)
    providers: list[Report] = field(default_factory=list)
    alerting: list[Report] = field(default_factory=list)
    dashboards: list[Report] = field(default_factory=list)
    rules: list[Report] = field(default_factory=list)
    locks: list[Report] = field(default_factory=list)
    data_source_types: dict[str, str] = field(default_factory=dict)
    data_source_names: set[str] = field(default_factory=set)
    contact_points: set[str] = field(default_factory=set)
    mute_times: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)
    panels: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def knows_data_sources(self) -> bool:
        """Whether references to data sources can be checked: some file of the tree defines one.

        A file that only deletes sources says nothing about those that Grafana has from elsewhere.
        """
        return bool(self.data_source_types or self.data_source_names)

    def check_data_source(self, report: Report, path: Path, uid: str, message: str) -> None:
        """Report a uid that no data source has, or that is the name of one.

        The browser finds a data source by its name too, so a name works until somebody changes it.
        """
        if uid in self.data_source_types:
            return
        if uid in self.data_source_names:
            by_name = f"`{uid}` is the name of a data source, not its uid: it works until somebody renames it"
            report.warning("datasource/by-name", path, by_name, "write its uid")
        else:
            report.error("datasource/unknown", path, message, nearest(uid, self.data_source_types))

    def reports(self) -> list[Report]:
        """The reports of all files."""
        groups = (self.data_sources, self.providers, self.alerting, self.dashboards, self.rules, self.locks)
        return [report for group in groups for report in group]


class Once:
    """Remembers first definitions and reports the second ones."""

    def __init__(self, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        """Take the rule, the message (with ``{name}``), the hint and the severity of what is reported."""
        self.rule, self.message, self.hint, self.severity = rule, message, hint, severity
        self.first: dict[Any, tuple[Report, Path]] = {}

    def add(self, key: Any, name: str, report: Report, path: Path) -> None:
        """Remember a definition, or report that there is one with the same key."""
        before = self.first.setdefault(key, (report, path))
        if before != (report, path):
            where = before[0].place(before[1])
            related = (Related("the first one is here", where),)
            message = self.message.format(name=name)
            place = report.place(path)
            report.problems.append(Diagnostic(self.rule, message, place, self.hint, self.severity, related))
