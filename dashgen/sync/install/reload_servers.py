"""Have running servers read their files again."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from dashgen.core.sentence_parts import listed
from dashgen.servers.grafana import ConnectionSettings, Grafana, GrafanaError
from dashgen.servers.grafana.client import Provisioned
from dashgen.servers.grafana.grafana_errors import ForbiddenError, UnreachableError
from dashgen.servers.http import ServiceError
from dashgen.servers.telemetry.prometheus_client import Prometheus
from dashgen.servers.telemetry.telemetry_settings import endpoint
from dashgen.sync.install.mount_points import Server

_WORDS = {
    Provisioned.DATA_SOURCES: "data sources",
    Provisioned.ALERTING: "alerting",
    Provisioned.DASHBOARDS: "dashboards",
}
# Alert rules and dashboards name data sources.
_ORDER = (Provisioned.DATA_SOURCES, Provisioned.ALERTING, Provisioned.DASHBOARDS)


class ReloadOutcome(Struct, frozen=True):
    """What a server did: its name and address, a sentence about it, and the exit code that it calls for."""

    server: Server
    address: str
    sentence: str
    exit_code: int = 0

    def __str__(self) -> str:
        """The sentence for people."""
        return f"{self.server}{f' {self.address}' if self.address else ''}: {self.sentence}"


def reload_grafana(settings: ConnectionSettings, has_files: Callable[[Provisioned], bool]) -> ReloadOutcome:
    """Have Grafana read its provisioning files again.

    Args:
        settings: which Grafana, as whom.
        has_files: whether there are files of a kind.
    """
    done: list[str] = []
    with Grafana(settings) as grafana:
        for kind in (kind for kind in _ORDER if has_files(kind)):
            try:
                grafana.reload(kind)
            except UnreachableError as error:
                # A request that left may have been carried out by a server that only answers late.
                if error.sent:
                    return _refused(settings.url, error, done)
                message = f"not running ({error.message}); it reads the files when it starts"
                return ReloadOutcome(Server.GRAFANA, settings.url, message)
            except GrafanaError as error:
                return _refused(settings.url, error, done)
            done.append(_WORDS[kind])
    return ReloadOutcome(
        Server.GRAFANA, settings.url, f"reloaded {listed(done)}" if done else "nothing to reload"
    )


def _refused(url: str, error: GrafanaError, done: list[str]) -> ReloadOutcome:
    hint = error.hint
    if isinstance(error, ForbiddenError):
        hint = "reloading needs a server administrator, or the permission provisioning:reload"
    # What was read again before stays read.
    before = f"reloaded {listed(done)}; then " if done else ""
    message = f"{before}{error.message}{f'; {hint}' if hint else ''}"
    return ReloadOutcome(Server.GRAFANA, url, message, error.exit_code)


def reload_prometheus(url: str, environment: Mapping[str, str]) -> ReloadOutcome:
    """Have Prometheus read its configuration and its rules again.

    Args:
        url: its address.
        environment: where its credentials are, when it needs any.

    Raises:
        DashgenError: the address is none.
    """
    server = endpoint(Server.PROMETHEUS, url, environment, port=9090)
    with Prometheus(server) as prometheus:
        try:
            prometheus.reload()
        except ServiceError as error:
            # No answer at all: nothing listens there.
            if error.status is None and not error.timed_out:
                message = f"not running ({error.message}); it reads the files when it starts"
                return ReloadOutcome(Server.PROMETHEUS, server.url, message)
            # `Lifecycle API is not enabled.`: it needs `--web.enable-lifecycle`.
            if "lifecycle" in error.message.lower():
                return _reloads_itself(prometheus, server.url, error)
            hint = f"; {error.hint}" if error.hint else ""
            return ReloadOutcome(Server.PROMETHEUS, server.url, f"{error.message}{hint}", error.exit_code)
    return ReloadOutcome(Server.PROMETHEUS, server.url, "reloaded")


def _reloads_itself(prometheus: Prometheus, url: str, refusal: ServiceError) -> ReloadOutcome:
    """What becomes of a Prometheus whose lifecycle API is closed, as it should be where browsers reach it."""
    try:
        interval = prometheus.auto_reload()
    except ServiceError:
        interval = ""
    if interval:
        return ReloadOutcome(Server.PROMETHEUS, url, f"reads changed files by itself within {interval}")
    hint = "send it SIGHUP (`docker compose kill --signal HUP prometheus`), or restart it"
    return ReloadOutcome(Server.PROMETHEUS, url, f"{refusal.message}; {hint}", refusal.exit_code)
