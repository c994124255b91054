"""Which units of panels fit the numbers that their queries give."""

from typing import Final

from dashgen.check.lint.subjects import LintPanel, LintProject, LintQuery
from dashgen.model.derived_units import derive_unit

_FITTING: Final = {
    "s": frozenset(("s", "dtdurations", "dthms", "clocks")),
    "ms": frozenset(("ms", "dtdurationms", "clockms")),
    "µs": frozenset(("µs",)),
    "ns": frozenset(("ns",)),
    "bytes": frozenset(("bytes", "decbytes")),
    "bits": frozenset(("bits", "decbits")),
    "Bps": frozenset(("Bps", "binBps")),
    "bps": frozenset(("bps", "binbps")),
    "percentunit": frozenset(("percentunit",)),
    "percent": frozenset(("percent", "humidity")),
    "currencyUSD": frozenset(("currencyUSD",)),
    "currencyEUR": frozenset(("currencyEUR",)),
    "celsius": frozenset(("celsius",)),
    "volt": frozenset(("volt",)),
    "amp": frozenset(("amp",)),
    "joule": frozenset(("joule",)),
    "lengthm": frozenset(("lengthm",)),
    "massg": frozenset(("massg",)),
}
"""The units that show a number of a unit as it is: `bytes` and `decbytes` differ in their prefixes only."""
_QUANTITIES: Final = {
    **{unit: natural for natural, units in _FITTING.items() for unit in units},
    **dict.fromkeys(("m", "h", "d", "timeticks"), "another time"),
    **dict.fromkeys(("kbytes", "deckbytes", "mbytes", "decmbytes", "gbytes", "decgbytes", "tbytes"), "more bytes"),
    **dict.fromkeys(("KBs", "KiBs", "MBs", "MiBs", "GBs", "GiBs"), "more bytes a second"),
    **dict.fromkeys(("Kbits", "Kibits", "Mbits", "Mibits", "Gbits", "Gibits"), "more bits a second"),
    **dict.fromkeys(("dateTimeAsIso", "dateTimeAsUS", "dateTimeAsLocal", "dateTimeFromNow"), "a date"),
    **dict.fromkeys(("reqps", "ops", "cps", "rps", "wps", "iops", "eps", "pps"), "events a second"),
    "hertz": "hertz", "fahrenheit": "fahrenheit", "kelvin": "kelvin", "watt": "watt",
}  # fmt: skip
_MOMENTS: Final = ("_start_time_seconds", "_boot_time_seconds", "_timestamp_seconds", "_created")
PLAIN: Final = frozenset((None, "", "none", "short"))
"""Units that show a number as it is."""


def natural_unit(query: LintQuery, project: LintProject) -> str | None:
    """The unit of what a PromQL query gives, where a name or the contract tells; None for counts too."""
    shape = query.shape
    if shape is None:
        return None
    metric = shape.metric or ""
    if metric.endswith("_bucket") and not shape.quantile:
        return None  # a bucket counts, whatever its name ends in
    if shape.divided is not None and not (shape.ratio or shape.average_of):
        return None  # seconds per core, bytes per request
    derived = derive_unit(shape, project.metric_facts)
    unit = derived[0] if derived else None
    return unit if unit in _FITTING else None


def common_unit(panel: LintPanel, project: LintProject) -> str | None:
    """The unit of all queries of a panel; None where columns are computed or have units of their own."""
    if panel.transformations or panel.shown_fields or panel.overrides_any("unit"):
        return None
    units = {natural_unit(query, project) for query in panel.queries}
    return units.pop() if len(units) == 1 else None


def is_plain_anyway(query: LintQuery, unit: str) -> bool:
    """Whether a number of a unit is shown as it is by many.

    Such as cores in use, a ratio above 1, bits of entropy, and points in time, whose unit is no duration.
    """
    is_named_ratio = unit == "percentunit" and query.shape is not None and not query.shape.part_of_whole
    metric = (query.shape.metric or "") if query.shape is not None else ""
    return unit == "bits" or is_named_ratio or metric.endswith(_MOMENTS)


def is_rate_of_stock(query: LintQuery) -> bool:
    """Whether it is the rate of memory in use, which is a fault of the query and not of the unit."""
    shape = query.shape
    metric = (shape.metric or "") if shape is not None and shape.per_second else ""
    return "memory" in metric and not metric.endswith("_total")


def is_share_of_time(query: LintQuery) -> bool:
    """Whether it is seconds per second: a share, or cores in use, for which nobody agrees on a unit."""
    return query.shape is not None and query.shape.per_second and not query.shape.ratio


def contradicts(unit: str | None, natural: str) -> bool:
    """Whether a unit shows numbers of another unit wrongly; units of one's own are not known to."""
    return unit in _QUANTITIES and unit not in _FITTING[natural]
