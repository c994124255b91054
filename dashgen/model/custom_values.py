"""The values of a custom variable, as text and back.

Grafana keeps only the text and derives the options from it each time: at commas, and at the last `` : `` of
each. Source: ``transformCsvStringToOptions`` of @grafana/scenes (variables/variants/CustomVariable.tsx) in
Grafana 12.4.3.
"""

import re
from collections.abc import Iterable, Iterator

from dashgen.core.lazy_pattern import lazy_pattern

_ITEM = lazy_pattern(r"(?:\\,|[^,])+")
_PAIR = lazy_pattern(r"\s*(.+)\s:\s(.*)")


def custom_text(pairs: Iterable[tuple[str, str]]) -> str:
    """The text of labels and values; commas in them are escaped."""
    return ",".join(_entry(label, value) for label, value in pairs)


def _entry(label: str, value: str) -> str:
    escaped = value.replace(",", "\\,")
    return escaped if label == value else f"{label.replace(',', chr(92) + ',')} : {escaped}"


def custom_options(text: str) -> list[tuple[str, str]]:
    """The labels and values that Grafana reads from the text."""
    options = []
    for item in _ITEM.findall(text):
        plain = item.replace("\\,", ",")
        pair = _PAIR.fullmatch(plain)
        label, value = pair.groups() if pair else (plain, plain)
        options.append((label.strip(), value.strip()))
    return options


def unreadable(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[int, str, str]]:
    """The pairs that Grafana would read otherwise: the number of each, why, and what to do."""
    for number, (label, value) in enumerate(pairs):
        # Written and read again beside another value: whatever Grafana's splitting does to it shows.
        if custom_options(f"{_entry(label, value)},next") == [(label, value), ("next", "next")]:
            continue
        if not value and label == value:
            yield number, "an empty value is left out of the list", "give it a label, such as `None: ''`"
        elif " : " in value or re.search(r"\s:\s", value):
            message = f"Grafana splits `{value}` at ` : ` into a label and a value"
            yield number, message, "write it without spaces around the colon"
        elif value != value.strip() or label != label.strip():
            spaced = value if value != value.strip() else label
            yield number, f"Grafana removes the spaces around `{spaced}`", "remove them"
        else:
            message = f"Grafana does not read `{label}` with the value `{value}` from a list"
            yield number, message, "choose another label or value"
