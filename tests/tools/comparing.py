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
        found, wrong = part(original, built)
        count += found
        faults += wrong
    return count, faults


def same(first: Any, second: Any) -> bool:
    """Whether two values are one to Grafana: numbers as text are not, 1 and 1.0 are."""
    if isinstance(first, int | float) and isinstance(second, int | float):
        return isinstance(first, bool) == isinstance(second, bool) and first == second
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[k], second[k]) for k in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return type(first) is type(second) and first == second


def like_nothing(value: Any) -> bool:
    """Whether a value says no more than its absence would."""
    return any(same(value, empty) for empty in _FALSE)


def unexplained(part: str, before: Any, after: Any) -> tuple[int, list[str]]:
    """The values of one part that are neither there nor have a reason."""
    count, faults = 0, []
    for path, value in leaves(before):
        count += 1
        there = at(after, path)
        if not path or same(there, value) or (like_nothing(value) and like_nothing(there)):
            continue
        if value in ({}, []) and isinstance(there, dict | list):
            continue  # filled with what holds anyway
        name = f"{part}.{spelled(path)}"
        if not may_go(name, value, there, before, after, path):
            faults.append(f"{name} = {value!r} → {there!r}")
    return count, faults


def _top(original: Json, built: Json) -> tuple[int, list[str]]:
    parts = ("panels", "rows", "templating", "annotations", "links")
    return unexplained("dashboard", {k: v for k, v in original.items() if k not in parts}, built)


def _listed(data: Json, key: str) -> list[Json]:
    found = (data.get(key) or {}).get("list") if isinstance(data.get(key), dict) else None
    return [item for item in found or [] if isinstance(item, dict)]


def _variables(original: Json, built: Json) -> tuple[int, list[str]]:
    there = {item.get("name"): item for item in _listed(built, "templating")}
    count, faults = 0, []
    seen = set()
    for item in _listed(original, "templating"):
        name = item.get("name")
        if name in seen or not re.fullmatch(r"\w+", str(name)):
            continue
        seen.add(name)
        if name not in there:
            faults.append(f"variable = {name!r} is gone")
            continue
        found, wrong = unexplained(f"variable({item.get('type') or 'query'})", item, there[name])
        count += found
        faults += wrong
    wanted = [n for n in seen if n in there]
    order = [item.get("name") for item in _listed(built, "templating") if item.get("name") in seen]
    originally = [i.get("name") for i in _listed(original, "templating") if i.get("name") in wanted]
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
        found, wrong = unexplained("annotation", item, match)
        count += found
        faults += wrong
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
        found, wrong = _panel(before, after)
        count += found
        faults += wrong
    return count, faults


def _signature(panel: Json) -> tuple[str, tuple[str, ...]]:
    asked = tuple(
        str(t.get("expr") or t.get("query") or t.get("target") or t.get("rawSql") or "")
        for t in panel.get("targets") or []
        if isinstance(t, dict)
    )
    return str(panel.get("title") or "").strip(), tuple(a for a in asked if a)


def pair(before: list[Json], after: list[Json]) -> tuple[list[tuple[Json, Json]], list[str]]:
    """Panels of both sides that are the same: by title and queries, then by title, then by order."""
    free = list(after)
    pairs: list[tuple[Json, Json]] = []
    left = list(before)
    for key in (_signature, lambda p: _signature(p)[0], lambda _: ""):
        by: defaultdict[Any, list[Json]] = defaultdict(list)
        for panel in free:
            by[key(panel)].append(panel)
        rest = []
        for panel in left:
            if by[key(panel)]:
                found = by[key(panel)].pop(0)
                pairs.append((panel, found))
                free = [p for p in free if p is not found]
            else:
                rest.append(panel)
        left = rest
    return pairs, [f"panel({kind_of(p)}) = {p.get('title')!r} is gone" for p in left]


def _references(original: Json, built: Json, numbers: dict[Any, Any]) -> list[str]:
    """Numbers of panels that something names have to lead to the same panels."""
    faults = []
    found = re.compile(r"(?:viewPanel|editPanel|panelId)=(?:panel-)?(\d+)")
    uid = original.get("uid")
    for (path, value), (_, there) in zip(_texts(original), _texts(built), strict=False):
        if (
            isinstance(value, str)
            and (match := found.search(value))
            and (f"/{uid}/" in value or value.startswith("?"))
        ):
            wanted = numbers.get(int(match[1]))
            if wanted is not None and f"{wanted}" not in str(there):
                faults.append(f"link to a panel = {spelled(path)} {value} → {there}")
    for item, after in zip(_listed(original, "annotations"), _listed(built, "annotations"), strict=False):
        ids = (item.get("filter") or {}).get("ids") or []
        there = (after.get("filter") or {}).get("ids") or []
        if len(_listed(original, "annotations")) == len(_listed(built, "annotations")):
            wrong = [i for i, n in zip(ids, there, strict=False) if i in numbers and numbers[i] != n]
            if wrong:
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
    wanted = expected.type or kind
    if after.get("type") != wanted:
        faults.append(f"panel({kind}).type = {before.get('type')!r} → {after.get('type')!r}")
    if str(before.get("title") or "") != str(after.get("title") or ""):
        faults.append(f"panel.title = {before.get('title')!r} → {after.get('title')!r}")
    for path, value in expected.facts:
        count += 1
        there = at(after, path)
        if not (same(there, value) or (like_nothing(value) and like_nothing(there)) or _alike(there, value)):
            faults.append(f"panel({kind}) {spelled(path)} = {value!r} → {there!r}")
    for name, value in expected.overrides:
        count += 1
        if not _has_override(after, name, value):
            faults.append(f"panel({kind}) override {value[0]} = {name!r} {value[1]!r}")
    rest = {k: v for k, v in before.items() if k not in (*_SKIPPED_PANEL, *expected.read)}
    found, wrong = unexplained(f"panel({kind})", rest, after)
    count, faults = count + found, faults + wrong
    for part in ("options", "fieldConfig"):
        if part in before and part not in expected.read:
            old = _renamed(before[part]) if part == "fieldConfig" and kind == "table" else before[part]
            found, wrong = unexplained(
                f"panel({kind}).{part}", _ordered(old, old), _ordered(old, after.get(part))
            )
            count, faults = count + found, faults + wrong
    return count, faults


def _renamed(config: Any) -> Any:
    """Field options with the names of today for how cells of tables are drawn (schemaVersion 38)."""
    if not isinstance(config, dict):
        return config
    made = dict(config)
    custom = (made.get("defaults") or {}).get("custom")
    if isinstance(custom, dict) and "displayMode" in custom:
        rest = {k: v for k, v in custom.items() if k != "displayMode"}
        made["defaults"] = {
            **made["defaults"],
            "custom": {**rest, "cellOptions": {"type": _cell(custom["displayMode"])}},
        }
    overrides = []
    for item in made.get("overrides") or []:
        properties = [
            {"id": "custom.cellOptions", "value": {"type": _cell(p.get("value"))}}
            if p.get("id") == "custom.displayMode"
            else p
            for p in item.get("properties") or []
        ]
        overrides.append({**item, "properties": properties})
    return {**made, "overrides": overrides}


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
    made = []
    for i, item in enumerate(after["overrides"] or []):
        old = before.get("overrides") or []
        names = [p.get("id") for p in (old[i].get("properties") or [])] if i < len(old) else []
        order = {name: n for n, name in reversed(list(enumerate(names)))}
        properties = sorted(item.get("properties") or [], key=lambda p: order.get(p.get("id"), 99))
        made.append({**item, "properties": properties})
    return {**after, "overrides": made}


def _alike(there: Any, value: Any) -> bool:
    if isinstance(value, set):
        return set(there or []) == value
    return number(there) is not None and number(there) == number(value) and not isinstance(value, str)


def _has_override(after: Json, name: Any, value: tuple[str, Any]) -> bool:
    for item in at(after, ("fieldConfig", "overrides")) or []:
        if at(item, ("matcher", "options")) == name:
            for one in item.get("properties") or []:
                if one.get("id") == value[0] and (
                    same(one.get("value"), value[1]) or _alike(one.get("value"), value[1])
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
    for one, other in zip(old, new, strict=False):
        kind = at(other, ("datasource", "type")) or ""
        found, wrong = unexplained(f"target({kind})", one, other)
        count, faults = count + found, faults + wrong
    if len(refs) != len(old):
        faults = [f for f in faults if ".refId" not in f]
    return count, faults


def _place(before: Json, after: Json) -> list[str]:
    grid, there = before.get("gridPos"), after.get("gridPos") or {}
    if not isinstance(grid, dict) or "span" in before:
        return []
    faults = []
    for key, most in (("w", 24), ("h", 1000)):
        value = number(grid.get(key))
        if value is not None and 1 <= value <= most and abs(value - there.get(key, 0)) > 0.5:
            faults.append(f"gridPos.{key} = {value} → {there.get(key)}")
    return faults
