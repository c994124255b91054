"""A first contract from an exposition, which people then make better."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashgen.doctor.contract.observed_metrics import observe, own_families
from dashgen.model.known_series import PassedOver
from dashgen.servers.telemetry import Exposition, Family
from dashgen.source.edit import Edit, SetValue, edited, written
from dashgen.source.spec_text import printable, protected

FEW: Final = 12
_ROOM: Final = 2
_NO_HELP: Final = "What it counts or measures."
_UNITS: Final[Mapping[str, str]] = {
    "seconds": "s",
    "bytes": "bytes",
    "ratio": "percentunit",
    "celsius": "celsius",
}
_HEAD: Final = """# The contract: everything that the application exports. Queries are checked against it, and
# `dashgen metrics check` compares it with the running application.
kind: Metrics
metrics:
"""


def drawn_up(exposition: Exposition, passed_over: PassedOver, few: int = FEW) -> dict[str, dict[str, Any]]:
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
    # What somebody put into a label must not become an expression of the spec.
    drawn: dict[str, dict[str, Any]] = protected(printable(metrics))
    return drawn


def first_contract(metrics: Mapping[str, Any]) -> str:
    """The text of a new spec file."""
    return _HEAD + "".join(f"{written({name: metric}, 2)}\n" for name, metric in metrics.items())


def completed(file: str, text: str, document: int, data: Any, metrics: Mapping[str, Any]) -> str:
    """The text of a spec file with what it lacks; what people wrote stays as it is, byte for byte.

    Args:
        file: its name in diagnostics.
        text: its text.
        document: which of its documents is the contract.
        data: that document's plain data.
        metrics: what the application exposes.

    Raises:
        EditError: the file cannot be changed without changing what is around.
    """
    declared = data.get("metrics") if isinstance(data, dict) else None
    written = declared if isinstance(declared, dict) else {}
    edits: list[Edit] = []
    for name, metric in metrics.items():
        if name not in written:
            edits.append(SetValue(("metrics", name), metric))
        elif isinstance(written[name], dict):
            edits += _additions(name, written[name], metric)
    return edited(file, text, document, edits) if edits else text


def _additions(name: str, written: Mapping[str, Any], metric: Mapping[str, Any]) -> Sequence[Edit]:
    """Labels and values that a declared metric lacks; its type, help and unit are what people wrote."""
    labels = written.get("labels")
    have: Mapping[str, Any] = labels if isinstance(labels, dict) else {}
    edits: list[Edit] = []
    for label, values in metric.get("labels", {}).items():
        mine = have.get(label)
        if mine is None:
            edits.append(SetValue(("metrics", name, "labels", label), values))
        elif isinstance(mine, list) and isinstance(values, list):
            new = [value for value in values if value not in mine]
            if new:
                edits.append(SetValue(("metrics", name, "labels", label), [*mine, *new]))
    return edits


def _metric(family: Family, few: int) -> dict[str, Any]:
    metric: dict[str, Any] = {
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
    """The type, or what the name says where the application says none."""
    if family.type == "unknown":
        return "counter" if family.name.endswith("_total") else "gauge"
    return "histogram" if family.type == "gaugehistogram" else family.type


def _values(seen: set[str], few: int) -> list[str] | dict[str, Any]:
    """The values, or a bound with room for more when they are many."""
    if len(seen) <= few:
        return sorted(seen)
    return {"max": _round(len(seen) * _ROOM), "example": min(seen)}


def _round(count: int) -> int:
    """A number that people would write: 50, 200, 1000."""
    for step in (10, 50, 100, 500, 1000, 5000, 10_000):
        if count <= step * 5:
            return -(-count // step) * step
    return -(-count // 10_000) * 10_000
