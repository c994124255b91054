"""Check files while they are still in memory: what `validate_paths` says of them once they are written."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from dashgen.check.check_dashboards import check_dashboard, classic_dashboard
from dashgen.check.check_report import Report
from dashgen.check.check_rule_files import check_rules, check_rules_together
from dashgen.check.inventory import Inventory
from dashgen.check.provisioning.across_files import check_alerting_together, collect_alerting
from dashgen.check.provisioning.provisioned_alerting import check_alerting
from dashgen.check.provisioning.provisioned_data_sources import (
    check_data_sources,
    check_data_sources_together,
)
from dashgen.check.provisioning.provisioned_providers import check_providers
from dashgen.check.provisioning.provisioned_templates import defined_templates
from dashgen.check.sound_panels import SoundPanels

_RULES = {"rules/prometheus/": "prometheus", "rules/loki/": "loki"}


class Elsewhere(Struct, frozen=True):
    """What files may name that is not in them.

    Attributes:
        data_sources: the type of each data source by uid.
        contact_points: the names of contact points.
        mute_times: the names of mute timings.
        panels: the ids of each dashboard's panels by uid.
    """

    data_sources: Mapping[str, str] = {}
    contact_points: frozenset[str] = frozenset()
    mute_times: frozenset[str] = frozenset()
    panels: Mapping[str, Collection[int]] = {}


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


def check_built_files(reports: Iterable[Report], elsewhere: Elsewhere) -> None:
    """Check everything but dashboards, each file and all together.

    Args:
        reports: the data of the files, with their paths below the output, and where findings go.
        elsewhere: what they may name that is in none of them.
    """
    inventory = Inventory(panels=dict(elsewhere.panels))
    languages = [_sort(report, inventory) for report in reports]
    inventory.templates = {name for report in inventory.alerting for name in defined_templates(report)}
    for report in inventory.data_sources:
        check_data_sources(report)
    check_data_sources_together(inventory)
    inventory.data_source_types |= elsewhere.data_sources
    for report in inventory.providers:
        check_providers(report)
    collect_alerting(inventory)
    inventory.contact_points |= elsewhere.contact_points
    inventory.mute_times |= elsewhere.mute_times
    for report in inventory.alerting:
        check_alerting(report, inventory)
    check_alerting_together(inventory)
    for report, language in zip(inventory.rules, filter(None, languages), strict=True):
        check_rules(report, language)
    check_rules_together(inventory)


def _sort(report: Report, inventory: Inventory) -> str:
    """Put a file where the inventory has its kind; the language of a rule file."""
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
