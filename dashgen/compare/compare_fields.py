"""Differences of a panel's fields: units, thresholds, mappings, overrides, links and drawing."""

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import number, quoted, show, word_change
from dashgen.compare.change_values import labelled_changes, same_or_redacted
from dashgen.compare.compare_links import link_details
from dashgen.compare.list_order import order_details

Fields = dict[str, Any]
_OWN_WORDS = ("thresholds", "mappings", "links")
_MATCHERS = {"byName": "field", "byRegexp": "fields", "byFrameRefID": "query", "byType": "fields of type"}


def field_details(old: Fields, new: Fields, path: Path, subject: str) -> Iterator[Detail]:
    """The differences of two ``fieldConfig`` objects."""
    one, other = old.get("defaults", {}), new.get("defaults", {})
    below = (*path, "defaults")
    yield from threshold_details(one.get("thresholds", {}), other.get("thresholds", {}), below, subject)
    yield from _mapping_details(one.get("mappings", []), other.get("mappings", []), below, subject)
    yield from link_details(
        one.get("links", []), other.get("links", []), (*below, "links"), subject, "data link"
    )
    rest = [{key: value for key, value in fields.items() if key not in _OWN_WORDS} for fields in (one, other)]
    yield from labelled_changes(
        rest[0], rest[1], option_labels.FIELD, below, subject, ("fieldConfig", "defaults")
    )
    yield from _override_details(
        old.get("overrides", []), new.get("overrides", []), (*path, "overrides"), subject
    )
    known = ("defaults", "overrides")
    rest = [{key: value for key, value in config.items() if key not in known} for config in (old, new)]
    yield from labelled_changes(rest[0], rest[1], {}, path, subject, ("fieldConfig",))


def threshold_details(old: Fields, new: Fields, path: Path, subject: str, of: str = "") -> Iterator[Detail]:
    """The differences of thresholds: by colour where that tells steps apart, else by number."""
    if same_or_redacted(old, new):
        return
    below = (*path, "thresholds")
    before, after = old.get("steps", []), new.get("steps", [])
    if bool(before) != bool(after):
        said = f"thresholds{of} {'set to' if after else 'removed:'} {_steps(after or before)}"
        yield Detail((said,), below, before or None, after or None, subject)
        return
    if old.get("mode") != new.get("mode"):
        said = f"thresholds{of} as {'percentages' if new.get('mode') == 'percentage' else 'plain numbers'}"
        yield Detail((said,), (*below, "mode"), old.get("mode"), new.get("mode"), subject)
    yield from _step_details(before, after, (*below, "steps"), subject, of)


def _steps(steps: list[Fields]) -> str:
    return ", ".join(_step(step) for step in steps)


def _step(step: Fields) -> str:
    value = step.get("value")
    return f"{step.get('color')}{'' if value is None else f' {show(value)}'}"


def _step_details(
    before: list[Fields], after: list[Fields], path: Path, subject: str, of: str
) -> Iterator[Detail]:
    old, new = ({step.get("color"): step for step in steps} for steps in (before, after))
    if len(old) != len(before) or len(new) != len(after):
        yield from _steps_by_number(before, after, path, subject, of)
        return
    details = list(_steps_by_color(old, new, path, subject, of))
    yield from details or order_details(
        list(map(str, old)), list(map(str, new)), f"thresholds{of}", path, subject
    )


def _steps_by_color(
    old: dict[Any, Fields], new: dict[Any, Fields], path: Path, subject: str, of: str
) -> Iterator[Detail]:
    gone, come = [s for c, s in old.items() if c not in new], [s for c, s in new.items() if c not in old]
    recoloured = [(a, b) for a in gone for b in come if same_or_redacted(a.get("value"), b.get("value"))]
    for a, b in recoloured:
        where = "base colour" if a.get("value") is None else f"threshold {show(a.get('value'))}"
        yield Detail(
            (f"{where}{of} {a.get('color')} → {b.get('color')}",), (*path, str(a.get("color"))), a, b, subject
        )
    done = [id(step) for pair in recoloured for step in pair]
    for color in [*old, *(color for color in new if color not in old)]:
        one, other = old.get(color), new.get(color)
        if same_or_redacted(one, other) or id(one) in done or id(other) in done:
            continue
        yield Detail((_step_change(color, one, other, of),), (*path, str(color)), one, other, subject)


def _step_change(color: Any, old: Fields | None, new: Fields | None, of: str) -> str:
    if old is None or new is None:
        return f"threshold {_step(new or old or {})}{of} {'added' if old is None else 'removed'}"
    one, other = ("the base" if step.get("value") is None else show(step["value"]) for step in (old, new))
    return f"threshold {color}{of} {one} → {other}"


def _steps_by_number(
    before: list[Fields], after: list[Fields], path: Path, subject: str, of: str
) -> Iterator[Detail]:
    for index, (one, other) in enumerate(zip_longest(before, after)):
        if same_or_redacted(one, other):
            continue
        shown = " → ".join("nothing" if step is None else _step(step) for step in (one, other))
        yield Detail((f"threshold {index + 1}{of} {shown}",), (*path, index), one, other, subject)


def _mapping_details(old: list[Fields], new: list[Fields], path: Path, subject: str) -> Iterator[Detail]:
    one, other = _mappings(old), _mappings(new)
    below = (*path, "mappings")
    for key in [*one, *(key for key in other if key not in one)]:
        a, b = one.get(key), other.get(key)
        if same_or_redacted(a, b):
            continue
        if a is None or b is None:
            said = f"mapping of {key} to {_result(b or a or {})} {'added' if a is None else 'removed'}"
        else:
            said = f"mapping of {key} {_result(a)} → {_result(b)}"
        yield Detail((said,), (*below, key), a, b, subject)
    yield from order_details(list(one), list(other), "mappings", below, subject)


def _mappings(found: list[Fields]) -> dict[str, Fields]:
    """The results of value mappings by what is mapped, in words."""
    results: dict[str, Fields] = {}
    for item in found:
        options = item.get("options", {})
        if item.get("type") == "value":
            # One mapping looks all of its values up at once: only the order of mappings decides.
            listed = sorted(
                (show(value), result) for value, result in options.items() if isinstance(result, dict)
            )
            results |= {value: result for value, result in listed if value not in results}
        elif item.get("type") == "range":
            low, high = (
                number(v) if isinstance(v, int | float) else "∞"
                for v in (options.get("from"), options.get("to"))
            )
            results.setdefault(f"{'-' * (low == '∞')}{low} to {high}", options.get("result", {}))
        else:
            results.setdefault(
                show(options.get("match") or options.get("pattern")), options.get("result", {})
            )
    return results


def _result(result: Fields) -> str:
    words = [quoted(str(result["text"]))] if result.get("text") else []
    words += [str(result[key]) for key in ("color", "icon") if result.get(key)]
    return " ".join(words) or "nothing"


def _override_details(old: list[Fields], new: list[Fields], path: Path, subject: str) -> Iterator[Detail]:
    one, other = _overrides(old), _overrides(new)
    for name in [*one, *(name for name in other if name not in one)]:
        a, b = one.get(name), other.get(name)
        if a is None or b is None:
            there = b or a or {}
            said = f"override of {name} {'added' if a is None else 'removed'}: {_properties(there)}"
            yield Detail((said,), (*path, name), a, b, subject)
            continue
        for key in sorted({*a, *b}):
            if not same_or_redacted(a.get(key), b.get(key)):
                yield from _property_details(name, key, a.get(key), b.get(key), (*path, name, key), subject)
    yield from order_details(list(one), list(other), "overrides", path, subject)


def _property_details(name: str, key: str, old: Any, new: Any, path: Path, subject: str) -> Iterator[Detail]:
    if key == "thresholds" and isinstance(old, dict) and isinstance(new, dict):
        yield from threshold_details(old, new, path[:-1], subject, f" of {name}")
        return
    label = f"override of {name}: {option_labels.FIELD.get(key, key)}"
    shown = [_color(value) for value in (old, new)]
    yield Detail(word_change(label, *shown), path, old, new, subject)


def _color(value: Any) -> Any:
    if isinstance(value, dict) and set(value) <= {"mode", "fixedColor"}:
        return value.get("fixedColor") or value.get("mode")
    return value


def _overrides(found: list[Fields]) -> dict[str, Fields]:
    """The properties of overrides by whom they are for, in words; those for the same are numbered."""
    listed: dict[str, Fields] = {}
    seen: Counter[str] = Counter()
    for item in found:
        matcher = item.get("matcher", {})
        kind = str(matcher.get("id", ""))
        name = f"{_MATCHERS.get(kind, kind)} {show(matcher.get('options'))}".strip()
        seen[name] += 1
        properties = listed.setdefault(name if seen[name] == 1 else f"{name} ({seen[name]})", {})
        for prop in item.get("properties", []):
            properties[str(prop.get("id", ""))] = prop.get("value", "")
    return listed


def _properties(properties: Fields) -> str:
    return ", ".join(
        f"{option_labels.FIELD.get(key, key)} {show(_color(value))}" for key, value in properties.items()
    )
