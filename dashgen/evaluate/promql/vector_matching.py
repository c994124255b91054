"""Binary operations on vectors. Source: ``VectorBinop`` in promql/engine.go of Prometheus 3.14."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.evaluate.promql.arithmetic_operators import ARITHMETIC, COMPARING
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    LabelKey,
    Labels,
    Vector,
    VectorSample,
    label_key,
)

SET_OPERATORS = frozenset({"and", "or", "unless"})


class VectorMatching(Struct, frozen=True):
    """How the samples of two vectors find each other.

    Attributes:
        labels: the labels of `on` or `ignoring`.
        is_on: whether they are those of `on`.
        many: the side with several samples of a group, `left` or `right`; empty when each has one.
        included: the labels that the many get from the one.
        is_bool: whether a comparison gives 0 or 1 instead of dropping samples.
    """

    labels: tuple[str, ...] = ()
    is_on: bool = False
    many: str = ""
    included: tuple[str, ...] = ()
    is_bool: bool = False

    def key(self, labels: Labels) -> LabelKey:
        """What two samples have in common when they match."""
        if self.is_on:
            return label_key({name: labels.get(name, "") for name in self.labels})
        left_out = {NAME, *self.labels}
        return label_key({name: value for name, value in labels.items() if name not in left_out})


def without_name(labels: Labels) -> Labels:
    """The labels without the name of the metric."""
    return {name: value for name, value in labels.items() if name != NAME}


def set_operation(operator: str, left: Vector, right: Vector, matching: VectorMatching) -> Vector:
    """`and`, `or` and `unless`."""
    if operator == "or":
        keys = {matching.key(sample.labels) for sample in left}
        return [*left, *(sample for sample in right if matching.key(sample.labels) not in keys)]
    keys = {matching.key(sample.labels) for sample in right}
    return [sample for sample in left if (matching.key(sample.labels) in keys) is (operator == "and")]


def operate(operator: str, left: float, right: float) -> float | None:
    """The result of two numbers; a comparison gives the left one, or None when it does not hold."""
    if operator in COMPARING:
        return left if COMPARING[operator](left, right) else None
    return ARITHMETIC[operator](left, right)


def with_scalar(operator: str, vector: Vector, number: float, matching: VectorMatching) -> Vector:
    """An operation of a vector, on the side of ``many``, and a number.

    A comparison gives the vector's value, on whichever side it is.
    """
    result = []
    is_bool = matching.is_bool
    keeps_name = operator in COMPARING and not is_bool
    for labels, value in vector:
        pair = (number, value) if matching.many == "right" else (value, number)
        outcome = operate(operator, *pair)
        if operator in COMPARING:
            outcome = _compared(outcome, value, is_bool=is_bool)
        if outcome is not None:
            result.append(VectorSample(labels if keeps_name else without_name(labels), outcome))
    return result


def _compared(outcome: float | None, value: float, *, is_bool: bool) -> float | None:
    if is_bool:
        return float(outcome is not None)
    return None if outcome is None else value


def vector_operation(operator: str, left: Vector, right: Vector, matching: VectorMatching) -> Vector:
    """An operation of two vectors.

    Raises:
        EvaluationFailedError: several samples match one, and it is not said which side has many.
    """
    if not left or not right:
        return []
    is_right_many = matching.many == "right"
    many, one = (right, left) if is_right_many else (left, right)
    partners = _partners(one, matching, "left" if is_right_many else "right")
    results: Vector = []
    taken: dict[LabelKey, set[LabelKey]] = {}
    for sample in many:
        key = matching.key(sample.labels)
        partner = partners.get(key)
        if partner is None:
            continue
        pair = (partner.value, sample.value) if is_right_many else (sample.value, partner.value)
        value = operate(operator, *pair)
        if operator in COMPARING and matching.is_bool:
            value = float(value is not None)
        labels = _result_labels(operator, sample.labels, partner.labels, matching)
        # A second match is refused even where the comparison drops it, since Prometheus 3.
        _refuse_second(taken.setdefault(key, set()), labels, matching)
        if value is not None:
            results.append(VectorSample(labels, value))
    return results


def _partners(vector: Vector, matching: VectorMatching, side: str) -> dict[LabelKey, VectorSample]:
    partners: dict[LabelKey, VectorSample] = {}
    for sample in vector:
        key = matching.key(sample.labels)
        if key in partners:
            raise EvaluationFailedError(
                f"several series on the {side} of the operation match by the same labels: {dict(key)}"
            )
        partners[key] = sample
    return partners


def _refuse_second(taken: set[LabelKey], labels: Labels, matching: VectorMatching) -> None:
    result = label_key(labels)
    if (taken and not matching.many) or result in taken:
        hint = "" if matching.many else "; `group_left` or `group_right` is needed"
        raise EvaluationFailedError(f"several series match one in an operation{hint}")
    taken.add(result)


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


def refuse_duplicates(vector: Vector) -> Vector:
    """The vector itself.

    Raises:
        EvaluationFailedError: two of its samples have the same labels.
    """
    if len(vector) > 1 and len({label_key(sample.labels) for sample in vector}) < len(vector):
        raise EvaluationFailedError("the result has several series with the same labels")
    return vector


def joined_labels(labels: Labels, target: str, separator: str, sources: Sequence[str]) -> Labels:
    """The labels of `label_join`."""
    return with_label(labels, target, separator.join(labels.get(name, "") for name in sources))


def with_label(labels: Labels, name: str, value: str) -> Labels:
    """The labels with one set; an empty value removes it."""
    rest = {other: text for other, text in labels.items() if other != name}
    return {**rest, name: value} if value else rest
