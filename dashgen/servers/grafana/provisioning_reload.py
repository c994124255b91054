"""Telling a running Grafana to read its provisioning files again."""

from enum import StrEnum

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.session import Session, WriteRequest


class Provisioned(StrEnum):
    """What can be read again."""

    DASHBOARDS = "dashboards"
    DATA_SOURCES = "datasources"
    ALERTING = "alerting"
    PLUGINS = "plugins"


def reload_provisioning(session: Session, what: Provisioned) -> None:
    """Have the files read again; doing it twice does no harm, so a lost answer may simply be repeated.

    Raises:
        GrafanaError: when a file is refused, or the account is no server administrator.
    """
    path = route("api", "admin", "provisioning", what, "reload")
    session.write(WriteRequest("POST", path, f"the provisioning files of {what}"))
