"""The version that a dashboard is stored at, from an answer of the Kubernetes-style API at any version."""

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.servers.grafana.live_dashboard import is_v2_version
from dashgen.servers.http.response_values import mapping, objects, text

_FIRST = "v0alpha1"


class DashboardVersions(Struct, frozen=True):
    """The versions of the dashboard API to speak: for classic JSON, and for schema v2 where it is served.

    ``served`` are all that the server has.
    """

    classic: str
    v2: str = ""
    served: tuple[str, ...] = ()

    def fitting(self, stored_as: str) -> str:
        """The version at which a dashboard is read and written that is stored at ``stored_as``.

        Versions of one schema convert into each other without loss, so the newest one stands for all.
        """
        if not is_v2_version(stored_as):
            return self.classic
        return self.v2 or (stored_as if stored_as in self.served else self.classic)


def dashboard_versions(capabilities: Capabilities) -> DashboardVersions | None:
    """The versions to speak with a Grafana; nothing where it has the classic API alone."""
    classic = capabilities.dashboard_version
    if classic is None:
        return None
    return DashboardVersions(
        classic, capabilities.dashboard_v2_version or "", tuple(capabilities.dashboard_versions)
    )


def stored_version(item: Json) -> str:
    """The version that an object is stored at, such as ``v2``; nothing when it does not tell.

    ``status.conversion.storedVersion`` has it where the answer was converted, but not in every direction on
    each 13.0 (grafana, apps/dashboard/pkg/migration/conversion/conversion.go, commit 04e520d5: those from and
    to ``v2`` are registered without ``normalizeConversion``). Then the newest of ``metadata.managedFields``
    has the version that was written last; of two in one second the newer schema counts, as nothing is lost
    in it.
    """
    if stored := text(mapping(mapping(item, "status"), "conversion"), "storedVersion"):
        return stored
    written = [
        (text(entry, "time"), is_v2_version(version), version)
        for entry in objects(mapping(item, "metadata"), "managedFields")
        if (version := text(entry, "apiVersion").rpartition("/")[2])
    ]
    return max(written)[2] if written else ""


def has_failed(item: Json) -> bool:
    """Whether Grafana could not convert an object, so that its ``spec`` lacks what is stored."""
    return mapping(mapping(item, "status"), "conversion").get("failed") is True


def version_to_reread(item: Json, version: str, versions: DashboardVersions) -> str:
    """The version at which to read an object again that was read at ``version``; nothing when it fits."""
    stored_as = stored_version(item) or version
    fitting = versions.fitting(stored_as)
    if fitting != version:
        # A failed conversion of classic JSON shows nothing; the first version shows it as it is stored.
        return "" if version == _FIRST and not is_v2_version(stored_as) else fitting
    if has_failed(item) and not is_v2_version(stored_as) and _FIRST in versions.served:
        return _FIRST
    return ""
