"""Metrics that no contract has, guessed from how queries read them: type, labels and their values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.metrics_spec import LabelValues, Metric, MetricType
from dashgen.preview.sample.label_pools import (
    alternatives,
    is_excluded,
    matching_values,
    usual_values,
)
from dashgen.preview.sample.selections import Selection

_ENDINGS: Final = ("_bucket", "_sum", "_count")
_COUNTER: Final = lazy_pattern(r"_total$|_total_|_count$|_sum$|_errors$|_requests$")
_ANY: Final = frozenset({".*", ".+", "", "^.*$", "^.+$", "(.*)", "(.+)"})
_METRIC: Final = lazy_pattern(r"[a-zA-Z_:][\w:]*")
_GROUP: Final = lazy_pattern(r"\(([^()|]+(?:\|[^()|]+)+)\)")
_OF_TYPES: Final = frozenset({"le", "quantile"})
_MOST_VALUES: Final = 6
_FEW_VALUES: Final = 3
_MOST_SETS: Final = 48
_LEAST_LITERALS: Final = 2


class GuessedMetrics(Struct, frozen=True):
    """Metrics by name, with the label sets of their series."""

    metrics: Mapping[str, Metric]
    label_sets: Mapping[str, Sequence[Mapping[str, str]]]


class LabelPools:
    """The values of each label, which all metrics share so that their series find each other.

    Args:
        selections: what queries select: the values that they compare labels with exist.
        chosen: values of labels that are chosen somewhere, such as those of saved variables.
    """

    def __init__(self, selections: Iterable[Selection], chosen: Mapping[str, Sequence[str]]) -> None:
        self._literals: dict[str, dict[str, None]] = {
            label: dict.fromkeys(values) for label, values in chosen.items()
        }
        for selection in selections:
            for label, sign, value in selection.matchers:
                texts = _literals(sign, value)
                self._literals.setdefault(label, {}).update(dict.fromkeys(texts))

    def values(self, label: str) -> list[str]:
        """Some values of a label, those first that queries name."""
        named = [*self._literals.get(label, ())][:_MOST_VALUES]
        more = usual_values(label) if len(named) < _LEAST_LITERALS else ()
        return [*dict.fromkeys([*named, *more])]

    def allowed(self, label: str, matchers: Sequence[tuple[str, str]]) -> list[str]:
        """The values of a label that pass its matchers, each an operator and a value; one at least."""
        values = self.values(label)
        for sign, pattern in matchers:
            if sign == "=":
                values = _written_values(pattern)
            elif sign == "=~" and pattern not in _ANY:
                values = matching_values(pattern, values)
        values = [value for value in values if not is_excluded(value, matchers)]
        if not values:
            values = [value for value in (f"{label}-a", "other") if not is_excluded(value, matchers)][:1]
        return values


def _literals(sign: str, value: str) -> list[str]:
    if sign == "=":
        return [one for one in _written_values(value) if one]
    return alternatives(value) if sign == "=~" and value not in _ANY else []


def _written_values(value: str) -> list[str]:
    """The values that `=` means: of a variable with several, they are written as a pattern."""
    match = _GROUP.search(value)
    if match is None:
        texts = alternatives(value) if "\\" in value else []
        plain = texts[0] if texts else value
        # A variable without a value is no value of a label.
        return [] if "$" in plain else [plain]
    parts = match[1].split("|")[:_MOST_VALUES]
    expanded = [f"{value[: match.start()]}{part}{value[match.end() :]}" for part in parts]
    return [one for text in expanded for one in _written_values(text)][:_MOST_VALUES]


def _named(selections: Sequence[Selection]) -> Iterator[Selection]:
    """Selections with a name each; where a pattern selects metrics, some that it matches."""
    names = [*dict.fromkeys(one.name for one in selections if one.name)]
    for selection in selections:
        if selection.name:
            yield selection
            continue
        patterns = [value for label, _, value in selection.matchers if label == "__name__"]
        others = tuple(one for one in selection.matchers if one[0] != "__name__")
        for name in (one for pattern in patterns for one in matching_values(pattern, names)[:_FEW_VALUES]):
            if _METRIC.fullmatch(name):
                yield replace(selection, name=name, matchers=others)


def guessed_metrics(
    selections: Sequence[Selection], existing: Iterable[str], pools: LabelPools
) -> GuessedMetrics:  # fmt: skip
    """The metrics that queries select and no contract has.

    Args:
        selections: what queries select.
        existing: the names of series that there are already.
        pools: the values of labels.
    """
    named = list(_named(selections))
    names = {selection.name for selection in named} - set(existing)
    families: dict[str, list[Selection]] = {}
    for selection in named:
        if selection.name in names:
            families.setdefault(_family(selection.name, names), []).append(selection)
    metrics, label_sets = {}, {}
    for family, members in families.items():
        sets = _label_sets(members, pools)
        labels: dict[str, LabelValues] = {
            label: sorted({one[label] for one in sets if label in one}) for one in sets for label in one
        }
        kind = _type(family, members)
        is_flag = kind == "gauge" and any(one.is_flag for one in members)
        metrics[family] = Metric(type=kind, help="Guessed.", labels=labels, unit="bool" if is_flag else None)
        label_sets[family] = sets
    return GuessedMetrics(metrics, label_sets)


def _family(name: str, names: Iterable[str]) -> str:
    """The histogram or summary that a series is of, or its own name."""
    for ending in _ENDINGS:
        base = name.removesuffix(ending)
        if base != name and (
            ending == "_bucket"
            or {f"{base}_bucket", base} & {*names}
            or {f"{base}_sum", f"{base}_count"} <= {*names}
        ):
            return base
    return name


def _type(family: str, members: Sequence[Selection]) -> MetricType:
    own = [one for one in members if one.name == family]
    if any(label == "quantile" for one in own for label in _labels(one)):
        return "summary"
    if any(one.name != family for one in members):
        return "summary" if own else "histogram"
    is_counter = any(one.is_counted for one in members) or _COUNTER.search(family) is not None
    return "counter" if is_counter and not family.endswith("_info") else "gauge"


def _labels(selection: Selection) -> list[str]:
    return [*dict.fromkeys([*(label for label, _, _ in selection.matchers), *sorted(selection.labels)])]


def _label_sets(members: Sequence[Selection], pools: LabelPools) -> list[Mapping[str, str]]:
    """The labels of a metric's series: for each selector those that it selects."""
    every = [*dict.fromkeys(label for one in members for label in _labels(one) if label not in _OF_TYPES)]
    absent = {label for one in members for label, sign, value in one.matchers if sign == "=" and not value}
    keys = sorted((one.key for one in members if one.key), key=len)
    sets: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
    selected = dict.fromkeys((one.matchers, frozenset(one.labels)) for one in members)
    for matchers, labels in selected:
        identifying = frozenset(keys[0]) if keys else labels
        for one in _selected_sets(
            every, Selection("", matchers, identifying, key=identifying if keys else None), pools
        ):
            present = {label: value for label, value in one.items() if label not in absent}
            identity = tuple(
                (label, value) for label, value in present.items() if not keys or label in identifying
            )
            sets.setdefault(identity, present)
    return list(sets.values())


def _selected_sets(
    every: Sequence[str], selection: Selection, pools: LabelPools
) -> Iterator[Mapping[str, str]]:  # fmt: skip
    # Where series are found by a key, its labels decide about all others.
    own = {*(_labels(selection) if selection.key is None else selection.key)}
    columns: list[list[str]] = []
    for label in every:
        matchers = [(sign, value) for name, sign, value in selection.matchers if name == label]
        values = pools.allowed(label, matchers)
        columns.append(values if label in own and matchers else values[:_FEW_VALUES])
    choices = [column if label in own else column[:1] for label, column in zip(every, columns, strict=True)]
    count = 1
    for column in choices:
        count *= len(column)
    stride = max(count // _MOST_SETS, 1)
    stride += stride > 1 and stride % 2 == 0
    for index in range(min(-(-count // stride), _MOST_SETS)):
        chosen = _combination(choices, index * stride)
        yield {
            label: value if label in own else column[index % len(column)]
            for label, value, column in zip(every, chosen, columns, strict=True)
        }


def _combination(columns: Sequence[Sequence[str]], number: int) -> list[str]:
    # As `product` numbers them; to step through billions of them would take for ever.
    chosen = []
    for column in reversed(columns):
        number, index = divmod(number, len(column))
        chosen.append(column[index])
    return chosen[::-1]
