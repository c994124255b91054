"""What an application exposes at `/metrics`: the text format of Prometheus, and OpenMetrics.

Read by hand: the format is a few lines of grammar, each family keeps the line where it stands, and a line
that is wrong spoils only itself. Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ and
https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.telemetry.sample_line import LineError, Sample, read_sample, unescaped

MOST_SAMPLES: Final = 500_000
_MOST_PROBLEMS: Final = 50
_LONGEST_HELP: Final = 1000
_COMMENT: Final = lazy_pattern(r'#[ \t]+(HELP|TYPE|UNIT)[ \t]+("(?:\\.|[^"\\])*"|\S+)(?:[ \t]+(.*))?$')
_SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "counter": ("_total", "_created"),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "gaugehistogram": ("_bucket", "_gsum", "_gcount"),
    "summary": ("_sum", "_count", "_created"),
    "info": ("_info",),
}
_TYPES: Final = frozenset({*_SUFFIXES, "gauge", "stateset", "unknown", "untyped"})
_GENERATED_LABELS: Final = {"histogram": "le", "gaugehistogram": "le", "summary": "quantile"}


class Family(Struct):
    """One metric with all its samples.

    Attributes:
        name: as queries name it; a counter's ends with ``_total`` where its samples do.
        type: counter, gauge, histogram, summary, or unknown where nobody says.
        help: its description by the application.
        unit: its unit, in OpenMetrics.
        line: where it begins, from 1.
        samples: its samples, those of its buckets, sums and counts among them.
    """

    name: str
    type: str = "unknown"
    help: str = ""
    unit: str = ""
    line: int = 0
    samples: list[Sample] = []


class ExpositionProblem(Struct, frozen=True):
    """A line that is wrong, and why."""

    line: int
    message: str


class Exposition(Struct):
    """Everything that an application exposes, by name, and the lines that are wrong."""

    families: dict[str, Family] = {}
    problems: list[ExpositionProblem] = []


def parse_exposition(text: str) -> Exposition:
    """Read an exposition; never raises, whatever the text."""
    return _ExpositionReader().read(text)


class _ExpositionReader:
    def __init__(self) -> None:
        self._families: dict[str, Family] = {}
        self._owners: dict[str, Family] = {}
        self._problems: list[ExpositionProblem] = []
        self._count = 0

    def read(self, text: str) -> Exposition:
        for number, line in enumerate(text.split("\n"), 1):
            stripped = line.strip(" \t\r")
            # OpenMetrics ends with `# EOF`; the older format simply ends.
            if stripped == "# EOF" or self._count > MOST_SAMPLES:
                break
            if not stripped:
                continue
            try:
                self._line(number, stripped)
            except LineError as error:
                self._report(number, str(error))
        if self._count > MOST_SAMPLES:
            self._report(0, f"there are more than {MOST_SAMPLES} samples; the others were not read")
        families = {family.name: family for family in map(_named, self._families.values())}
        return Exposition(families, self._problems)

    def _report(self, number: int, message: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(ExpositionProblem(number, message))

    def _line(self, number: int, line: str) -> None:
        if not line.startswith("#"):
            sample = read_sample(line)
            self._count += 1
            self._owner(sample.name, number).samples.append(sample)
            return
        if (match := _COMMENT.match(line)) is None:
            return
        keyword, name, rest = match[1], match[2].strip('"'), match[3] or ""
        family = self._family(name, number)
        if keyword == "HELP":
            family.help = unescaped(rest)[:_LONGEST_HELP]
        elif keyword == "UNIT":
            family.unit = rest.strip()
        else:
            self._type(family, rest.strip().lower())

    def _type(self, family: Family, kind: str) -> None:
        if kind not in _TYPES:
            raise LineError(f"`{kind[:40]}` is not a type of metrics")
        if family.type != "unknown":
            raise LineError(f"`{family.name[:200]}` has more than one type")
        family.type = "unknown" if kind == "untyped" else kind
        for suffix in _SUFFIXES.get(family.type, ()):
            self._owners.setdefault(family.name + suffix, family)

    def _family(self, name: str, number: int) -> Family:
        return self._families.setdefault(name, Family(name, line=number))

    def _owner(self, name: str, number: int) -> Family:
        """The family of a sample: one of its name, or one whose type gives its samples such names."""
        family = self._families.get(name) or self._owners.get(name)
        return family if family is not None else self._family(name, number)


def _named(family: Family) -> Family:
    """A family under the name that queries use: `queries_total`, not OpenMetrics' `queries`."""
    suffix = {"counter": "_total", "info": "_info"}.get(family.type, "")
    # The older format allows counters whose samples have the very name of the family.
    is_plain = any(sample.name == family.name for sample in family.samples)
    if not family.name.endswith(suffix) and not is_plain:
        family.name += suffix
    # Prometheus stores both as gauges: it has no such types.
    if family.type in {"info", "stateset"}:
        family.type = "gauge"
    return family


def label_sets(family: Family) -> Iterator[Mapping[str, str]]:
    """The labels of each sample that is the application's own, without `le` and `quantile`."""
    generated = _GENERATED_LABELS.get(family.type)
    for sample in family.samples:
        if not sample.name.endswith("_created"):
            yield {key: value for key, value in sample.labels.items() if key != generated}
