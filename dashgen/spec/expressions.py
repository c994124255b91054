"""``${{ … }}``: sandboxed Jinja2 expressions in scalars, evaluated after YAML is parsed.

Only expressions, no statements: there is nothing that could loop without end. Numbers, text and lists are bounded, names
with underscores and everything outside the given variables are out of reach.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MARK = "${{"
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_MAX_SOURCE = 2_000
_MAX_TEXT = 50_000
_MAX_ITEMS = 10_000
_MAX_NUMBER = 10**18
_FILTERS = (
    "abs", "capitalize", "default", "first", "float", "int", "last", "length", "list", "lower", "max", "min",
    "reverse", "round", "sort", "string", "sum", "title", "trim", "unique", "upper",
)  # fmt: skip
_TESTS = (
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "sequence",
    "in",
    "odd",
    "even",
    "eq",
    "ne",
)
_METHODS = frozenset(
    "startswith endswith lower upper title capitalize strip lstrip rstrip split removeprefix removesuffix get keys values items".split()
)


class ExpressionError(Exception):
    """An expression that cannot be evaluated; the message is in the user's words."""


def _range(*limits: int) -> list[int]:
    numbers = range(*limits)
    if len(numbers) > _MAX_ITEMS:
        raise SecurityError(f"range() gives more than {_MAX_ITEMS} numbers")
    return list(numbers)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + text.count(old) * len(new) > _MAX_TEXT:
        raise SecurityError("the replaced text is too long")
    return text.replace(old, new)


def _join(items: list[Any], separator: str = "") -> str:
    texts = [str(item) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > _MAX_TEXT:
        raise SecurityError("the joined text is too long")
    return separator.join(texts)


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["*", "**", "+", "%"])

    def is_safe_attribute(self, obj: Any, attr: str, _value: Any) -> bool:
        return isinstance(obj, dict | str) and attr in _METHODS

    def is_safe_callable(self, obj: Any) -> bool:
        return obj in (_range, _slug) or getattr(obj, "__name__", "") in _METHODS

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        _refuse_growth(operator, left, right)
        return super().call_binop(context, operator, left, right)


def _refuse_growth(operator: str, left: Any, right: Any) -> None:
    """Before it is computed: what would give huge text, lists or numbers."""
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if operator == "**" and numbers and (abs(right) > 64 or abs(left) > 10**6):
        raise SecurityError("the power is too large")
    if operator == "*" and not numbers:
        sized, times = (left, right) if isinstance(right, int) else (right, left)
        if (
            isinstance(sized, str | list | tuple)
            and isinstance(times, int)
            and len(sized) * times > _MAX_ITEMS
        ):
            raise SecurityError("the repetition is too long")
    if operator == "%" and isinstance(left, str):
        raise SecurityError("`%` formatting is not offered; join text with `~`")


@cache
def _sandbox() -> _Sandbox:
    sandbox = _Sandbox(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # the results are data, not HTML
    sandbox.filters = {name: sandbox.filters[name] for name in _FILTERS} | {
        "slug": _slug,
        "replace": _replace,
        "join": _join,
    }
    sandbox.tests = {name: sandbox.tests[name] for name in _TESTS}
    sandbox.globals = {"range": _range, "slug": _slug}
    return sandbox


@cache
def _compiled(source: str) -> Callable[..., Any]:
    if len(source) > _MAX_SOURCE:
        raise ExpressionError(f"the expression is longer than {_MAX_SOURCE} characters")
    try:
        return _sandbox().compile_expression(source, undefined_to_none=False)
    except TemplateSyntaxError as error:
        raise ExpressionError(f"the expression `{source.strip()}` is not valid: {error.message}") from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        raise ExpressionError(f"the expression `{_short(source)}` is too complex") from None


def _short(source: str) -> str:
    source = source.strip()
    return source if len(source) <= 60 else source[:57] + "…"


def _value(source: str, variables: Mapping[str, Any]) -> Any:
    try:
        result = _compiled(source)(**variables)
        # A StrictUndefined comes back as it is; touching it raises what it has to say.
        if isinstance(result, StrictUndefined):
            str(result)
    except UndefinedError as error:
        known = ", ".join(f"`{name}`" for name in sorted(variables)) or "none"
        raise ExpressionError(
            f"in `{_short(source)}`: {error.message}; the names here are: {known}"
        ) from None
    except SecurityError as error:
        raise ExpressionError(f"in `{_short(source)}`: {error.message}") from None
    except (
        TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        RecursionError,
        MemoryError,
    ) as error:
        raise ExpressionError(f"in `{_short(source)}`: {error}") from None
    return _plain(result, source)


def _plain(result: Any, source: str) -> Any:
    """The result as plain data of bounded size."""
    if isinstance(result, bool) or result is None:
        return result
    if isinstance(result, int | float) and abs(result) < _MAX_NUMBER:
        return result
    if isinstance(result, str) and len(result) <= _MAX_TEXT:
        return str(result)
    if isinstance(result, list | tuple) and len(result) <= _MAX_ITEMS:
        return [_plain(item, source) for item in result]
    if isinstance(result, dict) and len(result) <= _MAX_ITEMS:
        return {str(key): _plain(item, source) for key, item in result.items()}
    if type(result).__name__.startswith("dict_"):
        return [_plain(item, source) for item in result]
    if isinstance(result, int | float | str | list | dict):
        raise ExpressionError(f"the result of `{_short(source)}` is too large")
    raise ExpressionError(f"the result of `{_short(source)}` is not text, a number, a list or a mapping")


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """The value of a scalar with expressions.

    A scalar that is one expression gives that expression's value with its type; otherwise the results are joined into
    the text around them.

    Raises:
        ExpressionError: an expression is malformed, fails, or reaches for what it may not.
    """
    whole = _EXPRESSION.fullmatch(text)
    if whole and MARK not in whole[1]:
        return _value(whole[1], variables)
    result = _EXPRESSION.sub(lambda match: _text(_value(match[1], variables), match[1]), text)
    if MARK in _EXPRESSION.sub("", text):
        raise ExpressionError("`${{` is not closed with `}}`")
    return result


def _text(value: Any, source: str) -> str:
    if isinstance(value, list | dict):
        raise ExpressionError(
            f"`{_short(source)}` gives a {'list' if isinstance(value, list) else 'mapping'}, which cannot stand inside text"
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
