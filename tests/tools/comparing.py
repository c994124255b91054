"""An original dashboard and what was built from its import, value by value."""

import re
from collections import defaultdict
from typing import Any

from tests.tools.expected import EXPECTED, Expected
from tests.tools.plain import Json, Steps, at, kind_of, leaves, number, panels_of, spelled
from tests.tools.reasons import may_go

_FALSE: tuple[Any, ...] = (None, "", False, [], {}, 0)
_SKIPPED_PANEL = ("datasource", "gridPos", "id", "targets", "type", "title", "fieldConfig", "options")


def compare(original: Json, built: Json) -> tuple[int, list[str]]:
    """How many values the original has, and those that are gone or changed without a reason, each as `path = value`."""
    count, faults = 0, []
    for part in (_top, _variables, _annotations, _links, _panels):
        part_count, part_faults = part(original, built)
        count += part_count
        faults += part_faults
    return count, faults


def same(one: Any, other: Any) -> bool:
    """Whether two values are one to Grafana: numbers as text are not, 1 and 1.0 are."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isinstance(one, bool) == isinstance(other, bool) and one == other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def like_nothing(value: Any) -> bool:
    """Whether a value says no more than its absence would."""
    return any(same(value, empty) for empty in _FALSE)


def unexplained(part: str, before: Any, after: Any) -> tuple[int, list[str]]:
    """The values of one part that are neither there nor have a reason."""
    count, faults = 0, []
    for path, value in leaves(before):
        count += 1
        after_value = at(after, path)
        if not path or same(after_value, value) or (like_nothing(value) and like_nothing(after_value)):
            continue
        if value in ({}, []) and isinstance(after_value, dict | list):
            continue  # filled with what holds anyway
        name = f"{part}.{spelled(path)}"
        if not may_go(name, value, after_value, before, after, path):
            faults.append(f"{name} = {value!r} → {after_value!r}")
    return count, faults


def _top(original: Json, built: Json) -> tuple[int, list[str]]:
    parts = ("panels", "rows", "templating", "annotations", "links")
    return unexplained("dashboard", {k: v for k, v in original.items() if k not in parts}, built)


def _listed(data: Json, key: str) -> list[Json]:
    items = (data.get(key) or {}).get("list") if isinstance(data.get(key), dict) else None
    return [item for item in items or [] if isinstance(item, dict)]


def _variables(original: Json, built: Json) -> tuple[int, list[str]]:
    built_variables = {item.get("name"): item for item in _listed(built, "templating")}
    count, faults = 0, []
    names = set()
    for item in _listed(original, "templating"):
        name = item.get("name")
        if name in names or not re.fullmatch(r"\w+", str(name)):
            continue
        names.add(name)
        if name not in built_variables:
            faults.append(f"variable = {name!r} is gone")
            continue
        part_count, part_faults = unexplained(
            f"variable({item.get('type') or 'query'})", item, built_variables[name]
        )
        count += part_count
        faults += part_faults
    kept_names = [n for n in names if n in built_variables]
    order = [item.get("name") for item in _listed(built, "templating") if item.get("name") in names]
    originally = [i.get("name") for i in _listed(original, "templating") if i.get("name") in kept_names]
    if order != list(dict.fromkeys(originally)):
        faults.append("variable order = changed")
    return count, faults


def _annotations(original: Json, built: Json) -> tuple[int, list[str]]:
    before = [i for i in _listed(original, "annotations") if i.get("name")]
    after = list(_listed(built, "annotations"))
    count, faults = 0, []
    for item in before:
        match = next((a for a in after if a.get("name") == item["name"]), None)
        if match is None and item.get("builtIn"):
            match = next((a for a in after if a.get("builtIn")), None)
        if match is None:
            faults.append(f"annotation = {item['name']!r} is gone")
            continue
        after.remove(match)
        part_count, part_faults = unexplained("annotation", item, match)
        count += part_count
        faults += part_faults
    return count, faults


def _links(original: Json, built: Json) -> tuple[int, list[str]]:
    before = [i for i in original.get("links") or [] if isinstance(i, dict)]
    return unexplained("link", before, built.get("links"))


def _panels(original: Json, built: Json) -> tuple[int, list[str]]:
    pairs, faults = pair(panels_of(original), panels_of(built))
    numbers = {a.get("id"): b.get("id") for a, b in pairs}
    faults += _references(original, built, numbers)
    count = 0
    for before, after in pairs:
        part_count, part_faults = _panel(before, after)
        count += part_count
        faults += part_faults
    return count, faults


def _signature(panel: Json) -> tuple[str, tuple[str, ...]]:
    queries = tuple(
        str(t.get("expr") or t.get("query") or t.get("target") or t.get("rawSql") or "")
        for t in panel.get("targets") or []
        if isinstance(t, dict)
    )
    return str(panel.get("title") or "").strip(), tuple(a for a in queries if a)


def pair(before: list[Json], after: list[Json]) -> tuple[list[tuple[Json, Json]], list[str]]:
    """Panels of both sides that are the same: by title and queries, then by title, then by order."""
    free = list(after)
    pairs: list[tuple[Json, Json]] = []
    unmatched = list(before)
    for key in (_signature, lambda p: _signature(p)[0], lambda _: ""):
        by: defaultdict[Any, list[Json]] = defaultdict(list)
        for panel in free:
            by[key(panel)].append(panel)
        still_unmatched = []
        for panel in unmatched:
            if by[key(panel)]:
                match = by[key(panel)].pop(0)
                pairs.append((panel, match))
                free = [p for p in free if p is not match]
            else:
                still_unmatched.append(panel)
        unmatched = still_unmatched
    return pairs, [f"panel({kind_of(p)}) = {p.get('title')!r} is gone" for p in unmatched]


def _references(original: Json, built: Json, numbers: dict[Any, Any]) -> list[str]:
    """Numbers of panels that something names have to lead to the same panels."""
    faults = []
    panel_link = re.compile(r"(?:viewPanel|editPanel|panelId)=(?:panel-)?(\d+)")
    uid = original.get("uid")
    for (path, value), (_, there) in zip(_texts(original), _texts(built), strict=False):
        if (
            isinstance(value, str)
            and (match := panel_link.search(value))
            and (f"/{uid}/" in value or value.startswith("?"))
        ):
            panel_id = numbers.get(int(match[1]))
            if panel_id is not None and f"{panel_id}" not in str(there):
                faults.append(f"link to a panel = {spelled(path)} {value} → {there}")
    for item, after in zip(_listed(original, "annotations"), _listed(built, "annotations"), strict=False):
        ids = (item.get("filter") or {}).get("ids") or []
        there = (after.get("filter") or {}).get("ids") or []
        if len(_listed(original, "annotations")) == len(_listed(built, "annotations")):
            changed_ids = [i for i, n in zip(ids, there, strict=False) if i in numbers and numbers[i] != n]
            if changed_ids:
                faults.append(f"annotation.filter.ids = {ids} → {there}")
    return faults


def _texts(data: Json) -> list[tuple[Steps, Any]]:
    return [
        (p, v)
        for panel in panels_of(data)
        for p, v in leaves(panel.get("links") or [])
        if p and p[-1] == "url"
    ]


def _panel(before: Json, after: Json) -> tuple[int, list[str]]:
    kind = kind_of(before)
    if isinstance(before.get("libraryPanel"), dict):
        return 1, [] if isinstance(after.get("libraryPanel"), dict) or after.get("type") else [
            "libraryPanel = gone"
        ]
    count, faults = _targets(before, after)
    faults += _place(before, after)
    expected = EXPECTED[kind](before) if kind in EXPECTED else Expected()
    expected_type = expected.type or kind
    if after.get("type") != expected_type:
        faults.append(f"panel({kind}).type = {before.get('type')!r} → {after.get('type')!r}")
    if str(before.get("title") or "") != str(after.get("title") or ""):
        faults.append(f"panel.title = {before.get('title')!r} → {after.get('title')!r}")
    for path, value in expected.facts:
        count += 1
        after_value = at(after, path)
        if not (
            same(after_value, value)
            or (like_nothing(value) and like_nothing(after_value))
            or _alike(after_value, value)
        ):
            faults.append(f"panel({kind}) {spelled(path)} = {value!r} → {after_value!r}")
    for name, value in expected.overrides:
        count += 1
        if not _has_override(after, name, value):
            faults.append(f"panel({kind}) override {value[0]} = {name!r} {value[1]!r}")
    other_keys = {k: v for k, v in before.items() if k not in (*_SKIPPED_PANEL, *expected.read)}
    part_count, part_faults = unexplained(f"panel({kind})", other_keys, after)
    count, faults = count + part_count, faults + part_faults
    for part in ("options", "fieldConfig"):
        if part in before and part not in expected.read:
            old = _renamed(before[part]) if part == "fieldConfig" and kind == "table" else before[part]
            part_count, part_faults = unexplained(
                f"panel({kind}).{part}", _ordered(old, old), _ordered(old, after.get(part))
            )
            count, faults = count + part_count, faults + part_faults
    return count, faults


def _renamed(config: Any) -> Any:
    """Field options with the names of today for how cells of tables are drawn (schemaVersion 38)."""
    if not isinstance(config, dict):
        return config
    renamed = dict(config)
    custom = (renamed.get("defaults") or {}).get("custom")
    if isinstance(custom, dict) and "displayMode" in custom:
        other_options = {k: v for k, v in custom.items() if k != "displayMode"}
        renamed["defaults"] = {
            **renamed["defaults"],
            "custom": {**other_options, "cellOptions": {"type": _cell(custom["displayMode"])}},
        }
    overrides = []
    for item in renamed.get("overrides") or []:
        properties = [
            {"id": "custom.cellOptions", "value": {"type": _cell(p.get("value"))}}
            if p.get("id") == "custom.displayMode"
            else p
            for p in item.get("properties") or []
        ]
        overrides.append({**item, "properties": properties})
    return {**renamed, "overrides": overrides}


def _cell(mode: Any) -> Any:
    names = {
        "basic": "gauge",
        "gradient-gauge": "gauge",
        "lcd-gauge": "gauge",
        "color-background-solid": "color-background",
    }
    return names.get(mode, mode) if isinstance(mode, str) else mode


def _ordered(before: Any, after: Any) -> Any:
    """Properties of overrides by their ids in the order of the original; only that of one id's values means something."""
    if not isinstance(after, dict) or not isinstance(before, dict) or "overrides" not in after:
        return after
    overrides = []
    for i, item in enumerate(after["overrides"] or []):
        old = before.get("overrides") or []
        names = [p.get("id") for p in (old[i].get("properties") or [])] if i < len(old) else []
        order = {name: n for n, name in reversed(list(enumerate(names)))}
        properties = sorted(item.get("properties") or [], key=lambda p: order.get(p.get("id"), 99))
        overrides.append({**item, "properties": properties})
    return {**after, "overrides": overrides}


def _alike(after: Any, value: Any) -> bool:
    if isinstance(value, set):
        return set(after or []) == value
    return number(after) is not None and number(after) == number(value) and not isinstance(value, str)


def _has_override(after: Json, name: Any, value: tuple[str, Any]) -> bool:
    for item in at(after, ("fieldConfig", "overrides")) or []:
        if at(item, ("matcher", "options")) == name:
            for property_ in item.get("properties") or []:
                if property_.get("id") == value[0] and (
                    same(property_.get("value"), value[1]) or _alike(property_.get("value"), value[1])
                ):
                    return True
    return False


def _targets(before: Json, after: Json) -> tuple[int, list[str]]:
    old = [t for t in before.get("targets") or [] if isinstance(t, dict)]
    old = [t for t in old if {k for k, v in t.items() if v is not None} - {"datasource", "refId", "hide"}]
    new = [t for t in after.get("targets") or [] if isinstance(t, dict)]
    if (
        old
        and len(old) != len(new)
        and after.get("type") not in ("text", "dashlist", "alertlist", "news", "annolist")
    ):
        return 0, [f"targets = {len(old)} → {len(new)} ({before.get('title')})"]
    count, faults = 0, []
    refs = {t.get("refId") for t in old}
    for old_target, new_target in zip(old, new, strict=False):
        kind = at(new_target, ("datasource", "type")) or ""
        part_count, part_faults = unexplained(f"target({kind})", old_target, new_target)
        count, faults = count + part_count, faults + part_faults
    if len(refs) != len(old):
        faults = [f for f in faults if ".refId" not in f]
    return count, faults


def _place(before: Json, after: Json) -> list[str]:
    grid, built_grid = before.get("gridPos"), after.get("gridPos") or {}
    if not isinstance(grid, dict) or "span" in before:
        return []
    faults = []
    for key, most in (("w", 24), ("h", 1000)):
        value = number(grid.get(key))
        if value is not None and 1 <= value <= most and abs(value - built_grid.get(key, 0)) > 0.5:
            faults.append(f"gridPos.{key} = {value} → {built_grid.get(key)}")
    return faults
