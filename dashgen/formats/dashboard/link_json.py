"""Links at the top of a dashboard."""

from dashgen.core.json_values import Json

_DEFAULTS = {
    "asDropdown": False,
    "icon": "external link",
    "includeVars": False,
    "keepTime": False,
    "tags": (),
    "targetBlank": False,
    "title": "",
    "tooltip": "",
    "type": "link",
    "url": "",
}


def migrate_dashboard_link(link: Json) -> Json:
    """A link with all the keys that Grafana writes.

    Before: ``{"keepTime": false, "title": "Runbooks", "type": "link", "url": "https://…"}`` (grafanalib's
    ``ExternalLink``)
    After: the same with ``icon``, ``tooltip``, ``tags``, ``asDropdown``, ``includeVars``, ``targetBlank``
    """
    migrated: Json = {**_DEFAULTS, **{k: v for k, v in link.items() if v is not None}}
    migrated["tags"] = list(migrated["tags"])
    return migrated
