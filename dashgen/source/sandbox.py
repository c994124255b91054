"""The Jinja2 environment of ``${{ … }}``: what expressions may use, and how much they may make.

Only expressions are compiled, so nothing loops without end. What an operator, a filter or a method is given
is weighed before it runs: text by its characters, collections by what is in them. Everything is therefore
bounded by the weight, whatever is multiplied, joined or nested.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import do_round
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dashgen.source.work import EACH, Work

MAX_WEIGHT = 200_000
"""What an expression may hold and give: characters, and one for every item."""
_MAX_NUMBERS = 10_000
"""What `range` gives at most."""
_BITS = 30
"""Bits of a whole number that weigh as much as a character."""
_WIDEST = 300
"""Bits of a number that is computed with."""
_MOST_PLACES = 30
_LONGEST_STRIPPED = 100
_FILTERS = (
    "abs", "capitalize", "default", "first", "float", "int", "last", "length", "list", "lower", "max", "min",
    "reverse", "sort", "string", "title", "trim", "unique", "upper",
)  # fmt: skip
_TESTS = (
    "defined", "undefined", "none", "string", "number", "mapping", "sequence", "in", "odd", "even", "eq",
    "ne",
)  # fmt: skip
_METHODS = frozenset((
    "startswith", "endswith", "lower", "upper", "title", "capitalize", "strip", "lstrip", "rstrip", "split",
    "removeprefix", "removesuffix", "get", "keys", "values", "items",
))  # fmt: skip


_work = Work()


@contextmanager
def counted(work: Work) -> Iterator[None]:
    """Count what expressions do. One at a time: nothing here evaluates in several threads."""
    global _work  # noqa: PLW0603  # filters and operators of Jinja2 get no argument for it
    before, _work = _work, work
    try:
        work.add(EACH)
        yield
    finally:
        _work = before


def weight(value: object, limit: int = MAX_WEIGHT) -> int:
    """How much a value holds: characters, and one for every item; counting stops a little above the limit."""
    total = _weight(value, limit)
    _work.add(total)
    return total


def _weight(value: object, limit: int) -> int:
    # A stack and no recursion: data may be nested deeper than Python calls.
    total, waiting = 0, [value]
    while waiting and total <= limit:
        one = waiting.pop()
        total += 1
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, int):
            total += one.bit_length() // _BITS
        elif isinstance(one, list | tuple | set):
            total += len(one)
            waiting += one if total <= limit else ()
        elif isinstance(one, dict):
            total += len(one)
            waiting += [*one.keys(), *one.values()] if total <= limit else ()
    return total


def _weigh(values: Iterable[Any], times: int = 1) -> None:
    if sum(map(weight, values)) * times > MAX_WEIGHT:
        raise SecurityError("the values are too large for an expression")


def _range(*limits: int) -> list[int]:
    numbers = range(*limits)
    if len(numbers) > _MAX_NUMBERS:
        raise SecurityError(f"range() gives more than {_MAX_NUMBERS} numbers")
    return list(numbers)


def _round(value: Any, precision: Any = 0, method: Any = "common") -> float:
    """A rounded number; Jinja2 computes ten to the power of the precision."""
    places = precision if isinstance(precision, int) else 0
    if not isinstance(precision, int) or not -_MOST_PLACES <= places <= _MOST_PLACES:
        raise SecurityError(f"round() takes a precision from -{_MOST_PLACES} to {_MOST_PLACES}")
    rounded: float = do_round(value, places, method)
    return rounded


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-")


def _replace(text: str, old: str, new: str) -> str:
    text = str(text)
    if len(text) + text.count(old) * len(new) > MAX_WEIGHT:
        raise SecurityError("the replaced text is too long")
    return text.replace(old, new)


def _join(items: Iterable[Any], separator: str = "") -> str:
    texts = [_text(item) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_WEIGHT:
        raise SecurityError("the joined text is too long")
    return separator.join(texts)


def _sum(items: Iterable[Any]) -> Any:
    return sum(items)


def _text(value: object) -> str:
    if isinstance(value, Undefined):
        str(value)  # raises what is undefined
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that weighs what it takes, and gives a list where it would give an iterator.

    An iterator would be computed later, where nobody counts its work.
    """

    @wraps(function)
    def run(*values: Any, **named: Any) -> Any:
        _weigh((*values, *named.values()))
        result = function(*values, **named)
        return list(result) if isinstance(result, Iterator) else result

    return run


class _Generator(CodeGenerator):
    """Joins text through the sandbox, as Jinja2 itself does not."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        self.write("environment.concatenated((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Expressions over plain data: some methods of text and mappings, some filters, `range` and `slug`."""

    intercepted_binops = frozenset(["*", "**", "+", "-", "/", "//", "%"])
    code_generator_class = _Generator

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether ``obj.attr`` may be read, whatever its value is."""
        del value
        return isinstance(obj, dict | str) and attr in _METHODS

    def unsafe_undefined(self, obj: object, attribute: str) -> Undefined:
        """What reading anything else gives: an error as soon as it is used."""
        return self.undefined(f"`.{attribute}` is not offered", obj=obj, name=attribute, exc=SecurityError)

    def call(self, context: Any, obj: Any, /, *values: Any, **named: Any) -> Any:
        """Call a method or function that is offered."""
        if isinstance(obj, Undefined):
            str(obj)  # raises what is undefined
        if obj not in (_range, _slug) and getattr(obj, "__name__", "") not in _METHODS:
            raise SecurityError("this cannot be called")
        # Methods come bound: the text or mapping that they belong to weighs as well.
        _weigh((getattr(obj, "__self__", None), *values, *named.values()))
        if "strip" in getattr(obj, "__name__", "") and any(
            isinstance(one, str) and len(one) > _LONGEST_STRIPPED for one in values
        ):
            # Every character of the text is looked for in all of these.
            raise SecurityError(f"strip() takes at most {_LONGEST_STRIPPED} characters")
        return context.call(obj, *values, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Compute what could give huge text, lists or numbers."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if any(isinstance(one, int) and one.bit_length() > _WIDEST for one in (left, right)):
            raise SecurityError("the numbers are too large")
        if operator == "**" and numbers and (abs(right) > 64 or abs(left) > 10**6):
            raise SecurityError("the power is too large")
        if operator == "*" and not numbers:
            sized, times = (left, right) if isinstance(right, int) else (right, left)
            _weigh((sized,), times if isinstance(times, int) else 1)
        if operator == "+" and not numbers:
            _weigh((left, right))
        if operator == "%" and isinstance(left, str):
            raise SecurityError("`%` formatting is not offered; join text with `~`")
        return super().call_binop(context, operator, left, right)

    def concatenated(self, values: tuple[Any, ...]) -> str:
        """The values as one text."""
        _weigh(values)
        return "".join(map(_text, values))


@cache
def sandbox() -> Sandbox:
    """The environment; made once."""
    # Jinja2's optimizer takes exponential time for a chain of filters.
    environment = Sandbox(undefined=StrictUndefined, autoescape=False, optimized=False)
    offered = {name: environment.filters[name] for name in _FILTERS}
    offered |= {"round": _round, "slug": _slug, "replace": _replace, "join": _join, "sum": _sum}
    environment.filters = {name: _bounded(function) for name, function in offered.items()}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    environment.globals = {"range": _range, "slug": _slug}
    return environment


def words() -> list[str]:
    """The filters, for hints."""
    return sorted([*_FILTERS, "round", "slug", "replace", "join", "sum"])
