"""When an alert fires: ``above 10%``, ``between 1 and 5``, ``absent``, ``present``.

One parsed condition gives Grafana's threshold, the comparison of the Prometheus and Loki rules, and the line
on the linked panel.
"""

from decimal import Decimal, DecimalException
from enum import StrEnum

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern


class Kind(StrEnum):
    """How a value is compared; bounds themselves do not count, except in ``at least`` and ``at most``.

    ``absent`` is no value at all, ``present`` any value: the query has the condition in it already.
    """

    ABOVE = "above"
    BELOW = "below"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    BETWEEN = "between"
    OUTSIDE = "outside"
    EQUALS = "equals"
    ABSENT = "absent"
    PRESENT = "present"


FORMS = {
    Kind.ABOVE: "above 10%",
    Kind.BELOW: "below 5",
    Kind.AT_LEAST: "at least 1",
    Kind.AT_MOST: "at most 1",
    Kind.BETWEEN: "between 1 and 5",
    Kind.OUTSIDE: "outside 1 and 5",
    Kind.EQUALS: "equals 0",
    Kind.ABSENT: "absent",
    Kind.PRESENT: "present",
}
OPERATORS = {Kind.ABOVE: ">", Kind.BELOW: "<", Kind.AT_LEAST: ">=", Kind.AT_MOST: "<=", Kind.EQUALS: "=="}
"""The comparisons of PromQL and LogQL."""
_BARE = (Kind.ABSENT, Kind.PRESENT)
_TWO = (Kind.BETWEEN, Kind.OUTSIDE)
_RECOVERY = {
    Kind.ABOVE: Kind.BELOW,
    Kind.AT_LEAST: Kind.BELOW,
    Kind.BELOW: Kind.ABOVE,
    Kind.AT_MOST: Kind.ABOVE,
    Kind.BETWEEN: Kind.OUTSIDE,
    Kind.OUTSIDE: Kind.BETWEEN,
}
# What people write in other languages, and the word for it here.
_SIGNS = {
    ">": "above", ">=": "at least", "<": "below", "<=": "at most", "==": "equals", "=": "equals",
    "over": "above", "under": "below", "is": "equals", "more": "above", "less": "below", "greater": "above",
    "lower": "below", "missing": "absent", "within": "between", "any": "present", "exists": "present",
}  # fmt: skip
# What a unit makes of a number, as text for `Decimal`: 7% is 0.07, and not 0.07000000000000001.
UNITS = {
    "": "1", "%": "0.01", "$": "1", "€": "1", "£": "1", "USD": "1", "EUR": "1", "GBP": "1", "AED": "1",
    "ns": "1e-9", "us": "1e-6", "µs": "1e-6", "ms": "0.001", "s": "1", "m": "60", "min": "60", "h": "3600",
    "d": "86400", "w": "604800",
    "k": "1e3", "K": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
    "B": "1", "KB": "1e3", "kB": "1e3", "MB": "1e6", "GB": "1e9", "TB": "1e12",
    "KiB": "1024", "MiB": "1048576", "GiB": "1073741824", "TiB": "1099511627776",
    "/s": "1", "/min": "0.01666666666666666666666666667", "/h": "0.0002777777777777777777777777778",
}  # fmt: skip
_NUMBER = lazy_pattern(
    r"(?P<sign>[-+]?)(?P<money>[$€£]?)(?P<digits>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>\D*)"
)


class Condition(Struct, frozen=True):
    """A condition with its numbers in base units (a percentage is a part of 1), and that of its recovery."""

    kind: Kind
    values: tuple[float, ...] = ()
    recover: "Condition | None" = None

    def holds(self, value: float) -> bool:
        """Whether a value meets it; NaN never does."""
        low, high = (*self.values, 0.0, 0.0)[:2]  # kinds with fewer numbers do not look at the others
        return {
            Kind.ABOVE: value > low,
            Kind.BELOW: value < low,
            Kind.AT_LEAST: value >= low,
            Kind.AT_MOST: value <= low,
            Kind.BETWEEN: low < value < high,
            Kind.OUTSIDE: value < low or value > high,
            Kind.EQUALS: value == low,
            Kind.ABSENT: False,
            Kind.PRESENT: True,
        }[self.kind]


class ConditionProblem(Struct, frozen=True):
    """Why a text is not a condition, and what to write."""

    message: str
    hint: str


def parse_condition(text: str) -> Condition | ConditionProblem:
    """The condition that is written as ``above 10%``, or what is wrong with it."""
    condition = " ".join(text.split())
    kind = next((k for k in Kind if condition == k or condition.startswith(f"{k} ")), None)
    if kind is None:
        return _unknown(condition)
    rest = condition[len(kind) :].strip()
    if kind in _BARE:
        return (
            Condition(kind) if not rest else ConditionProblem(f"`{kind}` takes no number", f"write `{kind}`")
        )
    parts = rest.split(" and ") if kind in _TWO else [rest]
    if len(parts) != number_count(kind) or not all(parts):
        count = "two numbers" if kind in _TWO else "a number"
        return ConditionProblem(
            f"`{condition}` lacks {count} after `{kind}`", f"write for example `{FORMS[kind]}`"
        )
    values = []
    for part in parts:
        value = parse_number(part)
        if isinstance(value, ConditionProblem):
            return value
        values.append(value)
    if kind in _TWO and values[0] >= values[1]:
        return ConditionProblem(
            f"`{condition}` has its bounds in the wrong order", "write the smaller number first"
        )
    return Condition(kind, tuple(values))


def number_count(kind: Kind) -> int:
    """How many numbers a kind of condition compares a value with."""
    return 2 if kind in _TWO else 0 if kind in _BARE else 1


def with_recovery(condition: Condition, text: str) -> Condition | ConditionProblem:
    """The condition with the one at which a firing alert recovers, such as ``below 8%`` for ``above 10%``."""
    opposite = _RECOVERY.get(condition.kind)
    if opposite is None:
        return ConditionProblem(f"`{condition.kind}` has no recovery of its own", "remove `recover`")
    recovery = parse_condition(text)
    if isinstance(recovery, ConditionProblem):
        return recovery
    if recovery.kind is not opposite:
        return ConditionProblem(
            f"an alert that fires `{condition.kind}` does not recover `{recovery.kind}`",
            f"write for example `{FORMS[opposite]}`",
        )
    if not _apart(condition, recovery):
        hint = "leave room between the number that fires and the one that recovers"
        return ConditionProblem("the alert would recover while it fires", hint)
    return Condition(condition.kind, condition.values, recovery)


def _apart(condition: Condition, recovery: Condition) -> bool:
    """Whether no value meets both, so that an alert does not recover while it fires."""
    fires, ends = condition.values, recovery.values
    if condition.kind in (Kind.ABOVE, Kind.AT_LEAST):
        return ends[0] <= fires[0]
    if condition.kind in (Kind.BELOW, Kind.AT_MOST):
        return ends[0] >= fires[0]
    inner, outer = (fires, ends) if condition.kind is Kind.BETWEEN else (ends, fires)
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _unknown(condition: str) -> ConditionProblem:
    first = condition.split(" ", maxsplit=1)[0] if condition else ""
    sign = next((s for s in (">=", "<=", "==", ">", "<", "=") if condition.startswith(s)), first)
    word = _SIGNS.get(sign)
    if word is not None:
        number = condition[len(sign) :].strip().removeprefix("than ")
        first_word = number.split(" ", maxsplit=1)[0]
        # Of `is above 5` only the first word is too much.
        if sign == "is" and (first_word in list(Kind) or number.startswith("at ")):
            return ConditionProblem(f"`{condition}` is not a condition", f"write `{number}`")
        right = word if word in _BARE else f"{word} {number}"
        return ConditionProblem(f"`{condition}` is not a condition", f"write `{right.strip()}`")
    if not condition:
        return ConditionProblem("the condition is empty", f"write for example `{FORMS[Kind.ABOVE]}`")
    hint = nearest(first, [kind.split(" ")[0] for kind in Kind])
    return ConditionProblem(f"`{condition}` is not a condition", hint)


def parse_number(text: str) -> float | ConditionProblem:
    """A number with an optional unit, in base units: ``10%`` is 0.1, ``5m`` is 300, ``$50`` is 50."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        hint = (
            "write digits with `.` before the decimals and without separators, then a unit such as `%` or `s`"
        )
        return ConditionProblem(f"`{text}` is not a number", hint)
    unit = match["unit"].strip()
    if unit not in UNITS or (match["money"] and unit):
        return ConditionProblem(
            f"`{unit}` is not a unit", nearest(unit, [u for u in UNITS if u]) or _UNIT_HINT
        )
    try:
        value = float(Decimal(match["sign"] + match["digits"]) * Decimal(UNITS[unit]))
    except (DecimalException, OverflowError):
        value = float("inf")
    if value in (float("inf"), float("-inf")):
        return ConditionProblem(f"`{text}` is too large", "write a smaller number")
    return value


_UNIT_HINT = (
    "use `%`, a time (`ms`, `s`, `m`, `h`, `d`), money (`$50`), a size (`MB`, `GiB`), `k`, `M`, or none"
)


def format_number(value: float) -> str:
    """A number as PromQL, LogQL and YAML read it, without a needless fraction."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def compared(query: str, condition: Condition) -> str:
    """A query as PromQL or LogQL that keeps the series which meet a condition with numbers.

    Args:
        query: one operand.
        condition: the condition; not ``absent`` or ``present``.
    """
    values = [format_number(value) for value in condition.values]
    if condition.kind is Kind.BETWEEN:
        return f"{query} > {values[0]} < {values[1]}"
    if condition.kind is Kind.OUTSIDE:
        return f"{query} < {values[0]} or {query} > {values[1]}"
    return f"{query} {OPERATORS[condition.kind]} {values[0]}"
