r"""Regular expressions as RE2 reads them, the engine of Grafana, Prometheus, Loki and Tempo.

A pattern is read once, without building an automaton: whether it is valid, whether it matches the empty
text, and what its groups are called. Source: regexp/syntax/parse.go of Go 1.26 with the flags `Perl`, and
https://github.com/google/re2/wiki/Syntax.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern

_KEPT: Final = 1 << 12
_MOST_REPEATS: Final = 1000
_DEEPEST: Final = 999
_PLAIN: Final = lazy_pattern(r"[^\\.+*?()\[\]{}^$|]*")
_LITERALS: Final = lazy_pattern(r"[^\\.+*?()\[{^$|]+")
# A count with leading zeros is none, so that its braces are literals.
_COUNT: Final = lazy_pattern(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_GROUP_NAME: Final = lazy_pattern(r"\(\?P?<([^>]*)(>?)")
_FLAGS: Final = lazy_pattern(r"\(\?(?:[imsU]*|[imsU]*-[imsU]+)([:)])")
_NAME: Final = lazy_pattern(r"[A-Za-z0-9_]+")
_CLASS_LITERALS: Final = lazy_pattern(r"[^\\\]\[-]+(?!-)")
_NUMBER_ESCAPE: Final = lazy_pattern(r"0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9A-Fa-f]{2}|x\{([0-9A-Fa-f]+)\}")
_PROPERTY: Final = lazy_pattern(r"[pP](?:\{(\^?)([^}]*)\}|(.))", re.DOTALL)
_PERL_CLASSES: Final = frozenset("dDsSwW")
_CLASS_ESCAPES: Final = _PERL_CLASSES | {"p", "P"}
_CONTROLS: Final = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_POSIX_NAMES: Final = "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit"
_POSIX: Final = frozenset(_POSIX_NAMES.split())
_CATEGORY_NAMES: Final = """
    C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs
"""
_CATEGORIES: Final = frozenset(_CATEGORY_NAMES.split())


class RegexFacts(NamedTuple):
    """What is known of a pattern.

    Attributes:
        problem: why RE2 refuses it; empty when it does not.
        offset: where in the pattern that is.
        takes_nothing: whether it matches the empty text.
        names: the names of its groups, in order.
    """

    problem: str
    offset: int
    takes_nothing: bool
    names: tuple[str, ...]


class _PatternError(Exception):
    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset


class _Group(Struct):
    """An open group: what its finished alternatives and the pieces since the last `|` match.

    ``weight`` is the largest number of copies into which counts expand one piece, ``last`` the piece that a
    repetition would repeat.
    """

    start: int
    any_empty: bool = False
    all_empty: bool = True
    weight: int = 1
    has_last: bool = False
    last_empty: bool = False
    last_weight: int = 1


@lru_cache(maxsize=_KEPT)
def regex_facts(pattern: str) -> RegexFacts:
    """Read a pattern; the facts are cached by its text."""
    if _PLAIN.fullmatch(pattern):
        return RegexFacts("", 0, not pattern, ())
    reader = _PatternReader(pattern)
    try:
        return RegexFacts("", 0, reader.read(), tuple(reader.names))
    except _PatternError as error:
        return RegexFacts(error.problem, error.offset, takes_nothing=False, names=tuple(reader.names))


class _PatternReader:
    """Reads a pattern from start to end with a stack of its open groups."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.names: list[str] = []
        self._at = 0
        self._groups = [_Group(0)]
        self._after_repeat = -1  # the end of the last repetition
        self._steps = {
            "(": self._open, ")": self._close, "|": self._alternative, "[": self._class, "\\": self._escape,
            "*": self._repeat, "+": self._repeat, "?": self._repeat, "{": self._braces,
        }  # fmt: skip

    def read(self) -> bool:
        """Read all of it, and return whether it matches the empty text."""
        while self._at < len(self.pattern):
            char = self.pattern[self._at]
            if step := self._steps.get(char):
                step()
            elif char in "^$":
                self._piece(self._at + 1, is_empty=True)
            elif char == ".":
                self._piece(self._at + 1)
            else:
                match = _LITERALS.match(self.pattern, self._at)
                end = match.end() if match else self._at + 1
                if end - 1 > self._at:  # a repetition repeats only the last character
                    self._piece(end - 1)
                self._piece(end)
        if len(self._groups) > 1:
            raise _PatternError("a `(` is never closed", self._groups[-1].start)
        group = self._groups[0]
        _finish(group)
        return group.any_empty or group.all_empty

    def _piece(self, end: int, *, is_empty: bool = False, weight: int = 1) -> None:
        group = self._groups[-1]
        _finish(group)
        group.has_last, group.last_empty, group.last_weight = True, is_empty, weight
        self._at = end

    def _open(self) -> None:
        start = self._at
        if not self.pattern.startswith("(?", start):
            if len(self._groups) > _DEEPEST:
                raise _PatternError(f"its groups nest more than {_DEEPEST} levels", start)
            self._groups.append(_Group(start))
            self._at += 1
        elif (flags := _FLAGS.match(self.pattern, start)) is not None:
            self._at = flags.end()
            if flags[1] == ":":
                self._groups.append(_Group(start))
        elif (name := _GROUP_NAME.match(self.pattern, start)) is not None and name[1][:1] not in {"=", "!"}:
            self._name(name)
            self._groups.append(_Group(start))
        else:
            what = self.pattern[start : start + 3]
            problem = f"RE2 has no `{what}`"
            if what[2:] in {"=", "!", "<"}:
                problem = "RE2 has neither lookarounds nor backreferences"
            raise _PatternError(problem, start)

    def _name(self, match: "re.Match[str]") -> None:
        name = match[1]
        if not match[2] or not _NAME.fullmatch(name):
            raise _PatternError("the name of a group has to be of letters, digits and `_`", match.start())
        # Two groups may have one name: Go refuses that no more than it looks at their names.
        self.names.append(name)
        self._at = match.end()

    def _close(self) -> None:
        if len(self._groups) == 1:
            raise _PatternError("a `)` closes nothing", self._at)
        group = self._groups.pop()
        _finish(group)
        self._piece(self._at + 1, is_empty=group.any_empty or group.all_empty, weight=group.weight)

    def _alternative(self) -> None:
        group = self._groups[-1]
        _finish(group)
        group.any_empty = group.any_empty or group.all_empty
        group.all_empty, group.has_last = True, False
        self._at += 1

    def _repeat(self) -> None:
        self._repeated(self._at + 1, can_be_none=self.pattern[self._at] != "+")

    def _braces(self) -> None:
        count = _COUNT.match(self.pattern, self._at)
        if count is None:  # braces without a count are literals
            self._piece(self._at + 1)
            return
        least = int(count[1][:9])
        most = least if count[2] is None else int(count[3][:9]) if count[3] else -1
        if max(least, most) > _MOST_REPEATS or -1 < most < least:
            raise _PatternError(f"`{count[0]}` repeats too often (1000 is the most)", self._at)
        self._expand(most if most >= 0 else least)
        self._repeated(count.end(), can_be_none=least == 0)

    def _expand(self, copies: int) -> None:
        """Count the copies of the last piece, which RE2 also limits in nested repetitions."""
        group = self._groups[-1]
        if group.has_last and copies > 1:
            group.last_weight *= copies
            if group.last_weight > _MOST_REPEATS:
                raise _PatternError("repetitions inside each other are more than 1000", self._at)
        elif copies == 0:
            group.last_weight = 1

    def _repeated(self, end: int, *, can_be_none: bool) -> None:
        group = self._groups[-1]
        if not group.has_last:
            sign = self.pattern[self._at : end]
            raise _PatternError(f"`{sign}` has nothing to repeat", self._at)
        if self._after_repeat == self._at:
            raise _PatternError("a repetition cannot follow another one", self._at)
        if self.pattern.startswith("?", end):
            end += 1
        group.last_empty = group.last_empty or can_be_none
        self._at = self._after_repeat = end

    def _escape(self) -> None:
        start = self._at
        char = self.pattern[start + 1 : start + 2]
        if char in "AzBb" and char:
            self._piece(start + 2, is_empty=char != "b")
        elif char == "Q":
            self._quoted(start)
        elif char in _PERL_CLASSES:
            self._piece(start + 2)
        elif char in {"p", "P"}:
            self._piece(self._property(start))
        else:
            self._piece(self._character(start)[1])

    def _quoted(self, start: int) -> None:
        end = self.pattern.find("\\E", start + 2)
        stop = len(self.pattern) if end < 0 else end
        if stop > start + 3:
            self._piece(stop - 1)
        if stop > start + 2:
            self._piece(stop)
        self._at = stop if end < 0 else end + 2

    def _property(self, start: int) -> int:
        match = _PROPERTY.match(self.pattern, start + 1)
        name = (match[3] or match[2]) if match else ""
        # The names of scripts change with the version of Unicode; those of categories do not.
        if match is None or (name not in _CATEGORIES and not (len(name) > 2 and name[0].isupper())):
            raise _PatternError(f"RE2 knows no class of characters `{name}`", start)
        return match.end()

    def _character(self, start: int) -> tuple[str, int]:
        """The character that an escape stands for, and the offset after it."""
        char = self.pattern[start + 1 : start + 2]
        if not char:
            raise _PatternError("it ends with a backslash", start)
        if char in _CONTROLS:
            return _CONTROLS[char], start + 2
        if char.isascii() and not char.isalnum():
            return char, start + 2
        match = _NUMBER_ESCAPE.match(self.pattern, start + 1)
        if match is None:
            if char in "123456789":
                raise _PatternError("RE2 has neither lookarounds nor backreferences", start)
            raise _PatternError(f"`\\{char}` means nothing", start)
        text = match[0]
        code = int(match[1] or text[1:], 16) if text[0] == "x" else int(text, 8)
        if code > 0x10FFFF:
            raise _PatternError(f"`\\{text}` is no character", start)
        return chr(code), match.end()

    def _class(self) -> None:
        start = self._at
        pattern = self.pattern
        at = start + 2 if pattern.startswith("^", start + 1) else start + 1
        is_first = True
        while is_first or not pattern.startswith("]", at):
            if at >= len(pattern):
                raise _PatternError("a `[` is never closed", start)
            plain = None if is_first else _CLASS_LITERALS.match(pattern, at)
            at = plain.end() if plain else self._class_item(at, start)
            is_first = False
        self._piece(at + 1)

    def _class_item(self, at: int, start: int) -> int:
        """Take one character, range or named class within brackets, and return the offset after it."""
        pattern = self.pattern
        if pattern.startswith("[:", at) and (end := pattern.find(":]", at + 2)) >= 0:
            name = pattern[at + 2 : end]
            if name.removeprefix("^") not in _POSIX:
                raise _PatternError(f"RE2 knows no class of characters `{name}`", at)
            return end + 2
        following = pattern[at + 1 : at + 2]
        if pattern[at] == "\\" and following in _CLASS_ESCAPES:
            return at + 2 if following in _PERL_CLASSES else self._property(at)
        low, end = self._class_character(at, start)
        if pattern.startswith("-", end) and pattern[end + 1 : end + 2] not in {"]", ""}:
            high, end = self._class_character(end + 1, start)
            if high < low:
                raise _PatternError(f"the range `{pattern[at:end]}` runs backwards", at)
        return end

    def _class_character(self, at: int, start: int) -> tuple[str, int]:
        if at >= len(self.pattern):
            raise _PatternError("a `[` is never closed", start)
        if self.pattern[at] == "\\":
            return self._character(at)
        return self.pattern[at], at + 1


def _finish(group: _Group) -> None:
    """Count the last piece of a group, now that nothing can repeat it any more."""
    if group.has_last:
        group.all_empty = group.all_empty and group.last_empty
        group.weight = max(group.weight, group.last_weight)
        group.has_last = False
