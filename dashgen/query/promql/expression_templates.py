"""The common form of expressions that differ only in names and label values.

A project has thousands of expressions and a few dozen forms of them: `sum(rate(a_total{job="x"}[5m]))` has
the form of `sum(rate(b_total{job="y"}[5m]))`. So a form is parsed once, and the facts about it are translated
to the names of each expression. Names keep their endings, which have units; equal names stay equal. Whatever
is unusual (comments, variables inside names, functions that take label names as strings) has no form and is
parsed by itself.
"""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import MetricUse, ParsedQuery
from dashgen.query.promql.value_shape import UNKNOWN, QueryShape

_PARTS: Final = lazy_pattern(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\$\{[^}]*\}|\$\w+|(?<![\w.$])[A-Za-z_:][A-Za-z0-9_:]*)"""
)
_UNUSUAL: Final = ("#", "`", "[[", "label_", "count_values")
_UNUSUAL_VARIABLE: Final = lazy_pattern(r"\$(?:(?<=[\w}]\$)|\w+[:{]|\{\w+\}[\w:])")
_CALLED_INFO: Final = lazy_pattern(r"info\s*\(")
_ENDING: Final = lazy_pattern(
    r"(?:_(?:total|sum|count|bucket|created|info|seconds|milliseconds|microseconds|nanoseconds|minutes|hours|days"
    r"|bytes|bits|kilobytes|megabytes|gigabytes|ratio|percent|celsius|kelvin|meters|metres|volts|amperes|watts"
    r"|joules|grams|kilograms|hertz|usd|eur|gbp|aed|dollars|cents|euros))+\Z"
)
_KEPT: Final = frozenset(
    """
    by without on ignoring group_left group_right bool offset and or unless atan2 start end inf nan le
    quantile __name__ sum min max avg group stddev stdvar count bottomk topk quantile limitk limit_ratio
    """.split()  # noqa: SIM905  # a list of words reads better than a list of quoted words
)
_WORDS: Final = 1 << 11
_LONGEST: Final = 2000  # the pattern takes quadratic time on many quotes without an end
_COMPARING: Final = ("=", "=~", "!~")
_REGEX: Final = ("=~", "!~")


class ExpressionForm(NamedTuple):
    """An expression's form: its text with stand-ins, its parts, and the name for each stand-in."""

    text: str
    parts: list[str]
    names: dict[str, str]


def form_of(expr: str) -> ExpressionForm | None:
    """The form of an expression; None when it is unusual."""
    if len(expr) > _LONGEST or _is_unusual(expr):
        return None
    parts = _PARTS.split(expr)
    names: dict[str, str] = {}
    stand_ins: dict[str, str] = {}
    bases: dict[str, str] = {}
    template = parts[:]
    for index in range(1, len(parts), 2):
        word = parts[index]
        first = word[0]
        if first == "$":
            continue
        if first in "\"'":
            before = parts[index - 1].rstrip()
            if not before.endswith(_COMPARING) or parts[index - 2] == "__name__":
                return None
            if len(word) > 2 and "$" not in word and "\\" not in word and not before.endswith(_REGEX):
                template[index] = stand_ins.setdefault(word, f'"s{len(stand_ins)}"')
        elif word in stand_ins:
            template[index] = stand_ins[word]
        elif not parts[index + 1].lstrip().startswith("(") and not _is_kept(word):
            template[index] = stand_ins[word] = _stand_in(word, names, bases)
    return ExpressionForm("".join(template), parts, names)


def _is_unusual(expr: str) -> bool:
    for text in _UNUSUAL:
        if text in expr:
            return True
    # Both begin with a text to look for, which is several times as fast as one pattern with alternatives.
    return _UNUSUAL_VARIABLE.search(expr) is not None or _CALLED_INFO.search(expr) is not None


@lru_cache(maxsize=_WORDS)
def _is_kept(word: str) -> bool:
    """Whether a word stays as it is: a keyword, the name of a recording rule, a unit."""
    return word.lower() in _KEPT or ":" in word or _ENDING.fullmatch(f"_{word}") is not None


def _stand_in(word: str, names: dict[str, str], bases: dict[str, str]) -> str:
    base, endings = _endings(word)
    # The bases of endings are stand-ins too: what an average is of is named by the base alone.
    stand_in = bases.get(base)
    if stand_in is None:
        stand_in = bases[base] = f"x{len(names)}"
        names[stand_in] = base
    for end in endings:
        names[stand_in + end] = base + end
    return stand_in + endings[0] if endings else stand_in


@lru_cache(maxsize=_WORDS)
def _endings(word: str) -> tuple[str, tuple[str, ...]]:
    """A name without its ending, and its endings from the whole one to the first part of it."""
    ending = _ENDING.search(word)
    if ending is None:
        return word, ()
    parts = ending[0].split("_")
    return word[: ending.start()], tuple("_".join(parts[:end]) for end in range(len(parts), 1, -1))


class LearnedForm(NamedTuple):
    """The facts about a form, its shape, and the index of the part that has the name of each metric."""

    parsed: ParsedQuery
    shape: QueryShape
    places: tuple[int, ...]


def learn(parsed: ParsedQuery, shape: QueryShape, text: str) -> LearnedForm:
    """Prepare the facts about a form for translation to its expressions."""
    ends = list(accumulate(len(part) for part in _PARTS.split(text)))
    places = tuple(-1 if use.offset < 0 else bisect_right(ends, use.offset) for use in parsed.metrics)
    return LearnedForm(parsed, shape, places)


def facts_of(learned: LearnedForm, form: ExpressionForm) -> ParsedQuery:
    """The facts about a form with the names of one of its expressions."""
    parsed, names, parts = learned.parsed, form.names, form.parts
    metrics = tuple(
        [
            MetricUse(
                names.get(use.name, use.name),
                _named(use.labels, names),
                -1 if position < 0 else sum(map(len, parts[:position])),
                use.call,
            )
            for use, position in zip(parsed.metrics, learned.places, strict=True)
        ]
    )
    grouping = parsed.grouping and _named(parsed.grouping, names)
    return ParsedQuery(
        "", "", -1, metrics, grouping, parsed.rate_like, parsed.functions, parsed.variables, parsed.yields
    )


def shape_of(learned: LearnedForm, form: ExpressionForm) -> QueryShape:
    """The shape of a form with the names of one of its expressions."""
    shape, names = learned.shape, form.names
    if shape is UNKNOWN:
        return shape
    divided = shape.divided
    return replace(
        shape,
        metric=shape.metric and names.get(shape.metric, shape.metric),
        average_of=shape.average_of and names.get(shape.average_of, shape.average_of),
        divided=divided and (names.get(divided[0], divided[0]), names.get(divided[1], divided[1])),
    )


def _named(identifiers: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple([names.get(word, word) for word in identifiers]) if identifiers else identifiers
