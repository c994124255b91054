"""Check files while they are still in memory, as `validate_paths` does once they are written."""

from collections.abc import Mapping, Sequence

from dashgen.check.check_alertmanager import check_alertmanager
from dashgen.check.check_dashboards import check_dashboard, classic_dashboard
from dashgen.check.check_report import Report
from dashgen.check.check_rule_files import check_rules, check_rules_together
from dashgen.check.inventory import Elsewhere, Inventory
from dashgen.check.provisioning.provisioned_files import check_provisioning
from dashgen.check.sound_panels import SoundPanels

_RULES = {"rules/prometheus/": "prometheus", "rules/loki/": "loki"}


def check_built_dashboard(
    report: Report, data_sources: Mapping[str, str], sound: SoundPanels | None = None
) -> None:
    """Check a dashboard in the classic model.

    Args:
        report: its data, with its path below the output as the report's, and where findings go.
        data_sources: the type of each data source by uid.
        sound: the panels of dashboards before it that have no fault.
    """
    inventory, dashboard = Inventory(data_source_types=dict(data_sources)), classic_dashboard(report)
    if sound is None or not sound.hold_all_of(dashboard, inventory):
        check_dashboard(dashboard, inventory)


def check_built_files(reports: Sequence[Report], elsewhere: Elsewhere) -> None:
    """Check everything but dashboards, each file and all together.

    Args:
        reports: the data of the files, with their paths below the output, and where findings go.
        elsewhere: the names that they may refer to and do not define.
    """
    inventory = Inventory(panels=dict(elsewhere.panels))
    languages = [_sort(report, inventory) for report in reports]
    manifests = [report for report in reports if report.path.parts[:1] in (("kubernetes",), ("apis",))]
    if manifests:
        from dashgen.check.kubernetes.check_manifest import check_manifest  # for projects that have some

        for report in manifests:
            check_manifest(report)
    for report in reports:
        if report.path.name == "alertmanager.yml":
            check_alertmanager(report)
    check_provisioning(inventory, elsewhere)
    for report, language in zip(inventory.rules, filter(None, languages), strict=True):
        check_rules(report, language)
    check_rules_together(inventory)


def _sort(report: Report, inventory: Inventory) -> str:
    """Add a file to its kind in the inventory; the language of a rule file."""
    path = report.path.as_posix()
    kinds = {
        "provisioning/dashboards/": inventory.providers,
        "provisioning/datasources/": inventory.data_sources,
        "provisioning/alerting/": inventory.alerting,
        **dict.fromkeys(_RULES, inventory.rules),
    }
    for start, reports in kinds.items():
        if path.startswith(start):
            reports.append(report)
            return _RULES.get(start, "")
    return ""
