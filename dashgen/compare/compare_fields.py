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
from dashgen.core.json_values import Json

Fields = Json
_COMPARED_BELOW = ("thresholds", "mappings", "links")
_MATCHERS = {"byName": "field", "byRegexp": "fields", "byFrameRefID": "query", "byType": "fields of type"}


def field_details(old: Fields, new: Fields, path: Path, subject: str) -> Iterator[Detail]:
    """The differences of two ``fieldConfig`` objects."""
    old_defaults, new_defaults = old.get("defaults", {}), new.get("defaults", {})
    below = (*path, "defaults")
    yield from threshold_details(
        old_defaults.get("thresholds", {}), new_defaults.get("thresholds", {}), below, subject
    )
    yield from _mapping_details(
        old_defaults.get("mappings", []), new_defaults.get("mappings", []), below, subject
    )
    yield from link_details(
        old_defaults.get("links", []), new_defaults.get("links", []), (*below, "links"), subject, "data link"
    )
    rest = [
        {key: value for key, value in fields.items() if key not in _COMPARED_BELOW}
        for fields in (old_defaults, new_defaults)
    ]
    yield from labelled_changes(
        rest[0], rest[1], option_labels.FIELD, below, subject, ("fieldConfig", "defaults")
    )
    yield from _override_details(
        old.get("overrides", []), new.get("overrides", []), (*path, "overrides"), subject
    )
    compared = ("defaults", "overrides")
    rest = [{key: value for key, value in config.items() if key not in compared} for config in (old, new)]
    yield from labelled_changes(rest[0], rest[1], {}, path, subject, ("fieldConfig",))


def threshold_details(old: Fields, new: Fields, path: Path, subject: str, of: str = "") -> Iterator[Detail]:
    """Yield the differences of thresholds: by colour where each step has its own, else by number."""
    if same_or_redacted(old, new):
        return
    below = (*path, "thresholds")
    before, after = old.get("steps", []), new.get("steps", [])
    if bool(before) != bool(after):
        sentence = f"thresholds{of} {'set to' if after else 'removed:'} {_steps(after or before)}"
        yield Detail((sentence,), below, before or None, after or None, subject)
        return
    if old.get("mode") != new.get("mode"):
        form = "percentages" if new.get("mode") == "percentage" else "plain numbers"
        sentence = f"thresholds{of} as {form}"
        yield Detail((sentence,), (*below, "mode"), old.get("mode"), new.get("mode"), subject)
    yield from _step_details(before, after, (*below, "steps"), subject, of)


def _steps(steps: list[Fields]) -> str:
    return ", ".join(_step(step) for step in steps)


def _step(step: Fields) -> str:
    value = _step_value(step)
    return f"{step.get('color')}{f' {value}' if value else ''}"


def _step_value(step: Fields) -> str:
    """From where on a step holds: a number, or a variable with the number that counts without it."""
    value = "" if step.get("value") is None else show(step["value"])
    by_variable = step.get("valueExpr")
    return f"{by_variable} ({value or 'nothing'})" if by_variable else value


def _step_details(
    before: list[Fields], after: list[Fields], path: Path, subject: str, of: str
) -> Iterator[Detail]:
    old, new = ({step.get("color"): step for step in steps} for steps in (before, after))
    # "red 80 → 90" reads best, and is wrong as soon as two steps share a colour.
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
    removed, added = [s for c, s in old.items() if c not in new], [s for c, s in new.items() if c not in old]
    recoloured = [(a, b) for a in removed for b in added if same_or_redacted(a.get("value"), b.get("value"))]
    for a, b in recoloured:
        label = "base colour" if a.get("value") is None else f"threshold {show(a.get('value'))}"
        yield Detail(
            (f"{label}{of} {a.get('color')} → {b.get('color')}",), (*path, str(a.get("color"))), a, b, subject
        )
    done = [id(step) for pair in recoloured for step in pair]
    for color in [*old, *(color for color in new if color not in old)]:
        old_step, new_step = old.get(color), new.get(color)
        if same_or_redacted(old_step, new_step) or id(old_step) in done or id(new_step) in done:
            continue
        yield Detail(
            (_step_change(color, old_step, new_step, of),), (*path, str(color)), old_step, new_step, subject
        )


def _step_change(color: object, old: Fields | None, new: Fields | None, of: str) -> str:
    if old is None or new is None:
        return f"threshold {_step(new or old or {})}{of} {'added' if old is None else 'removed'}"
    old_value, new_value = (_step_value(step) or "the base" for step in (old, new))
    return f"threshold {color}{of} {old_value} → {new_value}"


def _steps_by_number(
    before: list[Fields], after: list[Fields], path: Path, subject: str, of: str
) -> Iterator[Detail]:
    for index, (old_step, new_step) in enumerate(zip_longest(before, after)):
        if same_or_redacted(old_step, new_step):
            continue
        shown = " → ".join("nothing" if step is None else _step(step) for step in (old_step, new_step))
        yield Detail((f"threshold {index + 1}{of} {shown}",), (*path, index), old_step, new_step, subject)


def _mapping_details(old: list[Fields], new: list[Fields], path: Path, subject: str) -> Iterator[Detail]:
    old_results, new_results = _mappings(old), _mappings(new)
    below = (*path, "mappings")
    for key in [*old_results, *(key for key in new_results if key not in old_results)]:
        old_result, new_result = old_results.get(key), new_results.get(key)
        if same_or_redacted(_unnumbered(old_result), _unnumbered(new_result)):
            continue
        if old_result is None or new_result is None:
            what = "added" if old_result is None else "removed"
            sentence = f"mapping of {key} to {_result(new_result or old_result or {})} {what}"
        else:
            sentence = f"mapping of {key} {_result(old_result)} → {_result(new_result)}"
        yield Detail((sentence,), (*below, key), old_result, new_result, subject)
    before, after = list(old_results), list(new_results)
    # Where the order in which values are tried stays, the editor may list them in another one.
    if before == after:
        before, after = _editor_order(old_results), _editor_order(new_results)
    yield from order_details(before, after, "mappings", below, subject)


def _unnumbered(result: Fields | None) -> Fields | None:
    return None if result is None else {key: value for key, value in result.items() if key != "index"}


def _editor_order(results: dict[str, Fields]) -> list[str]:
    """What is mapped in the order of the numbers that the editor sorts its rows by; they mean nothing else.

    Source: ``buildEditRowModels`` of the value mappings editor (dimensions/editors) in 12.4.
    """
    return sorted(results, key=lambda key: str(results[key].get("index", 0)).zfill(4))


def _mappings(mappings: list[Fields]) -> dict[str, Fields]:
    """The results of value mappings by the value, range or pattern that is mapped."""
    results: dict[str, Fields] = {}
    for item in mappings:
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
    parts = [quoted(str(result["text"]))] if result.get("text") else []
    parts += [str(result[key]) for key in ("color", "icon") if result.get(key)]
    return " ".join(parts) or "nothing"


def _override_details(old: list[Fields], new: list[Fields], path: Path, subject: str) -> Iterator[Detail]:
    old_overrides, new_overrides = _overrides(old), _overrides(new)
    for name in [*old_overrides, *(name for name in new_overrides if name not in old_overrides)]:
        old_properties, new_properties = old_overrides.get(name), new_overrides.get(name)
        if old_properties is None or new_properties is None:
            properties = new_properties or old_properties or {}
            what = "added" if old_properties is None else "removed"
            sentence = f"override of {name} {what}: {_properties(properties)}"
            yield Detail((sentence,), (*path, name), old_properties, new_properties, subject)
            continue
        for key in sorted({*old_properties, *new_properties}):
            if not same_or_redacted(old_properties.get(key), new_properties.get(key)):
                yield from _property_details(
                    name, key, old_properties.get(key), new_properties.get(key), (*path, name, key), subject
                )
    yield from order_details(list(old_overrides), list(new_overrides), "overrides", path, subject)


def _property_details(
    name: str, key: str, old: object, new: object, path: Path, subject: str
) -> Iterator[Detail]:
    if key == "thresholds" and isinstance(old, dict) and isinstance(new, dict):
        yield from threshold_details(old, new, path[:-1], subject, f" of {name}")
        return
    label = f"override of {name}: {option_labels.FIELD.get(key, key)}"
    shown = [_color(value) for value in (old, new)]
    yield Detail(word_change(label, *shown), path, old, new, subject)


def _color(value: object) -> Any:
    if isinstance(value, dict) and set(value) <= {"mode", "fixedColor"}:
        return value.get("fixedColor") or value.get("mode")
    return value


def _overrides(overrides: list[Fields]) -> dict[str, Fields]:
    """The properties of overrides by their matchers, as phrases; overrides with one matcher are numbered."""
    listed: dict[str, Fields] = {}
    seen: Counter[str] = Counter()
    for item in overrides:
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
