"""Binary operations on rows of series. Source: ``VectorBinop`` in promql/engine.go of Prometheus 3.14."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dashgen.evaluate.promql.arithmetic_operators import ARITHMETIC, COMPARING
from dashgen.evaluate.promql.row_operations import (
    ScalarRow,
    combined_values,
    compared_values,
    distinct_rows,
    masked_values,
    presence,
    without_name,
)
from dashgen.evaluate.samples import NAME, EvaluationFailedError, LabelKey, Labels, Rows, SeriesRow, label_key

SET_OPERATORS = frozenset({"and", "or", "unless"})


class VectorMatching(Struct, frozen=True):
    """How the series of two operands find each other.

    Attributes:
        labels: the labels of `on` or `ignoring`.
        is_on: whether they are those of `on`.
        many: the side with several series of a group, `left` or `right`; empty when each has one.
        included: the labels that the many get from the one.
        is_bool: whether a comparison gives 0 or 1 instead of dropping samples.
    """

    labels: tuple[str, ...] = ()
    is_on: bool = False
    many: str = ""
    included: tuple[str, ...] = ()
    is_bool: bool = False

    def key(self, labels: Labels) -> LabelKey:
        """What two series have in common when they match."""
        if self.is_on:
            return label_key({name: labels.get(name, "") for name in self.labels})
        left_out = {NAME, *self.labels}
        return label_key({name: value for name, value in labels.items() if name not in left_out})


def set_operation(operator: str, left: Rows, right: Rows, matching: VectorMatching) -> Rows:
    """`and`, `or` and `unless`."""
    if operator == "or":
        partners_by_key = _rows_by_key(left, matching)
        return distinct_rows(
            [*left, *(_outside(row, partners_by_key.get(matching.key(row.labels))) for row in right)]
        )
    partners_by_key = _rows_by_key(right, matching)
    rows = []
    for row in left:
        partners = partners_by_key.get(matching.key(row.labels))
        if operator == "unless":
            rows.append(_outside(row, partners))
        elif partners is not None:
            rows.append(SeriesRow(row.labels, masked_values(row.values, presence(partners, len(row.values)))))
    return distinct_rows(rows)


def _rows_by_key(rows: Rows, matching: VectorMatching) -> Mapping[LabelKey, Rows]:
    by_key: dict[LabelKey, Rows] = {}
    for row in rows:
        by_key.setdefault(matching.key(row.labels), []).append(row)
    return by_key


def _outside(row: SeriesRow, others: Rows | None) -> SeriesRow:
    if others is None:
        return row
    taken = presence(others, len(row.values))
    return SeriesRow(row.labels, masked_values(row.values, (not one for one in taken)))


def operate(operator: str, left: float, right: float) -> float | None:
    """The result of two numbers; a comparison gives the left one, or None when it does not hold."""
    if operator in COMPARING:
        return left if COMPARING[operator](left, right) else None
    return ARITHMETIC[operator](left, right)


def scalar_operation(operator: str, left: ScalarRow, right: ScalarRow, *, is_bool: bool) -> ScalarRow:
    """An operation of two numbers."""
    results = []
    for one, other in zip(left.values, right.values, strict=True):
        value = operate(operator, one, other)
        results.append(float(value is not None) if is_bool else float(value or 0))
    return ScalarRow(results)


def with_scalar(operator: str, rows: Rows, number: ScalarRow, matching: VectorMatching) -> Rows:
    """An operation of series, on the side of ``many``, and a number.

    A comparison gives the series' value, on whichever side it is.
    """
    results = []
    is_swapped = matching.many == "right"
    keeps_name = operator in COMPARING and not matching.is_bool
    numbers = [*number.values]
    for labels, values in rows:
        pair = (numbers, values) if is_swapped else (values, numbers)
        if matching.is_bool:
            outcome = compared_values(operator, *pair)
        else:
            outcome = combined_values(operator, *pair)
            if keeps_name and is_swapped:
                outcome = [None if one is None else value for one, value in zip(outcome, values, strict=True)]
        results.append(SeriesRow(labels if keeps_name else without_name(labels), outcome))
    return distinct_rows(results)


def vector_operation(operator: str, left: Rows, right: Rows, matching: VectorMatching) -> Rows:
    """An operation of series on both sides.

    Raises:
        EvaluationFailedError: several series match one, and it is not said which side has many.
    """
    if not left or not right:
        return []
    is_right_many = matching.many == "right"
    many, one = (right, left) if is_right_many else (left, right)
    partners = _partners(one, many, matching, "left" if is_right_many else "right")
    results: Rows = []
    matches = _Matches(matching)
    for row in many:
        key = matching.key(row.labels)
        for partner in partners.get(key, ()):
            pair = (partner.values, row.values) if is_right_many else (row.values, partner.values)
            compute = compared_values if operator in COMPARING and matching.is_bool else combined_values
            labels = _result_labels(operator, row.labels, partner.labels, matching)
            # A second match is refused even where the comparison drops it, since Prometheus 3.
            matches.add(key, labels, pair)
            results.append(SeriesRow(labels, compute(operator, *pair)))
    return distinct_rows(results)


def _partners(rows: Rows, many: Rows, matching: VectorMatching, side: str) -> Mapping[LabelKey, Rows]:
    partners = _rows_by_key(rows, matching)
    for key, same in partners.items():
        if len(same) > 1:
            # Only steps at which the other side has anything are looked at.
            others = presence(many, len(same[0].values))
            if any(
                is_there and sum(row.values[step] is not None for row in same) > 1
                for step, is_there in enumerate(others)
            ):
                raise EvaluationFailedError(
                    f"several series on the {side} of the operation match by the same labels: {dict(key)}"
                )
    return partners


_Pair = tuple[Sequence[float | None], Sequence[float | None]]


class _Matches:
    """The matches of an operation so far, of which no two may be the same at one step."""

    def __init__(self, matching: VectorMatching) -> None:
        self._is_single = not matching.many
        self._pairs: dict[tuple[LabelKey, LabelKey], list[_Pair]] = {}

    def add(self, key: LabelKey, labels: Labels, pair: _Pair) -> None:
        """Note a match.

        Raises:
            EvaluationFailedError: there is one already.
        """
        group = key, () if self._is_single else label_key(labels)
        others = self._pairs.setdefault(group, [])
        if others:
            taken = {step for other in others for step in _steps(other)}
            if not taken.isdisjoint(_steps(pair)):
                hint = "; `group_left` or `group_right` is needed" if self._is_single else ""
                raise EvaluationFailedError(f"several series match one in an operation{hint}")
        others.append(pair)


def _steps(pair: _Pair) -> set[int]:
    values = zip(*pair, strict=True)
    return {step for step, (one, other) in enumerate(values) if one is not None and other is not None}


def _result_labels(operator: str, many: Labels, one: Labels, matching: VectorMatching) -> Labels:
    labels = dict(many)
    if operator not in COMPARING or matching.is_bool:
        labels.pop(NAME, None)
    if not matching.many:
        if matching.is_on:
            return {name: value for name, value in labels.items() if name in matching.labels}
        return {name: value for name, value in labels.items() if name not in matching.labels}
    for name in matching.included:
        if one.get(name):
            labels[name] = one[name]
        else:
            labels.pop(name, None)
    return labels


def joined_labels(labels: Labels, target: str, separator: str, sources: Sequence[str]) -> Labels:
    """The labels of `label_join`."""
    return with_label(labels, target, separator.join(labels.get(name, "") for name in sources))


def with_label(labels: Labels, name: str, value: str) -> Labels:
    """The labels with one set; an empty value removes it."""
    rest = {other: text for other, text in labels.items() if other != name}
    return {**rest, name: value} if value else rest
