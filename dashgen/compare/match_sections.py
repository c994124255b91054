"""Match the rows and tabs of two dashboards: by name, by what they hold, and by likeness of their titles.

Schema v2 has no ids of sections. So a row or tab that was renamed is known by its panels, and one that moved
by its title.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from dashgen.compare.compared_sections import Panel, is_tab

Pair: TypeAlias = tuple[Panel, Panel]
_ENOUGH = 0.6


def match_sections(before: list[Panel], after: list[Panel], panel_pairs: Iterable[Pair]) -> list[Pair]:
    """The headers that are one section on both sides.

    Args:
        before: the headers of one side, those around others first.
        after: those of the other.
        panel_pairs: the panels that both sides have.
    """
    matcher = _SectionMatcher(before, after, list(panel_pairs))
    matcher.by(lambda header: header.get("id"))
    matcher.by(lambda header: (header["key"], is_tab(header)))
    matcher.by(lambda header: header["key"])
    matcher.by(lambda header: header.get("title"))
    matcher.by_contents()
    matcher.by_likeness()
    return matcher.pairs


class _SectionMatcher:
    def __init__(self, before: list[Panel], after: list[Panel], panel_pairs: list[Pair]) -> None:
        self.pairs: list[Pair] = []
        self.panel_pairs = panel_pairs
        self._before, self._after = list(before), list(after)
        inner = [*panel_pairs, *([(header, header) for header in before])]
        self._old_with_parts = {old.get("row") for old, _ in inner}
        self._new_with_parts = {new.get("row") for _, new in panel_pairs} | {new.get("row") for new in after}

    def by(self, key: Callable[[Panel], Hashable | None]) -> None:
        """Pair the headers that alone have one key on both sides."""
        left, right = Counter(map(key, self._before)), Counter(map(key, self._after))
        new_headers = {key(header): header for header in self._after}
        for old in list(self._before):
            name = key(old)
            if name is not None and left[name] == right[name] == 1:
                self._pair(old, new_headers[name])

    def by_contents(self) -> None:
        """Pair the headers that share most of what they hold, the innermost first."""
        # A section of sections is known by them, so each round may lead to another one.
        while self._pair_best():
            pass

    def _pair_best(self) -> bool:
        old_refs, new_refs = ({_ref(h): h for h in side} for side in (self._before, self._after))
        shared = Counter(
            (old["row"], new["row"])
            for old, new in [*self.panel_pairs, *self.pairs]
            if old.get("row") in old_refs and new.get("row") in new_refs
        )
        if not shared:
            return False
        (old_ref, new_ref), _ = shared.most_common(1)[0]
        self._pair(old_refs[old_ref], new_refs[new_ref])
        return True

    def by_likeness(self) -> None:
        """Pair what is left by likeness of titles, unless both hold something: that would be shared then."""
        scored = [
            (_likeness(old, new), -i, -j)
            for i, old in enumerate(self._before)
            for j, new in enumerate(self._after)
            if is_tab(old) == is_tab(new) and not (self._is_filled(old, 0) and self._is_filled(new, 1))
        ]
        before, after = list(self._before), list(self._after)
        for score, i, j in sorted(scored, reverse=True):
            old, new = before[-i], after[-j]
            is_free = any(old is one for one in self._before) and any(new is one for one in self._after)
            if score >= _ENOUGH and is_free:
                self._pair(old, new)

    def _is_filled(self, header: Panel, side: int) -> bool:
        return _ref(header) in (self._old_with_parts, self._new_with_parts)[side]

    def _pair(self, old: Panel, new: Panel) -> None:
        self.pairs.append((old, new))
        self._before = [header for header in self._before if header is not old]
        self._after = [header for header in self._after if header is not new]


def _ref(header: Panel) -> Any:
    """What the panels of a section have as their ``row``."""
    return header.get("id") or header["key"]


def _likeness(old: Panel, new: Panel) -> float:
    titles = str(old.get("title", "")), str(new.get("title", ""))
    return SequenceMatcher(None, titles[0], titles[1], autojunk=False).ratio()
