"""What a Grafana can do and what the account may do: detected once, and reported as diagnostics."""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.grafana.api_paths import checked_name, route
from dashgen.servers.grafana.grafana_errors import (
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    UnauthorisedError,
    UnusableAnswerError,
)
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import AnswerKind
from dashgen.servers.http.response_values import objects, text

OLDEST = 10
NEWEST = 13
DASHBOARD_GROUP = "dashboard.grafana.app"
_USABLE = ("v1", "v1beta1")
_USABLE_V2 = ("v2", "v2beta1")
_KUBERNETES_SINCE = 12
_UNIFIED_SINCE = 13
_LACKS_BEFORE_OLDEST = (
    "this one shows dashboards without newer options of panels, keeps all folders at the root, "
    "and has no recording rules, no contact point or mute timing of a single rule, and no time to keep firing"
)
_VERSION = lazy_pattern(r"(\d{1,4})\.(\d{1,6})(?:\.(\d{1,6}))?")


class Capabilities(Struct, frozen=True):
    """What one Grafana can do.

    ``version`` is empty when the server hides it. ``dashboard_versions`` are the versions of the
    Kubernetes-style dashboard API that are served. ``permissions`` maps an action to its scopes, and is
    ``None`` when the server hides it.
    """

    version: str = ""
    signed_in: bool = False
    login: str = ""
    org_id: int = 1
    namespace: str = "default"
    dashboard_versions: tuple[str, ...] = ()
    permissions: Mapping[str, tuple[str, ...]] | None = None

    @property
    def major(self) -> int | None:
        """The first number of the version."""
        version_match = _VERSION.match(self.version)
        return int(version_match[1]) if version_match else None

    @property
    def may_serve_groups(self) -> bool:
        """Whether it can have API groups at ``/apis`` that dashgen uses: all but Grafanas before 12."""
        return self.major is None or self.major >= _KUBERNETES_SINCE

    @property
    def dashboard_version(self) -> str | None:
        """The version of the Kubernetes-style API to use for dashboards, or nothing for the classic API."""
        if not self.may_serve_groups:
            return None
        return next((version for version in _USABLE if version in self.dashboard_versions), None)

    @property
    def dashboard_v2_version(self) -> str | None:
        """The version to use for dashboards that are stored in schema v2, or nothing where none is served."""
        if self.dashboard_version is None:
            return None
        return next((version for version in _USABLE_V2 if version in self.dashboard_versions), None)

    @property
    def folder_version(self) -> str:
        """The version for folders: ``v1`` since Grafana 13 (apps/folder/kinds/manifest.cue, 10e17408)."""
        return "v1" if self.major is not None and self.major >= _UNIFIED_SINCE else "v1beta1"

    @property
    def stores_v2(self) -> bool:
        """Whether a dashboard may be stored as ``v2``, which is stable since Grafana 13."""
        return self.dashboard_v2_version == "v2"

    @property
    def keeps_marks(self) -> bool | None:
        """Whether manager annotations survive; nothing when only a read after a write can tell."""
        if self.dashboard_version is None:
            return False
        return True if self.major is not None and self.major >= _UNIFIED_SINCE else None

    @property
    def makes_rules_of_groups(self) -> bool:
        """Whether writing a rule group creates its rules; Grafana 9 answers 500 to new uids.

        (Grafana 9.4, pkg/services/ngalert/store/deltas.go: ``failed to update rule with UID … because …``.)
        """
        return self.major is None or self.major >= OLDEST

    def diagnostics(self) -> list[Diagnostic]:
        """What a user should know before the work starts."""
        return [*self._about_version(), *self._about_api(), *self._about_account()]

    def _about_version(self) -> list[Diagnostic]:
        if self.major is None:
            return [_note("version", "Grafana hides its version, so it is treated as the newest known")]
        if self.major < OLDEST:
            hint = f"use Grafana {OLDEST} or newer; {_LACKS_BEFORE_OLDEST}"
            message = f"Grafana {self.version} is older than the versions that dashgen supports"
            return [_note("version", message, hint, Severity.WARNING)]
        if self.major > NEWEST:
            message = (
                f"Grafana {self.version} is newer than the versions that dashgen supports (up to {NEWEST})"
            )
            return [_note("version", message, "look at the diff before pushing", Severity.WARNING)]
        return []

    def _about_api(self) -> list[Diagnostic]:
        served = self.dashboard_version
        name = f"Grafana {self.version}".strip()
        if served:
            if self.keeps_marks:
                return []
            message = f"{name} may still store dashboards in the old way, which loses who manages them"
            return [_note("storage", message, "keep the lock file: it has what dashgen owns")]
        if self.major is not None and self.may_serve_groups:
            message = f"{name} does not serve its Kubernetes-style dashboard API to this account"
        else:
            message = f"{name} has no Kubernetes-style dashboard API"
        message += ": dashboards go through the classic API, and the server does not validate them first"
        return [_note("classic-api", message)]

    def _about_account(self) -> list[Diagnostic]:
        if not self.signed_in:
            hint = "set `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"
            message = (
                "no account is signed in to Grafana, so only what anonymous visitors may see can be read"
            )
            return [_note("anonymous", message, hint, Severity.WARNING)]
        return []


def detect(session: Session) -> Capabilities:
    """Read the version of a Grafana, its APIs and the permissions of the account.

    Raises:
        GrafanaError: when it cannot be reached, or the credentials are wrong.
    """
    health = session.read(route("api", "health"), "the health of Grafana").data
    version = health.get("version") if isinstance(health, dict) else None
    if not isinstance(health, dict) or "database" not in health:
        raise UnusableAnswerError(
            f"what answers at `{session.settings.url}` is not Grafana",
            kind=AnswerKind.NOT_JSON,
            hint="check the address and its sub-path",
        )
    org_id, login, signed_in = _account(session)
    settings = _frontend_settings(session) if signed_in or not version else {}
    # `/api/health` can be told to hide the version (`hide_version`); the settings of the frontend have it for
    # those signed in.
    version = version or text(settings.get("buildInfo", {}), "version")
    return Capabilities(
        version=version if isinstance(version, str) else "",
        signed_in=signed_in,
        login=login,
        org_id=org_id,
        namespace=_namespace(settings, org_id),
        dashboard_versions=served_versions(session, DASHBOARD_GROUP) if signed_in else (),
        permissions=_permissions(session) if signed_in else None,
    )


def served_versions(session: Session, group: str) -> tuple[str, ...]:
    """The versions of an API group that a Grafana serves to this account, in the order it prefers them.

    One request, ``GET /apis/<group>``, with the answer ``{"versions": [{"version": "v1beta1"}, …]}`` of
    Kubernetes' API machinery (12.4.3, recorded). ``Grafana.served_versions`` sends it once.

    Args:
        session: the connection.
        group: the group, such as ``rules.alerting.grafana.app``.

    Returns:
        Such as ``("v1", "v1beta1")``; nothing where the group is not served, or not to this account.

    Raises:
        GrafanaError: no usable answer, for another reason than that.
    """
    try:
        answer = session.read(route("apis", checked_name(group)), f"the API `{group}`").mapping()
    except (NotFoundError, ForbiddenError, UnauthorisedError, UnusableAnswerError):
        # Older servers answer with 404, and those behind a path rewrite with a web page: there is an older
        # API for both.
        return ()
    return tuple(name for item in objects(answer, "versions") if (name := text(item, "version")))


def _account(session: Session) -> tuple[int, str, bool]:
    """The organization and the account; reading the organization is what proves that credentials work."""
    credentials = bool(session.settings.secrets)
    org_id = session.settings.org_id or 1
    try:
        current_id = session.read(route("api", "org"), f"the organization {org_id}").mapping().get("id")
        org_id = current_id if isinstance(current_id, int) else org_id
    except UnauthorisedError:
        if credentials:
            raise
        return org_id, "", False
    except (ForbiddenError, NotFoundError):
        # A token belongs to one organization; a user asks for one, and this says that it is not theirs.
        if session.settings.org_id is not None and not session.settings.token:
            raise
    if not credentials:
        # Anonymous access that may read the organization counts as an account without a name.
        return org_id, "", True
    try:
        user = session.read(route("api", "user"), "the account").mapping()
    except (ForbiddenError, NotFoundError):
        return org_id, "", True
    return org_id, text(user, "login"), True


def _frontend_settings(session: Session) -> Json:
    try:
        return session.read(route("api", "frontend", "settings"), "the settings of Grafana").mapping()
    except GrafanaError:
        return {}


def _permissions(session: Session) -> dict[str, tuple[str, ...]] | None:
    path = route("api", "access-control", "user", "permissions")
    try:
        data = session.read(path, "the permissions of the account").mapping()
    except GrafanaError:
        return None
    return {
        action: tuple(str(scope) for scope in scopes) if isinstance(scopes, list) else ()
        for action, scopes in data.items()
    }


def _namespace(settings: Json, org_id: int) -> str:
    namespace = text(settings, "namespace")
    if namespace:
        return checked_name(namespace)
    return "default" if org_id == 1 else f"org-{org_id}"


def _note(slug: str, message: str, hint: str = "", severity: Severity = Severity.INFO) -> Diagnostic:
    return Diagnostic(f"grafana/{slug}", message, hint=hint, severity=severity)
