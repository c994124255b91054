"""Match the panels of two dashboards, so that a renamed or moved one is not deleted and added."""

from collections import Counter
from collections.abc import Callable, Hashable
from difflib import SequenceMatcher

from msgspec import Struct

from dashgen.compare.change_values import same_or_redacted
from dashgen.compare.compared_sections import Panel, is_section
from dashgen.compare.match_sections import match_sections

_ENOUGH = 0.6
_NOTHING_ALIKE = 0.25
_MOST_GUESSES = 10_000
_FIRST_HASHED_ID = 100_000


class MatchedPanels(Struct):
    """The panels, rows and tabs of two dashboards: in pairs, the removed ones, and the added ones."""

    pairs: list[tuple[Panel, Panel]] = []
    removed: list[Panel] = []
    added: list[Panel] = []


def match_panels(before: list[Panel], after: list[Panel]) -> MatchedPanels:
    """Match panels by id, then by title, then by likeness; rows and tabs by what they are called and hold."""
    old_headers, new_headers = ([one for one in side if is_section(one)] for side in (before, after))
    matched = MatchedPanels(
        removed=[panel for panel in before if not is_section(panel)],
        added=[panel for panel in after if not is_section(panel)],
    )
    _by_key(matched, lambda panel: panel.get("id"), _may_be_same)
    _by_key(
        matched, lambda panel: (panel["title"], panel.get("row")) if panel.get("title") else None, _always
    )
    _by_key(matched, lambda panel: panel.get("title"), _always)
    _by_likeness(matched)
    pairs = match_sections(old_headers, new_headers, matched.pairs)
    for number, headers in enumerate((old_headers, new_headers)):
        paired = {id(pair[number]) for pair in pairs}
        rest = matched.added if number else matched.removed
        rest[:0] = [header for header in headers if id(header) not in paired]
    matched.pairs += pairs
    return matched


def _always(_old: Panel, _new: Panel) -> bool:
    return True


def _may_be_same(old: Panel, new: Panel) -> bool:
    if not _is_numbered_by_editor(new.get("id")):
        return True
    return old.get("title") == new.get("title") or likeness(old, new) > _NOTHING_ALIKE


def _is_numbered_by_editor(number: object) -> bool:
    """Whether an id was counted up in an editor, where it may be given again.

    Dashgen's are hashes of keys.
    """
    return isinstance(number, int) and number < _FIRST_HASHED_ID


def _by_key(
    matched: MatchedPanels, key: Callable[[Panel], Hashable | None], allowed: Callable[[Panel, Panel], bool]
) -> None:
    left, right = Counter(map(key, matched.removed)), Counter(map(key, matched.added))
    targets = {key(panel): panel for panel in matched.added}
    for old in list(matched.removed):
        name = key(old)
        # A key that two panels of a side have identifies neither: they are left for the next key.
        if name is not None and left[name] == right[name] == 1 and allowed(old, targets[name]):
            _pair(matched, old, targets[name])


def _pair(matched: MatchedPanels, old: Panel, new: Panel) -> None:
    matched.pairs.append((old, new))
    matched.removed = [panel for panel in matched.removed if panel is not old]
    matched.added = [panel for panel in matched.added if panel is not new]


def _by_likeness(matched: MatchedPanels) -> None:
    # Every pair is scored, so two wholly different dashboards with hundreds of panels would take minutes.
    if len(matched.removed) * len(matched.added) > _MOST_GUESSES:
        return
    scored = [
        (likeness(old, new), -i, -j)
        for i, old in enumerate(matched.removed)
        for j, new in enumerate(matched.added)
    ]
    removed, added = list(matched.removed), list(matched.added)
    used: set[tuple[str, int]] = set()
    for score, i, j in sorted(scored, reverse=True):
        if score >= _ENOUGH and not used & {("old", i), ("new", j)}:
            used |= {("old", i), ("new", j)}
            _pair(matched, removed[-i], added[-j])


def likeness(old: Panel, new: Panel) -> float:
    """How similar two panels are, from 0 to 1: queries count most, then titles, then the rest."""
    title = SequenceMatcher(None, _word(old, "title"), _word(new, "title"), autojunk=False).ratio()
    queries = _shared(_queries(old), _queries(new))
    shape = (old.get("type") == new.get("type")) * 0.5 + same_or_redacted(
        old.get("options"), new.get("options")
    ) * 0.5
    if queries is None:
        same_rest = same_or_redacted(old.get("options"), new.get("options")) and bool(old.get("options"))
        return 0.4 * title + 0.2 * shape + 0.4 * same_rest
    return 0.6 * queries + 0.25 * title + 0.15 * shape


def _word(panel: Panel, key: str) -> str:
    value = panel.get(key)
    return value if isinstance(value, str) else ""


def _queries(panel: Panel) -> set[str]:
    targets = panel.get("targets", [])
    texts = (target.get("expr") or target.get("query") or target.get("expression") for target in targets)
    return {text for text in texts if isinstance(text, str)}


def _shared(old: set[str], new: set[str]) -> float | None:
    if not old and not new:
        return None
    return len(old & new) / len(old | new)
