"""Which keys a mapping of a provisioning file may have, and of what kind their values are."""

from collections.abc import Iterator, Mapping
from enum import Enum

from dashgen.check.check_report import Path, Report
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json

_BOOLEANS = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})


class ValueKind(Enum):
    """What a value has to be; the value of each member is how messages name it."""

    TEXT = "text"
    NUMBER = "a whole number"
    BOOLEAN = "true or false"
    LIST = "a list"
    TEXTS = "a list of texts"
    MAPPING = "a mapping"
    TEXT_MAPPING = "a mapping from names to texts"
    ANY = "anything"


Fields = Mapping[str, ValueKind]


def described(value: object) -> str:
    """The kind of a value in messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def fits(value: object, kind: ValueKind) -> bool:
    """Whether Grafana's loader can read the value into a field of that kind; nothing fits everywhere."""
    if value is None or kind is ValueKind.ANY:
        return True
    scalar = not isinstance(value, (list, dict))
    if kind is ValueKind.TEXT:
        return scalar
    if kind is ValueKind.NUMBER:
        return scalar and not isinstance(value, (bool, float)) and _number_text(str(value))
    if kind is ValueKind.BOOLEAN:
        return scalar and (isinstance(value, bool) or str(value) in _BOOLEANS or "$" in str(value))
    if kind in (ValueKind.LIST, ValueKind.TEXTS):
        return isinstance(value, list) and (
            kind is ValueKind.LIST or all(fits(v, ValueKind.TEXT) for v in value)
        )
    return isinstance(value, dict) and (
        kind is ValueKind.MAPPING or all(fits(v, ValueKind.TEXT) for v in value.values())
    )


def _number_text(text: str) -> bool:
    return "$" in text or text.removeprefix("-").isdecimal()


IGNORED = "it would be ignored silently"


def check_fields(
    report: Report,
    path: Path,
    fields: Fields,
    what: str,
    rule: str = "provisioning",
    unknown: str = IGNORED,
) -> Json:
    """Report unknown keys and wrong kinds of the mapping at ``path``.

    Args:
        report: where findings go.
        path: the mapping's path.
        fields: its known keys.
        what: the mapping in messages, such as ``an alert rule``.
        rule: the family of the findings.
        unknown: the consequence of an unknown key.

    Returns:
        The mapping with only the keys whose values have the right kind.
    """
    value = report.value(path)
    if not isinstance(value, dict):
        message = f"{what} has to be a mapping, not {described(value)}"
        report.error(f"{rule}/wrong-type", path, message, "indent its keys below it")
        return {}
    good = {}
    for key, item in value.items():
        kind = fields.get(key)
        if kind is None:
            message = f"unknown key `{key}` in {what}: {unknown}"
            report.error(f"{rule}/unknown-key", (*path, key), message, nearest(key, fields), key=True)
        elif not fits(item, kind):
            message = f"`{key}` has to be {kind.value}, not {described(item)}"
            report.error(f"{rule}/wrong-type", (*path, key), message, _type_hint(item, kind))
        elif item is not None:
            good[key] = item
    return good


def check_entries(
    report: Report,
    path: Path,
    fields: Fields,
    what: str,
    rule: str = "provisioning",
    unknown: str = IGNORED,
) -> Iterator[tuple[Path, Json]]:
    """Check the mappings of the list at ``path`` like `check_fields`; yields path and good keys."""
    items = report.value(path)
    for index, item in enumerate(items if isinstance(items, list) else []):
        good = check_fields(report, (*path, index), fields, what, rule, unknown)
        if isinstance(item, dict):
            yield (*path, index), good


def _type_hint(value: object, kind: ValueKind) -> str:
    if kind is ValueKind.TEXTS and isinstance(value, str):
        return f"write `[{value}]`"
    if kind is ValueKind.NUMBER and isinstance(value, str):
        return "write digits only"
    if kind is ValueKind.BOOLEAN:
        return "write `true` or `false`"
    return ""
