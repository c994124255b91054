"""The forms of dashboard files: the classic JSON, or an envelope around the classic form or schema v2.

Grafana's file provisioning takes schema v2 in its envelope only (grafana#113620), and puts the dashboard into
the folder of its provider, so no folder annotation is written here.
"""

from typing import Final, Literal, TypeAlias

from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import every_panel

DashboardForm: TypeAlias = Literal["classic", "v1beta1", "v2"]
EXTENDED: Final = "extended"
"""The form inside of dashgen, which holds all that schema v2 can hold; for those who write to a server."""
_SERVER_SET: Final = ("uid", "id", "version")


def keeps_dynamic(form: str) -> bool:
    """Whether a form holds what only schema v2 can hold."""
    return form in ("v2", EXTENDED)


def written_dashboard(dashboard: Json, form: str) -> Json:
    """A dashboard in the form of a file.

    Args:
        dashboard: its JSON at schemaVersion 42, with what only schema v2 can hold as `dynamic`.
        form: a `DashboardForm`, or `EXTENDED`.
    """
    if form == EXTENDED:
        return dashboard
    if form == "v2":
        from dashgen.formats.v2 import v2_envelope  # a dozen modules, for projects in this form

        return v2_envelope(dashboard)
    classic = classic_fallback(dashboard)
    return classic if form == "classic" else classic_envelope(classic, form)


def classic_fallback(dashboard: Json) -> Json:
    """A dashboard without what only schema v2 can hold; the same where there is nothing of it."""
    if "dynamic" not in dashboard and not any(
        "dynamic" in panel for panel in every_panel(dashboard["panels"])
    ):
        return dashboard
    from dashgen.formats.v2 import without_dynamic  # a dozen modules, for dashboards that need them

    return without_dynamic(dashboard).dashboard


def classic_envelope(dashboard: Json, version: str) -> Json:
    """The resource of a dashboard in the classic form.

    Args:
        dashboard: its JSON.
        version: the version of the API, such as `v1beta1`.
    """
    return {
        "apiVersion": f"dashboard.grafana.app/{version}",
        "kind": "Dashboard",
        "metadata": {"name": dashboard["uid"]},
        "spec": {key: value for key, value in dashboard.items() if key not in _SERVER_SET},
    }
