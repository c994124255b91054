"""A first contract from an exposition, for people to complete."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, Final

from dashgen.core.json_values import Json
from dashgen.doctor.contract.observed_metrics import observe, own_families
from dashgen.servers.telemetry import Exposition, Family
from dashgen.source.edit import Edit, SetValue, edited, written
from dashgen.source.spec_text import printable, protected

MOST_VALUES: Final = 12
_GROWTH: Final = 2
_NO_HELP: Final = "What it counts or measures."
_UNITS: Final[Mapping[str, str]] = {
    "seconds": "s",
    "bytes": "bytes",
    "ratio": "percentunit",
    "celsius": "celsius",
}
_HEADER: Final = """\
# The contract: everything that the application exports. Queries are checked against it, and
# `dashgen metrics check` compares it with the running application.
kind: Metrics
metrics:
"""


def contract_of(
    exposition: Exposition, passed_over: Container[str], few: int = MOST_VALUES
) -> dict[str, Json]:
    """The metrics of an exposition as a contract has them.

    Args:
        exposition: what the application exposes.
        passed_over: metrics to leave out.
        few: up to so many values of a label are listed; of more, only how many there may be.
    """
    families = own_families(exposition)
    metrics = {
        name: _metric(family, few) for name, family in sorted(families.items()) if name not in passed_over
    }
    # The value of a label may look like an expression of the spec language, and must not become one.
    contract: dict[str, Json] = protected(printable(metrics))
    return contract


def first_contract(metrics: Mapping[str, Any]) -> str:
    """The text of a new spec file."""
    return _HEADER + "".join(f"{written({name: metric}, 2)}\n" for name, metric in metrics.items())


def completed(file: str, text: str, document: int, data: object, metrics: Mapping[str, Any]) -> str:
    """The text of a spec file with what it lacks; the rest stays as it is, byte for byte.

    Args:
        file: its name in diagnostics.
        text: its text.
        document: which of its documents is the contract.
        data: that document's plain data.
        metrics: what the application exposes.

    Raises:
        EditError: the file cannot be completed without changing something else in it.
    """
    declared = data.get("metrics") if isinstance(data, dict) else None
    declared_metrics = declared if isinstance(declared, dict) else {}
    edits: list[Edit] = []
    for name, metric in metrics.items():
        if name not in declared_metrics:
            edits.append(SetValue(("metrics", name), metric))
        elif isinstance(declared_metrics[name], dict):
            edits += _additions(name, declared_metrics[name], metric)
    return edited(file, text, document, edits) if edits else text


def _additions(name: str, declared: Mapping[str, Any], metric: Mapping[str, Any]) -> Sequence[Edit]:
    """Labels and values that a declared metric lacks; its type, help and unit stay as they are declared."""
    labels = declared.get("labels")
    declared_labels: Mapping[str, Any] = labels if isinstance(labels, dict) else {}
    edits: list[Edit] = []
    for label, values in metric.get("labels", {}).items():
        declared_values = declared_labels.get(label)
        if declared_values is None:
            edits.append(SetValue(("metrics", name, "labels", label), values))
        elif isinstance(declared_values, list) and isinstance(values, list):
            new = [value for value in values if value not in declared_values]
            if new:
                edits.append(SetValue(("metrics", name, "labels", label), [*declared_values, *new]))
    return edits


def _metric(family: Family, few: int) -> Json:
    metric: Json = {
        "type": _type(family),
        "help": " ".join(family.help.split()) or _NO_HELP,
    }
    unit = _UNITS.get(family.unit)
    if unit:
        metric["unit"] = unit
    values = observe(family).values
    if values:
        metric["labels"] = {label: _values(seen, few) for label, seen in sorted(values.items())}
    return metric


def _type(family: Family) -> str:
    """The type, or the one that the name suggests where the application exports none."""
    if family.type == "unknown":
        return "counter" if family.name.endswith("_total") else "gauge"
    return "histogram" if family.type == "gaugehistogram" else family.type


def _values(seen: set[str], few: int) -> list[str] | Json:
    """The values, or a bound of twice as many when they are many."""
    if len(seen) <= few:
        return sorted(seen)
    return {"max": _round(len(seen) * _GROWTH), "example": min(seen)}


def _round(count: int) -> int:
    """A round number at least as large: 50, 200, 1000."""
    for step in (10, 50, 100, 500, 1000, 5000, 10_000):
        if count <= step * 5:
            return -(-count // step) * step
    return -(-count // 10_000) * 10_000
