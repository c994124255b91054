"""One Grafana with everything in it."""

from functools import cached_property
from types import TracebackType
from typing import Self

from dashgen.grafana.alert_rules import AlertRules
from dashgen.grafana.annotations import Annotations
from dashgen.grafana.capabilities import Capabilities, detect
from dashgen.grafana.dashboards import Dashboards
from dashgen.grafana.data_sources import DataSources
from dashgen.grafana.evaluation import Evaluation
from dashgen.grafana.folders import Folders
from dashgen.grafana.library_elements import LibraryPanels
from dashgen.grafana.notifications import ContactPoints, MuteTimings, Policies, Templates
from dashgen.grafana.provisioning_reload import Provisioned, reload_provisioning
from dashgen.grafana.queries import Queries
from dashgen.grafana.session import Session
from dashgen.grafana.settings import ConnectionSettings


class Grafana:
    """A running Grafana; nothing is asked before it is needed.

    Args:
        connection: the settings, or a session that is shared.
        editable: whether people may edit alert rules and notifications in Grafana after a push.
    """

    def __init__(self, connection: ConnectionSettings | Session, *, editable: bool = True) -> None:
        self.session = connection if isinstance(connection, Session) else Session(connection)
        self.folders = Folders(self.session)
        self.data_sources = DataSources(self.session)
        self.queries = Queries(self.session)
        self.library_panels = LibraryPanels(self.session)
        self.alert_rules = AlertRules(self.session, editable=editable)
        self.contact_points = ContactPoints(self.session, editable=editable)
        self.policies = Policies(self.session, editable=editable)
        self.mute_timings = MuteTimings(self.session, editable=editable)
        self.templates = Templates(self.session, editable=editable)
        self.annotations = Annotations(self.session)
        self.evaluation = Evaluation(self.session)

    def __repr__(self) -> str:
        return f"Grafana({self.session.settings.url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def capabilities(self) -> Capabilities:
        """What this Grafana can do and the account may."""
        return detect(self.session)

    @cached_property
    def dashboards(self) -> Dashboards:
        """The dashboards, over the better of the two APIs."""
        return Dashboards(self.session, self.capabilities)

    def reload(self, what: Provisioned) -> None:
        """Have provisioning files read again."""
        reload_provisioning(self.session, what)

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()
