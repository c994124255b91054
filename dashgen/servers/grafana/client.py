"""One Grafana with everything in it."""

from functools import cached_property
from types import TracebackType
from typing import Self

from dashgen.servers.grafana.alert_rules_api import AlertRulesApi
from dashgen.servers.grafana.annotations_api import AnnotationsApi
from dashgen.servers.grafana.capabilities import Capabilities, detect
from dashgen.servers.grafana.dashboards_api import Dashboards
from dashgen.servers.grafana.data_sources_api import DataSourcesApi
from dashgen.servers.grafana.evaluation import Evaluation
from dashgen.servers.grafana.folders_api import Folders
from dashgen.servers.grafana.grafana_settings import ConnectionSettings
from dashgen.servers.grafana.library_elements_api import LibraryPanels
from dashgen.servers.grafana.notifications_api import ContactPoints, LivePolicies, MuteTimings, Templates
from dashgen.servers.grafana.provisioning_reload import Provisioned, reload_provisioning
from dashgen.servers.grafana.queries_api import Queries
from dashgen.servers.grafana.session import Session


class Grafana:
    """A running Grafana; nothing is asked before it is needed.

    Args:
        connection: the settings, or a session that is shared.
        editable: whether people may edit alert rules and notifications in Grafana after a push.
    """

    def __init__(self, connection: ConnectionSettings | Session, *, editable: bool = True) -> None:
        self.session = connection if isinstance(connection, Session) else Session(connection)
        self.folders = Folders(self.session)
        self.data_sources = DataSourcesApi(self.session)
        self.queries = Queries(self.session)
        self.library_panels = LibraryPanels(self.session)
        self.alert_rules = AlertRulesApi(self.session, editable=editable)
        self.contact_points = ContactPoints(self.session, editable=editable)
        self.policies = LivePolicies(self.session, editable=editable)
        self.mute_timings = MuteTimings(self.session, editable=editable)
        self.templates = Templates(self.session, editable=editable)
        self.annotations = AnnotationsApi(self.session)
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
