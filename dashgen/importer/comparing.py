"""Compare what a spec builds to with the dashboard that it should build to."""

from dashgen.core.json_values import ABSENT, Json, differing_parts, dotted
from dashgen.formats.upgrade.upgrade_panels import with_defaults
from dashgen.importer.import_sections import comparable_dynamic
from dashgen.importer.import_variables import without_derived


def compare(built: Json, goal: Json) -> list[str]:
    """The paths at which a built dashboard differs from its goal, apart from panel ids and derived values."""
    # A dashboard without a uid gets one from its title.
    goal = {**goal, "uid": goal["uid"] or built["uid"]}
    parts = differing_parts(_comparable(built), _comparable(goal))
    # Null means as much as no value.
    return [dotted(path) for path, *values in parts if any(value not in (None, ABSENT) for value in values)]


def _comparable(data: Json) -> Json:
    return {
        **{key: value for key, value in data.items() if key != "schemaVersion"},
        "tags": [tag for tag in data["tags"] if tag != "dashgen"],
        "panels": [_comparable_panel(panel) for panel in data["panels"]],
        "templating": [without_derived(item) for item in data["templating"]["list"]],
    }


def _comparable_panel(panel: Json) -> Json:
    panel = with_defaults(panel)
    comparable = {key: value for key, value in panel.items() if key not in ("id", "fieldConfig")}
    if panel.get("dynamic"):
        comparable["dynamic"] = comparable_dynamic(panel["dynamic"])
    if panel.get("type") == "row":
        comparable["panels"] = [_comparable_panel(child) for child in panel["panels"]]
    if config := panel.get("fieldConfig"):
        # The order of the properties of one override means nothing, that of the overrides does.
        overrides = [_sorted(item) for item in config.get("overrides") or ()]
        comparable["fieldConfig"] = {**config, "overrides": overrides}
    return comparable


def _sorted(item: Json) -> Json:
    return {**item, "properties": sorted(item.get("properties") or (), key=lambda p: str(p.get("id")))}
