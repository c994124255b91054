"""Whether Grafana still has its default password: one attempt, and only where nothing else shows it."""

from urllib.parse import urlsplit

from msgspec.structs import replace

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.servers.grafana import ConnectionSettings, Grafana, GrafanaError
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import UnauthorisedError
from dashgen.servers.http import Secret
from dashgen.servers.http.endpoint import is_loopback

_USER = "admin"
_DEFAULT = "admin"
_RESET = "grafana cli admin reset-admin-password NEW-PASSWORD"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether admin/admin opens this Grafana."""
    if reason := diagnosis.reason(ChainLink.PASSWORD, ChainLink.GRAFANA):
        return following(reason)
    if subject.chosen is None or subject.grafana is None:
        return skipped("no address of Grafana is known; `--url URL` names it")
    settings = subject.chosen.settings
    fix = subject.fix_of(ChainLink.GRAFANA, f"exec {{service}} {_RESET}", f"`{_RESET}` on its machine")
    if settings.user == _USER and settings.password:
        # These credentials were accepted already, so no attempt is needed. Failed ones count: after five,
        # Grafana locks the account for minutes.
        faults = [judge(fix)] if settings.password.reveal() == _DEFAULT else []
        return judged(faults, "the administrator has another password")
    host = urlsplit(settings.url).hostname or ""
    if not is_loopback(host):
        return skipped(f"admin/admin is tried only on this machine, and `{host}` is another one")
    try:
        opened = is_open(settings)
    except GrafanaError as error:
        return skipped(f"it could not be tried: {error.message}")
    return judged([judge(fix)] if opened else [], "admin/admin is refused")


def is_open(settings: ConnectionSettings) -> bool:
    """Whether a Grafana accepts its default password; one request.

    Raises:
        GrafanaError: it does not answer.
    """
    limits = replace(settings.limits, attempts=1)
    tried = replace(settings, token=None, user=_USER, password=Secret(_DEFAULT), limits=limits, org_id=None)
    with Grafana(tried) as grafana:
        try:
            grafana.session.read(route("api", "org"), "the organization")
        except UnauthorisedError:
            return False
    return True


def judge(fix: str) -> LinkFault:
    """The fault of a Grafana with its default password.

    Args:
        fix: the command that changes the password.
    """
    what = "Grafana has its default password"
    return LinkFault(LiveFinding(what, "admin/admin opens it", "it was never changed", fix))
