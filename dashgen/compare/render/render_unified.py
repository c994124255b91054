"""The whole difference as unified JSON, with sorted keys and without what servers fill in."""

from difflib import unified_diff

import orjson

from dashgen.compare.change import Change
from dashgen.compare.hidden_secrets import presentable
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.core.diagnostics.frame import clean
from dashgen.formats.resources import Resource

_COLORS = {"+": "32", "-": "31", "@": "36"}
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def render_full(comparison: ReportedComparison, *, color: bool = False) -> str:
    """A unified diff of each resource that changed."""
    lines = [
        _painted(line, color=color) for change in comparison.changes for line in _unified(change, comparison)
    ]
    return "".join(f"{line}\n" for line in lines)


def _unified(change: Change, comparison: ReportedComparison) -> list[str]:
    name = f"{change.kind}/{change.uid}"
    sides = (f"{comparison.before}: {name}", f"{comparison.after}: {name}")
    old, new = _lines(change.before), _lines(change.after)
    return [clean(line) for line in unified_diff(old, new, sides[0], sides[1], lineterm="")]


def _lines(resource: Resource | None) -> list[str]:
    if resource is None:
        return []
    shown = {"title": resource.title, "folder": resource.folder, **presentable(resource)}
    return orjson.dumps(shown, option=_OPTIONS, default=str).decode().splitlines()


def _painted(line: str, *, color: bool) -> str:
    code = _COLORS.get(line[:1])
    return f"\x1b[{code}m{line}\x1b[0m" if color and code else line
