"""Whether Grafana still has the password that it comes with: one attempt, and only where nothing else answers that."""

from dataclasses import replace
from urllib.parse import urlsplit

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
        # Failed attempts count: after five, Grafana locks the account for minutes.
        return judged(
            [judge(fix)] if settings.password.reveal() == _DEFAULT else [],
            "the administrator has another one",
        )
    host = urlsplit(settings.url).hostname or ""
    if not is_loopback(host):
        return skipped(f"admin/admin is tried on this machine only, and `{host}` is another one")
    try:
        opened = is_open(settings)
    except GrafanaError as error:
        return skipped(f"it could not be tried: {error.message}")
    return judged([judge(fix)] if opened else [], "admin/admin is refused")


def is_open(settings: ConnectionSettings) -> bool:
    """Whether a Grafana lets in whoever knows its manual; asks once.

    Raises:
        GrafanaError: it gives no answer to that.
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
    """That everybody can get in.

    Args:
        fix: the command that changes the password.
    """
    finding = LiveFinding(
        "Grafana has the password that it comes with",
        "admin/admin opens it",
        "it was never changed",
        fix,
    )
    return LinkFault(finding)
