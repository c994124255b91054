"""What an exposition shows of one metric: its labels and their values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashgen.servers.telemetry import Exposition, Family
from dashgen.servers.telemetry.exposition import label_sets


@dataclass(slots=True)
class Observed:
    """A metric as exposed: how many label sets it has, and for each label its values and how many sets have it."""

    family: Family
    sets: int = 0
    values: dict[str, set[str]] = field(default_factory=dict)
    carriers: dict[str, int] = field(default_factory=dict)


def observe(family: Family) -> Observed:
    """Look at all samples of a metric; an empty value is no label, as Prometheus has it."""
    observed = Observed(family)
    for labels in {tuple(sorted(one.items())) for one in label_sets(family)}:
        observed.sets += 1
        for name, value in labels:
            if value:
                observed.values.setdefault(name, set()).add(value)
                observed.carriers[name] = observed.carriers.get(name, 0) + 1
    return observed


def own_families(exposition: Exposition) -> Mapping[str, Family]:
    """The metrics that an application means: without the time at which a library made each of them."""
    families = exposition.families
    return {name: family for name, family in families.items() if not _is_created(name, families)}


def _is_created(name: str, families: Mapping[str, Family]) -> bool:
    base = name.removesuffix("_created")
    return base != name and (base in families or f"{base}_total" in families)
