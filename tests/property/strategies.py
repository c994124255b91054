"""Specs with something wrong in them: real ones, with values dropped, replaced, repeated and moved."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from dashgen.source.load import load_text

PROJECT = Path(__file__).parent / "small_project.yaml"
SETTINGS = settings(max_examples=80, suppress_health_check=list(HealthCheck))

HOSTILE: list[Any] = [
    None, True, False, 0, -1, 1, 25, 10**12, 2**63 - 1, -(2**63), 0.5, -0.0, 1e300, 1e-300,
    "", " ", "a", "A", "null", "on", "1e3", "x" * 300, "🚀", "عربي\u202e", "../../etc/passwd", "/", ".", "..", "a/b", "a b", "é", "\t", "line\nline",
    "{{", "}}", "{{ .x }}", "${{ x }}", "${{", "${{ ''.__class__ }}", "$", "$x", "${x}", "$__interval", "$$", "%s", "{0}", "\\", '"', "'", "`", "<b>", "--", "#",
    "up", "rate(", "sum by (", "{", '{app="', "1m", "5x", "-5m", "1h30m", "now", "above", "above 3", "between 1 and", "above 1e999",
    "1/3", "1/0", "0/1", "9" * 30, "*", "[", "(?", "/(/", "A", "Z", "prometheus", "loki", "grafana", "mixed", "timeseries", "stat", "table", "text",
    "query", "kind", "Dashboard", "red", "rgb(", "s", "percentunit", "all", ".*",
    [], [None], [[]], [{}], ["a"], ["a", "a"], [1], {}, {"a": None}, {"": ""}, {"a": {"b": {"c": []}}}, {"use": "x"}, {"for_each": [1, 2]}, {"when_env": "x"},
    {"query": "up"}, {"title": "x"}, {"value": None}, {"red": 1, "green": None}, {"type": "stat"}, [{"title": "A"}, {"title": "A"}], [{"query": "up", "ref": "A"}] * 2,
]  # fmt: skip
"""Values that something somewhere does not expect."""

KEYS = [
    "tabs", "layout", "show_when", "hide_when", "any", "variable", "equals", "matches", "has_data", "time_range", "columns", "hide_header", "subtitle", "time_compare",
    "kind", "uid", "title", "type", "query", "queries", "panels", "rows", "use", "with", "for_each", "when_env", "overlays", "vars", "variables", "raw", "at", "width",
    "height", "thresholds", "links", "overrides", "datasource", "name", "folder", "key", "unit", "mappings", "transformations", "repeat", "drill_down", "annotations",
    "time", "refresh", "rules", "alert", "when", "for", "group", "record", "panel", "labels", "metrics", "contact_points", "policies", "mute_timings", "templates", "",
]  # fmt: skip


@cache
def real_documents() -> tuple[dict[str, Any], ...]:
    """The documents of a small project with something of everything in it."""
    loaded = load_text("small_project.yaml", PROJECT.read_text(encoding="utf-8"))
    assert loaded.diagnostics == []
    return tuple(document.data for document in loaded.documents)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every collection in the data with each of its keys or indexes."""
    found: list[tuple[Any, Any]] = []
    waiting = [data]
    while waiting:
        one = waiting.pop()
        steps: Any = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for step, value in steps:
            found.append((one, step))
            waiting.append(value)
    return found


def _drop(holder: Any, step: Any, _value: Any, _key: str) -> None:
    del holder[step]


def _replace(holder: Any, step: Any, value: Any, _key: str) -> None:
    holder[step] = value


def _rename(holder: Any, step: Any, _value: Any, key: str) -> None:
    if isinstance(holder, dict):
        holder[key] = holder.pop(step)


def _add(holder: Any, _step: Any, value: Any, key: str) -> None:
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder.append(value)


def _repeat(holder: Any, step: Any, _value: Any, _key: str) -> None:
    if isinstance(holder, list):
        holder.append(deepcopy(holder[step]))


def _wrap(holder: Any, step: Any, _value: Any, key: str) -> None:
    holder[step] = [holder[step]] if len(key) % 2 else {key: holder[step]}


def _alike(holder: Any, step: Any, value: Any, key: str) -> None:
    """Another value of the same type, so that what is wrong is not noticed at once."""
    old = holder[step]
    fitting = [one for one in HOSTILE if type(one) is type(old)]
    holder[step] = deepcopy(fitting[(len(key) * 7 + len(str(value))) % len(fitting)]) if fitting else old


MUTATIONS: list[Callable[[Any, Any, Any, str], None]] = [
    _drop,
    _drop,
    _replace,
    _rename,
    _add,
    _repeat,
    _wrap,
    *[_alike] * 6,
]


def mutate_one(draw: st.DrawFn, document: Any) -> None:
    """Make one thing in a document wrong, somewhere."""
    steps = places(document)
    if steps:
        holder, step = steps[draw(st.integers(0, len(steps) - 1))]
        mutate = draw(st.sampled_from(MUTATIONS))
        mutate(holder, step, deepcopy(draw(st.sampled_from(HOSTILE))), draw(st.sampled_from(KEYS)))


@st.composite
def projects(draw: st.DrawFn) -> list[dict[str, Any]]:
    """All documents of the small project, with a few things wrong in one or two of them."""
    found = deepcopy(list(real_documents()))
    for _ in range(draw(st.integers(1, 2))):
        document = found[draw(st.integers(0, len(found) - 1))]
        for _ in range(draw(st.integers(1, 3))):
            mutate_one(draw, document)
    return found


def as_yaml(documents: list[Any]) -> str:
    """Documents as YAML text."""
    return yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)
