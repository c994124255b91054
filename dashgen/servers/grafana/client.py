"""One Grafana with everything in it."""

from enum import StrEnum
from functools import cached_property
from types import TracebackType
from typing import Self

from dashgen.core.json_values import Json
from dashgen.servers.grafana.alert_rules_api import AlertRulesApi
from dashgen.servers.grafana.annotations_api import AnnotationsApi
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.capabilities import DASHBOARD_GROUP, Capabilities, detect, served_versions
from dashgen.servers.grafana.collection import NO_PROVENANCE, Collection
from dashgen.servers.grafana.dashboards_api import Dashboards
from dashgen.servers.grafana.data_sources_api import DataSourcesApi
from dashgen.servers.grafana.evaluation import Evaluation
from dashgen.servers.grafana.folders_api import Folders
from dashgen.servers.grafana.grafana_settings import ConnectionSettings
from dashgen.servers.grafana.kubernetes_notifications import (
    NOTIFICATION_OBJECTS_SINCE,
    NOTIFICATION_VERSIONS,
    InhibitionRules,
    ObjectApi,
    Receivers,
    RoutingTrees,
    TemplateGroups,
    TimeIntervals,
)
from dashgen.servers.grafana.kubernetes_rules import KubernetesAlertRules
from dashgen.servers.grafana.live_dashboard import DashboardForms
from dashgen.servers.grafana.notification_objects import NOTIFICATIONS_GROUP
from dashgen.servers.grafana.notifications_api import ContactPoints, LivePolicies, MuteTimings, Templates
from dashgen.servers.grafana.queries_api import Queries
from dashgen.servers.grafana.rule_resources import RULES_GROUP, USABLE_VERSIONS
from dashgen.servers.grafana.session import Session, WriteRequest

_RULES_SINCE = 13
"""Since when rules have resources of their own by default (Grafana 13.0, what's new)."""


class Provisioned(StrEnum):
    """The kinds of provisioning files that Grafana can read again."""

    DASHBOARDS = "dashboards"
    DATA_SOURCES = "datasources"
    ALERTING = "alerting"
    PLUGINS = "plugins"


class Grafana:
    """A running Grafana; no request is sent before its answer is needed.

    Args:
        connection: the settings, or a session that is shared.
        editable: whether people may edit alert rules and notifications in Grafana after a push.
        forms: how schema v2 of dashboards becomes classic JSON, and back; for those who use dashboards.
    """

    def __init__(
        self,
        connection: ConnectionSettings | Session,
        *,
        editable: bool = True,
        forms: DashboardForms | None = None,
    ) -> None:
        session = connection if isinstance(connection, Session) else Session(connection)
        # Every write has to choose alike: Grafana refuses to take the provenance of a thing away again.
        headers = NO_PROVENANCE if editable else {}
        self.session = session
        self._forms = forms
        self._served: dict[str, tuple[str, ...]] = {}
        self.folders = Folders(session)
        self.data_sources = DataSourcesApi(session)
        self.queries = Queries(session)
        self._headers = headers
        self.annotations = AnnotationsApi(session)
        self.evaluation = Evaluation(session)

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

    def served_versions(self, group: str) -> tuple[str, ...]:
        """The versions of an API group that are served, in the server's order; none before Grafana 12.

        The first question about a group is one request, further ones are none.

        Args:
            group: the group, such as ``notifications.alerting.grafana.app``.

        Raises:
            GrafanaError: no usable answer.
        """
        capabilities = self.capabilities
        if group == DASHBOARD_GROUP or not (capabilities.signed_in and capabilities.may_serve_groups):
            return capabilities.dashboard_versions if group == DASHBOARD_GROUP else ()
        if group not in self._served:
            self._served[group] = served_versions(self.session, group)
        return self._served[group]

    @cached_property
    def alert_rules(self) -> AlertRulesApi:
        """The alert and recording rules, over the API that has a resource for each where it is served.

        What people may not edit after a push has a provenance, which only the other API gives. Grafana 12
        serves it as an experiment behind a switch, and is not asked.
        """
        major = self.capabilities.major
        is_old = major is not None and major < _RULES_SINCE
        served = self.served_versions(RULES_GROUP) if self._headers and not is_old else ()
        version = next((version for version in USABLE_VERSIONS if version in served), None)
        if version is None:
            return AlertRulesApi(self.session, self._headers)
        return KubernetesAlertRules(self.session, self._headers, version, self.capabilities.namespace)

    @cached_property
    def _notification_objects(self) -> ObjectApi | None:
        """The Kubernetes-style API of notifications; None where those of the provisioning API are used."""
        major = self.capabilities.major
        if major is not None and major < NOTIFICATION_OBJECTS_SINCE:
            # 12 serves `v0alpha1`, which heeds no provenance.
            return None
        served = self.served_versions(NOTIFICATIONS_GROUP)
        # Where the version is hidden, only the newer API tells that it is no 12.
        versions = NOTIFICATION_VERSIONS[:1] if major is None else NOTIFICATION_VERSIONS
        version = next((one for one in versions if one in served), None)
        if version is None:
            return None
        return ObjectApi(self.session, version, self.capabilities.namespace, editable=bool(self._headers))

    @cached_property
    def contact_points(self) -> Collection[Json]:
        """The integrations of contact points, over the better of the two APIs."""
        api = self._notification_objects
        return Receivers(api) if api else ContactPoints(self.session, self._headers)

    @cached_property
    def policies(self) -> LivePolicies | RoutingTrees:
        """The tree of notification policies, over the better of the two APIs."""
        api = self._notification_objects
        return RoutingTrees(api) if api else LivePolicies(self.session, self._headers)

    @cached_property
    def mute_timings(self) -> Collection[Json]:
        """The mute timings, over the better of the two APIs."""
        api = self._notification_objects
        return TimeIntervals(api) if api else MuteTimings(self.session, self._headers)

    @cached_property
    def templates(self) -> Collection[Json]:
        """The templates of notifications, over the better of the two APIs."""
        api = self._notification_objects
        return TemplateGroups(api) if api else Templates(self.session, self._headers)

    @cached_property
    def inhibition_rules(self) -> InhibitionRules | None:
        """The inhibition rules; None where Grafana has none."""
        api = self._notification_objects
        return InhibitionRules(api) if api and api.serves("inhibitionrules") else None

    @cached_property
    def dashboards(self) -> Dashboards:
        """The dashboards, over the better of the two APIs.

        Raises:
            TypeError: the client was made without `forms`.
        """
        if self._forms is None:
            raise TypeError("a client of dashboards needs their forms")
        return Dashboards(self.session, self.capabilities, self._forms)

    def reload(self, kind: Provisioned) -> None:
        """Have provisioning files read again; doing it twice does no harm.

        Raises:
            GrafanaError: a file is refused, or the account is not a server administrator.
        """
        path = route("api", "admin", "provisioning", kind, "reload")
        self.session.write(WriteRequest("POST", path, f"the provisioning files of {kind}"))

    def close(self) -> None:
        """Close the connections."""
        self.session.close()
