"""The labels of exposed metrics and their values."""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.servers.telemetry import Exposition, Family
from dashgen.servers.telemetry.exposition import label_sets


class Observed(Struct):
    """A metric as exposed: its label sets, the values of each label, and the sets that have it."""

    sets: int = 0
    values: dict[str, set[str]] = {}
    carriers: dict[str, int] = {}


def observe(family: Family) -> Observed:
    """The labels of all samples of a metric."""
    observed = Observed()
    for labels in {tuple(sorted(sample_labels.items())) for sample_labels in label_sets(family)}:
        observed.sets += 1
        for name, value in labels:
            # To Prometheus a label with an empty value is a label that is not there.
            if value:
                observed.values.setdefault(name, set()).add(value)
                observed.carriers[name] = observed.carriers.get(name, 0) + 1
    return observed


def own_families(exposition: Exposition) -> Mapping[str, Family]:
    """The metrics of the application itself, without the `x_created` of client libraries."""
    families = exposition.families
    return {name: family for name, family in families.items() if not _is_created(name, families)}


def _is_created(name: str, families: Mapping[str, Family]) -> bool:
    base = name.removesuffix("_created")
    return base != name and (base in families or f"{base}_total" in families)
