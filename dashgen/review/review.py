"""A review as a value: what changed, with pictures, findings, routes, costs, and what else is touched."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.compare import Change, What
from dashgen.core.diagnostics import Diagnostic


class Picture(Struct, frozen=True):
    """A picture of one side.

    Attributes:
        name: its file's name, which has the hash of its content, so that no cache shows an older one.
        content: the bytes of the file.
        text: what it shows, as a sentence.
    """

    name: str
    content: bytes
    text: str

    @property
    def media_type(self) -> str:
        """The type of its file."""
        return "image/png" if self.name.endswith(".png") else "image/svg+xml"


class PanelPictures(Struct, frozen=True):
    """A panel before and after a change.

    Attributes:
        panel: its title; empty for the whole dashboard.
        kind: what happens to it: `added`, `removed`, `changed`, `around`; or `layout` and `dashboard` for
            all panels.
        before: None for one that is added, and where both sides look the same.
        after: None for one that is removed, and where both sides look the same.
        note: a sentence instead of pictures, or about them.
    """

    panel: str
    kind: str
    before: Picture | None = None
    after: Picture | None = None
    note: str = ""


class DashboardReview(Struct, frozen=True):
    """The change of a dashboard; `undrawn` is how many panels more could have a picture."""

    change: Change
    pictures: tuple[PanelPictures, ...] = ()
    undrawn: int = 0


def alike_changes(changes: Sequence[Change]) -> list[list[Change]]:
    """The changes of dashboards in groups of those that are the same, as when all use one component."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        same = tuple((detail.subject, detail.parts) for detail in change.details)
        key = (change.what, same) if change.what is What.CHANGED else change.key
        groups.setdefault(key, []).append(change)
    return list(groups.values())


class ContactLine(Struct, frozen=True):
    """Who is notified of an alert on one side.

    Attributes:
        contacts: the contact points in one line; empty where the specs name none.
        silences: the times at which nobody is notified.
        reason: why there are no contact points, such as that the rule is paused; empty without a rule.
    """

    contacts: str = ""
    silences: tuple[str, ...] = ()
    reason: str = ""


class TestLine(Struct, frozen=True):
    """A test of an alert: when the alert fires on its data, on each side."""

    __test__ = False  # pytest collects classes with this name

    name: str
    before: str
    after: str


class AlertReview(Struct, frozen=True):
    """An alert rule that changed, or of which other people are notified.

    Attributes:
        uid: the rule.
        title: its name.
        change: None when the rule itself is the same.
        before: who is notified before the change.
        after: who is notified after it.
        coverage: what its tests show, as a sentence.
        tests: when it fires on the data of its tests.
        failures: the expectations of its tests that do not hold now.
    """

    uid: str
    title: str
    change: Change | None
    before: ContactLine
    after: ContactLine
    coverage: str = ""
    tests: tuple[TestLine, ...] = ()
    failures: tuple[Diagnostic, ...] = ()


class CostLine(Struct, frozen=True):
    """The queries of a dashboard on each side.

    Attributes:
        uid: the dashboard.
        title: its title.
        queries: how many one refresh runs, before and after.
        per_minute: how many one viewer runs in a minute, before and after.
        series: how many series the contract's metrics have that they read, before and after; None where the
            contract does not tell.
    """

    uid: str
    title: str
    queries: tuple[int, int]
    per_minute: tuple[float, float]
    series: tuple[int | None, int | None]


class TouchedThings(Struct, frozen=True):
    """What uses something that changed.

    Attributes:
        subject: what changed, such as ``component:red``.
        verb: `changed`, `added` or `removed`.
        panels: how many panels use it.
        dashboards: the uids of the dashboards that do.
        alerts: the names of the alert rules that do.
        reports: the names of the reports that do.
        others: the names of everything else that does.
    """

    subject: str
    verb: str
    panels: int
    dashboards: tuple[str, ...]
    alerts: tuple[str, ...]
    reports: tuple[str, ...]
    others: tuple[str, ...]


class Review(Struct):
    """All that a comment shows.

    Attributes:
        ref: the revision as the user named it.
        commit: the commit that was compared.
        project: the project's folder in its repository; `.` for the repository itself.
        dashboards: the dashboards that changed.
        alerts: the alerts.
        others: the other resources that changed.
        findings: those on changed lines, and the errors that keep the specs from being built.
        other_findings: how many more there are on lines that did not change.
        costs: the dashboards whose queries changed.
        touched: what uses the things that changed.
        warnings: why the comparison may say less than it should.
        notes: what was not compared.
    """

    ref: str
    commit: str
    project: str
    dashboards: Sequence[DashboardReview] = ()
    alerts: Sequence[AlertReview] = ()
    others: Sequence[Change] = ()
    findings: Sequence[Diagnostic] = ()
    other_findings: int = 0
    costs: Sequence[CostLine] = ()
    touched: Sequence[TouchedThings] = ()
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.dashboards or self.alerts or self.others or self.findings or self.notes)

    @property
    def pictures(self) -> list[Picture]:
        """Every picture once, by name."""
        shown = {
            picture.name: picture
            for dashboard in self.dashboards
            for panel in dashboard.pictures
            for picture in (panel.before, panel.after)
            if picture is not None
        }
        return [shown[name] for name in sorted(shown)]

    @property
    def changes(self) -> list[Change]:
        """Every change: of dashboards, of alerts, of others."""
        alerts = [one.change for one in self.alerts if one.change is not None]
        return [*(one.change for one in self.dashboards), *alerts, *self.others]
