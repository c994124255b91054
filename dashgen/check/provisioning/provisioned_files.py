"""Check the provisioning files of a tree, each by itself and all together."""

from dashgen.check.inventory import Elsewhere, Inventory
from dashgen.check.provisioning.across_files import check_alerting_together, collect_alerting
from dashgen.check.provisioning.provisioned_alerting import check_alerting
from dashgen.check.provisioning.provisioned_data_sources import (
    check_data_sources,
    check_data_sources_together,
)
from dashgen.check.provisioning.provisioned_providers import check_providers
from dashgen.check.provisioning.provisioned_templates import defined_templates


def check_provisioning(inventory: Inventory, elsewhere: Elsewhere) -> None:
    """Check data sources, providers and alerting, and add their definitions to the inventory.

    Args:
        inventory: the files.
        elsewhere: the names that they may refer to and do not define.
    """
    inventory.templates = {name for report in inventory.alerting for name in defined_templates(report)}
    for report in inventory.data_sources:
        check_data_sources(report)
    # Links between data sources have to stay within the files; rules and dashboards may name others too.
    check_data_sources_together(inventory)
    inventory.data_source_types |= elsewhere.data_sources
    for report in inventory.providers:
        check_providers(report)
    # Names first: a policy of one file may refer to a contact point of another.
    collect_alerting(inventory)
    inventory.contact_points |= elsewhere.contact_points
    inventory.mute_times |= elsewhere.mute_times
    for report in inventory.alerting:
        check_alerting(report, inventory)
    check_alerting_together(inventory)
