"""The last evaluation of alert rules and the last delivery of notifications."""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import Redactor
from dashgen.servers.http.response_values import mapping, objects, text


class RuleState(Struct, frozen=True):
    """A rule's last evaluation.

    Attributes:
        health: ok, nodata or error.
        state: inactive, pending or firing.
        since: when its oldest alert that is active began, as RFC 3339.
    """

    title: str
    group: str
    folder: str
    health: str
    state: str
    error: str = ""
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    since: str = ""


class Delivery(Struct, frozen=True):
    """The last notification through one integration of a contact point.

    ``tried`` is when; empty when there was none yet.
    """

    contact_point: str
    integration: str
    error: str = ""
    tried: str = ""


class Evaluation:
    """Reads the state of alerting."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown = Redactor(session.settings.secrets)

    def rules(self) -> list[RuleState]:
        """Every rule that Grafana evaluates itself, in the form of Prometheus' ``/api/v1/rules``.

        Raises:
            GrafanaError: it cannot be read.
        """
        path = route("api", "prometheus", "grafana", "api", "v1", "rules")
        data = mapping(self._session.read(path, "the states of alert rules").mapping(), "data")
        return [
            RuleState(
                title=self._shown(text(rule, "name")),
                group=self._shown(text(group, "name")),
                folder=self._shown(text(group, "file")),
                health=text(rule, "health"),
                state=text(rule, "state"),
                error=self._shown(text(rule, "lastError")),
                labels=self._texts(rule, "labels"),
                annotations=self._texts(rule, "annotations"),
                since=min(
                    (at for one in objects(rule, "alerts") if (at := text(one, "activeAt"))), default=""
                ),
            )
            for group in objects(data, "groups")
            for rule in objects(group, "rules")
        ]

    def _texts(self, rule: Json, key: str) -> dict[str, str]:
        return {name: self._shown(text(mapping(rule, key), name)) for name in mapping(rule, key)}

    def deliveries(self) -> list[Delivery]:
        """The integrations of all contact points.

        Raises:
            GrafanaError: it cannot be read.
        """
        path = route("api", "alertmanager", "grafana", "config", "api", "v1", "receivers")
        listed = self._session.read(path, "the state of contact points").listing()
        return [
            Delivery(
                contact_point=self._shown(text(receiver, "name")),
                integration=self._shown(text(integration, "name")),
                error=self._shown(text(integration, "lastNotifyAttemptError")),
                # The zero time of Go, in the year 1, where there was no attempt.
                tried=""
                if (moment := text(integration, "lastNotifyAttempt")).startswith("0001-")
                else moment,
            )
            for receiver in listed
            for integration in objects(receiver, "integrations")
        ]
