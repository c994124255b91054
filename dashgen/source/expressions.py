"""``${{ … }}``: sandboxed Jinja2 expressions in scalars, evaluated after YAML is parsed.

Only expressions, no statements: there is nothing that could loop without end. Numbers, text and lists are
bounded, names with underscores and everything outside the given variables are out of reach.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import TemplateError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError, TemplateSyntaxError

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.sandbox import MAX_WEIGHT, counted, sandbox, weight, words
from dashgen.source.work import HINT, TOO_MUCH, TooMuchWorkError, Work

MARK = "${{"
_END = "}}"
# `${{ $value }}` and `${{ .Labels.x }}` are a dollar sign before a Go template: no expression starts like
# that.
_START = lazy_pattern(r"\$\{\{(?!\s*[$.])")
_MAX_SOURCE = 2_000
_MAX_NUMBER = 10**18
_MAX_SHOWN = 60
_UNFIT = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NO_NAME = lazy_pattern(r"'(?P<name>[^']*)' is undefined")
_NO_FILTER = lazy_pattern(r"No (?P<what>filter|test) named '(?P<name>[^']*)'")
_NOTHING = lazy_pattern(r"has no (?:attribute|element) '?(?P<name>[^']*)'?$")
_EXAMPLES = "expressions are Jinja2: `${{ name }}`, `${{ n * 2 }}`, `${{ name | upper }}`"
# Parts of Jinja2's messages, in other words.
_WORDS = {
    "chunk after expression": "there is more text after the expression",
    "unexpected 'end of template'": "it ends too early",
}


class ExpressionError(Exception):
    """An expression that cannot be evaluated.

    The message is in the user's words, the hint says what to do.
    """

    def __init__(self, message: str, hint: str = _EXAMPLES) -> None:
        super().__init__(message)
        self.hint = hint


def evaluate(text: str, variables: Mapping[str, Any], work: Work | None = None) -> Any:
    """The value of a scalar with expressions.

    A scalar that is one expression gives that expression's value with its type; otherwise the results are
    joined into the text around them.

    Args:
        text: the scalar.
        variables: what its expressions see.
        work: where what they do is counted.

    Raises:
        ExpressionError: an expression is malformed, fails, or reaches for what it may not.
    """
    work = work or Work()
    if is_single(text):
        return _value(text[len(MARK) : -len(_END)], variables, work)
    return "".join(piece.text for piece in pieces(text, variables, work))


def is_single(text: str) -> bool:
    """Whether a scalar is one expression and nothing else."""
    # With a second mark the text is two expressions, although it begins and ends like one.
    return bool(_START.match(text)) and text.endswith(_END) and MARK not in text[len(MARK) :]


class Piece(NamedTuple):
    """A part of what a scalar gives.

    Attributes:
        text: the part.
        at: where it, or the mark of its expression, stands in the scalar.
        source: the expression that gives it; None for what stands there as it is.
    """

    text: str
    at: int
    source: str | None = None


def pieces(text: str, variables: Mapping[str, Any], work: Work) -> Iterator[Piece]:
    """The parts of what a scalar with expressions in it gives; see `evaluate`.

    Raises:
        ExpressionError: as `evaluate`.
    """
    position = 0
    while match := _START.search(text, position):
        start = match.start()
        end = text.find(_END, start)
        if end < 0:
            raise ExpressionError("`${{` is not closed with `}}`", "add `}}`")
        source = text[start + len(MARK) : end]
        yield Piece(text[position:start], position)
        yield Piece(_as_text(_value(source, variables, work), source), start, source)
        position = end + len(_END)
    yield Piece(text[position:], position)


def _as_text(value: object, source: str) -> str:
    if isinstance(value, list | dict):
        kind = "list" if isinstance(value, list) else "mapping"
        hint = "take one of its items, or join a list: `${{ names | join(', ') }}`"
        raise ExpressionError(f"`{_short(source)}` gives a {kind}, which cannot stand inside text", hint)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _value(source: str, variables: Mapping[str, Any], work: Work) -> Any:
    try:
        with counted(work):
            return _plain(_compiled(source)(**variables), source)
    except UndefinedError as error:
        raise _undefined(source, str(error.message), variables) from None
    except TooMuchWorkError:
        raise ExpressionError(TOO_MUCH, HINT) from None
    except SecurityError as error:
        raise ExpressionError(f"in `{_short(source)}`: {error.message}", "use a simpler expression") from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise ExpressionError(f"in `{_short(source)}`: {error}") from None
    except (NameError, RecursionError, MemoryError):
        # A NameError is a number that Python cannot write down, such as 1e999.
        raise _too_large(source) from None


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Callable[..., Any]:
    if not source.strip():
        raise ExpressionError("an expression is empty")
    if len(source) > _MAX_SOURCE:
        message = f"an expression is longer than {_MAX_SOURCE} characters"
        raise ExpressionError(message, "split it with `vars:`")
    try:
        return sandbox().compile_expression(source, undefined_to_none=False)
    except TemplateSyntaxError as error:
        raise _invalid(source, error.message or "") from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        message = f"the expression `{_short(source)}` is too complex"
        raise ExpressionError(message, "split it with `vars:`") from None


def _invalid(source: str, message: str) -> ExpressionError:
    unknown = _NO_FILTER.match(message)
    if unknown and unknown["what"] == "filter":
        hint = nearest(unknown["name"], words()) or "the filters are " + ", ".join(words())
        return ExpressionError(f"in `{_short(source)}`: there is no filter `{unknown['name']}`", hint)
    if unknown:
        return ExpressionError(f"in `{_short(source)}`: there is no test `{unknown['name']}`")
    reason = next((text for phrase, text in _WORDS.items() if phrase in message), message.rstrip("."))
    return ExpressionError(f"the expression `{_short(source)}` is not valid: {reason}")


def _undefined(source: str, message: str, variables: Mapping[str, Any]) -> ExpressionError:
    match = _NO_NAME.search(message)
    if match:
        names = sorted(variables)
        listed = ", ".join(f"`{name}`" for name in names)
        hint = nearest(match["name"], names) or f"the names here are {listed}"
        return ExpressionError(f"in `{_short(source)}`: there is no `{match['name']}` here", hint)
    if "no else section" in message:
        message = f"in `{_short(source)}`: the condition does not hold, and there is no `else`"
        return ExpressionError(message, "add `else …`")
    missing = _NOTHING.search(message)
    if missing and re.search(rf"\benv\.{re.escape(missing['name'])}\b", source):
        name = missing["name"]
        return ExpressionError(
            f"in `{_short(source)}`: the environment variable `{name}` is not declared",
            f"declare it in dashgen.yaml: `env: {{{name}: value when it is unset}}`",
        )
    if missing:
        message = f"in `{_short(source)}`: there is no `{missing['name']}` in it"
        return ExpressionError(message, "correct the name")
    return ExpressionError(f"in `{_short(source)}`: {message.rstrip('.')}")


def _short(source: str) -> str:
    source = " ".join(source.split())
    return source if len(source) <= _MAX_SHOWN else source[: _MAX_SHOWN - 3] + "…"


def _plain(result: object, source: str) -> Any:
    """The result as plain data of bounded size."""
    if weight(result) > MAX_WEIGHT:
        raise _too_large(source)
    return _data(result, source)


def _data(value: object, source: str) -> Any:
    if isinstance(value, Undefined):
        raise UndefinedError(value._undefined_message)  # noqa: SLF001  # its own message
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        if abs(value) >= _MAX_NUMBER:
            raise _too_large(source)
        return value
    if isinstance(value, str):
        unfit = _UNFIT.search(value)
        if unfit:
            code = f"U+{ord(unfit[0]):04X}"
            message = f"the result of `{_short(source)}` has a character ({code}) that specs cannot have"
            raise ExpressionError(message, "remove it")
        return str(value)
    if isinstance(value, dict):
        return {str(key): _data(item, source) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_data(item, source) for item in value]
    raise ExpressionError(f"the result of `{_short(source)}` is not text, a number, a list or a mapping")


def _too_large(source: str) -> ExpressionError:
    return ExpressionError(f"the result of `{_short(source)}` is too large", "use smaller values")
