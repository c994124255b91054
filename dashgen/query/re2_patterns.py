r"""Regular expressions of RE2 as patterns of Python that match the same texts.

RE2 is what Grafana, Alertmanager, Prometheus and Loki match labels with. Where its syntax means something
else in Python, the pattern is rewritten: classes of ASCII only, `$` for the end of the text, flags in the
middle, `\Q…\E`, POSIX classes, `{,3}` as text.
"""

import re
import warnings
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.re2_automaton import Automaton, automaton
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.re2_tokens import RE2_TOKEN, UntranslatableError, one_character

_LONGEST: Final = 10_000
# Python goes back and tries again where parts can match the same text in several ways.
_REPEATS: Final = lazy_pattern(r"(?<!\\)[*+{]")
_REPEATED_GROUP: Final = lazy_pattern(r"\)[*+{]")
_MOST_REPEATS: Final = 2
# In an empty text Python's `\B` does not hold.
_ENDS: Final = {"z": r"\Z", "A": r"\A", "b": r"(?a:\b)", "B": r"(?a:(?!\b))"}


@lru_cache(maxsize=1 << 10)
def re2_pattern(pattern: str) -> re.Pattern[str] | None:
    r"""A pattern of Python that matches what RE2 matches; None when there is none, as for ``\p{Greek}``.

    Args:
        pattern: the expression as a user of Go's ``regexp`` writes it.
    """
    if len(pattern) > _LONGEST or regex_facts(pattern).problem:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(_Translation(pattern).text())
    except (UntranslatableError, re.error, RecursionError, OverflowError):
        return None


def matches_whole(pattern: str, value: str) -> bool | None:
    """Whether an anchored expression, as in a label matcher, matches a value; None when that is not known.

    It takes time that grows with the product of both lengths, whatever the expression is.
    """
    is_simple = not _REPEATED_GROUP.search(pattern) and len(_REPEATS.findall(pattern)) <= _MOST_REPEATS
    if is_simple and (compiled := re2_pattern(pattern)) is not None:
        return compiled.fullmatch(value) is not None
    steps = _automaton(pattern)
    return None if steps is None else steps.matches(value)


@lru_cache(maxsize=1 << 8)
def _automaton(pattern: str) -> Automaton | None:
    if len(pattern) > _LONGEST or regex_facts(pattern).problem:
        return None
    try:
        return automaton(pattern)
    except UntranslatableError:
        return None


class _Translation:
    """Rewrites one pattern from left to right.

    ``_open`` has one entry for each group that is open: the flags that were set in its middle, which
    Python has only as a group of their own. Such a group ends before the next ``|``, and begins again
    after it.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._parts: list[str] = []
        self._open: list[list[str]] = [[]]
        # Of `(?m)`, where `$` is the end of any line, nothing is followed: the flag counts everywhere.
        self._is_multiline = re.search(r"\(\?[isU]*m", pattern) is not None

    def text(self) -> str:
        for token in RE2_TOKEN.finditer(self._pattern):
            kind = token.lastgroup or ""
            self._token("flags" if kind == "flags_end" else kind, token)
        self._close(self._open[0])
        return "".join(self._parts)

    def _token(self, kind: str, token: re.Match[str]) -> None:
        if character := one_character(kind, token):
            self._parts.append(character)
        elif kind == "literal":
            self._parts.append(re.escape(token["literal"]))
        elif kind == "escape":
            self._parts.append(_ENDS[token["escape"]])
        elif kind == "name":
            self._begin(f"(?P<{token['name']}>")
        elif kind == "flags":
            self._flags(token["flags"], is_group=token["flags_end"] == ":")
        elif kind == "repeat":
            self._parts.append(token["repeat"])
        else:
            self._other(token[0])

    def _other(self, text: str) -> None:
        if text == "(":
            self._begin("(")
        elif text == ")":
            self._close(self._open.pop())
            self._parts.append(")")
        elif text == "|":
            self._close(self._open[-1])
            self._parts += ["|", *self._open[-1]]
        elif text == "$":
            self._parts.append("$" if self._is_multiline else r"\Z")
        else:
            self._parts.append(text)

    def _begin(self, opening: str) -> None:
        self._parts.append(opening)
        self._open.append([])

    def _flags(self, flags: str, *, is_group: bool) -> None:
        # Whether a repetition is greedy does not decide whether the whole text matches.
        plain = flags.replace("U", "").removesuffix("-")
        opening = f"(?{plain}:"
        if is_group:
            self._begin(opening)
        elif plain:
            self._parts.append(opening)
            self._open[-1].append(opening)

    def _close(self, flag_groups: list[str]) -> None:
        self._parts.append(")" * len(flag_groups))
