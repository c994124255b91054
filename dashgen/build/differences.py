"""What differs between a file of the output and what the specs say, in words."""

from collections.abc import Iterator
from typing import Any

import orjson

_MOST = 12


def describe_change(path: str, before: bytes, after: bytes) -> list[str]:
    """Lines that say what a build would change in a file; for a dashboard by panel, elsewhere by line."""
    if path.endswith(".json"):
        try:
            old, new = orjson.loads(before), orjson.loads(after)
        except orjson.JSONDecodeError:
            return [f"{path}: is not JSON any more"]
        found = list(_dashboard(old, new))
    else:
        found = list(_lines(before, after))
    shown = [f"{path}: {line}" for line in found[:_MOST]]
    if len(found) > _MOST:
        shown.append(f"{path}: … and {len(found) - _MOST} more")
    return shown or [f"{path}: differs in form only"]


def _dashboard(old: Any, new: Any) -> Iterator[str]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield "is another kind of JSON"
        return
    old, new = old.get("spec", old), new.get("spec", new)
    before, after = _panels(old), _panels(new)
    for number, panel in after.items():
        if number not in before:
            yield f"panel {_name(panel)} is missing"
        elif panel != before[number]:
            yield f"panel {_name(panel)}: " + ", ".join(_values(before[number], panel, ""))
    for number, panel in before.items():
        if number not in after:
            yield f"panel {_name(panel)} is no longer in the specs"
    yield from _values({**old, "panels": 0}, {**new, "panels": 0}, "")


def _panels(dashboard: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    found = {}
    for panel in dashboard.get("panels", []):
        for one in (panel, *panel.get("panels", [])):
            found[one.get("id")] = {key: value for key, value in one.items() if key != "panels"}
    return found


def _name(panel: dict[str, Any]) -> str:
    return f'"{panel.get("title") or panel.get("type")}"'


def _values(old: Any, new: Any, path: str) -> Iterator[str]:
    """The places where two values differ, as ``path: old → new``."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            below = f"{path}.{key}" if path else str(key)
            if key not in old:
                yield f"{below} is not there, should be {_short(new[key])}"
            elif key not in new:
                yield f"{below} is {_short(old[key])}, should not be there"
            else:
                yield from _values(old[key], new[key], below)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _values(a, b, f"{path}[{index}]")
    elif old != new:
        yield f"{path} is {_short(old)}, should be {_short(new)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"`{text if len(text) <= 120 else text[:119] + '…'}`"


def _lines(before: bytes, after: bytes) -> Iterator[str]:
    from difflib import unified_diff  # noqa: PLC0415  # only for files that differ

    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    for line in unified_diff(old, new, lineterm="", n=0):
        if line.startswith(("---", "+++", "@@")):
            continue
        yield ("is `" if line[0] == "-" else "should be `") + line[1:].strip() + "`"
