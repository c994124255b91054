"""Values of Go templates: how they print and become numbers. Source: Go's fmt and strconv (1.24)."""

import json
import math
from collections.abc import Callable, Mapping
from re import Match
from typing import Final, TypeAlias

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.promql.aggregations import shortest_number
from dashgen.evaluate.samples import Labels

_VERB: Final = lazy_pattern(r"%([-+# 0]*)(\d+)?(?:\.(\d+)?)?([a-zA-Z%])")
_EXPONENT_FROM: Final = 6
_WIDEST: Final = 1000


class TemplateRunError(Exception):
    """A template parses, and cannot run; the message is the reason."""


class RefValue(Struct, frozen=True):
    """The value of a query or expression, and its labels; it prints as its number."""

    labels: Labels
    value: float

    def __str__(self) -> str:
        """The number without an exponent."""
        return shortest_number(self.value)


class Missing(Struct, frozen=True):
    """What is not there; ``text`` is what it prints."""

    text: str


GoValue: TypeAlias = (
    str | bool | int | float | RefValue | Missing | Mapping[str, "GoValue"] | list["GoValue"] | None
)


def printed(value: GoValue) -> str:
    """A value as ``{{ … }}`` prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, Missing):
        return value.text
    if value is None:
        return "<nil>"
    if isinstance(value, Mapping):
        return f"map[{' '.join(f'{key}:{printed(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(printed(item) for item in value)}]"
    return str(value)


def float_text(value: float) -> str:
    """A number as ``%v`` prints it: with an exponent from a million on."""
    if not value or not math.isfinite(value):
        return shortest_number(value)
    exponent = int(f"{value:.17e}".partition("e")[2])
    if -5 < exponent < _EXPONENT_FROM:
        return shortest_number(value)
    digits = repr(value).partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if value < 0 else ''}{mantissa}e{exponent:+03d}"


def general(value: float, precision: int) -> str:
    """A number as ``%.4g`` prints it."""
    return f"{value:.{precision}g}" if math.isfinite(value) else shortest_number(value)


def is_true(value: GoValue) -> bool:
    """Whether `if` takes a value as true."""
    return not isinstance(value, Missing) and (isinstance(value, RefValue) or bool(value))


def number_of(value: GoValue) -> float:
    """A number, or a text that is one, as the functions of Prometheus take it.

    Raises:
        TemplateRunError: the value is no number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value.replace("Inf", "inf"))
        except ValueError:
            raise TemplateRunError(f"`{value}` is not a number") from None
    raise TemplateRunError(f"`{printed(value)}` is not a number")


def formatted(template: str, values: list[GoValue]) -> str:
    """The text of ``printf``; a value that does not fit its verb is shown as Go shows it."""
    remaining = list(values)

    def replacement(match: Match[str]) -> str:
        flags, width, precision, verb = match.groups()
        if verb == "%":
            return "%"
        if not remaining:
            return f"%!{verb}(MISSING)"
        text = _with_verb(verb, remaining.pop(0), precision, flags)
        if not width:
            return text
        if int(width) > _WIDEST:
            raise TemplateRunError(f"a width of {width} characters")
        fill = "0" if "0" in flags and "-" not in flags else " "
        return text.ljust(int(width)) if "-" in flags else _padded(text, int(width), fill)

    text = _VERB.sub(replacement, template)
    if remaining:
        extra = ", ".join(f"{type_name(value)}={printed(value)}" for value in remaining)
        text += f"%!(EXTRA {extra})"
    return text


def _padded(text: str, width: int, fill: str) -> str:
    return text.zfill(width) if fill == "0" else text.rjust(width)


def _with_verb(verb: str, value: GoValue, precision: str | None, flags: str) -> str:
    if isinstance(value, RefValue) and verb not in {"v", "s"}:
        raise TemplateRunError(f"`%{verb}` is given a value with its labels; write `.Value` behind it")
    convert = _CONVERSIONS.get(verb)
    text = None if convert is None else convert(value, None if precision is None else int(precision))
    if text is None:
        return f"%!{verb}({type_name(value)}={printed(value)})"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"+{text}" if "+" in flags and is_number and not text.startswith("-") else text


def type_name(value: GoValue) -> str:
    """The name of a value's type in Go."""
    names = {bool: "bool", int: "int", float: "float64", str: "string", type(None): "<nil>"}
    return names.get(type(value), "template.Value" if isinstance(value, RefValue) else "map[string]string")


def _verb_v(value: GoValue, _: int | None) -> str:
    return printed(value)


def _verb_s(value: GoValue, precision: int | None) -> str | None:
    if isinstance(value, str | RefValue | Missing):
        return printed(value)[:precision]
    return None


def _verb_q(value: GoValue, _: int | None) -> str | None:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else None


def _verb_d(value: GoValue, _: int | None) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _verb_t(value: GoValue, _: int | None) -> str | None:
    return printed(value) if isinstance(value, bool) else None


def _verb_x(value: GoValue, _: int | None) -> str | None:
    if isinstance(value, str):
        return value.encode().hex()
    return f"{value:x}" if isinstance(value, int) and not isinstance(value, bool) else None


def _of_float(form: str) -> Callable[[GoValue, int | None], str | None]:
    def convert(value: GoValue, precision: int | None) -> str | None:
        if not isinstance(value, float):
            return None
        if not math.isfinite(value):
            return shortest_number(value)
        if form == "g" and precision is None:
            return float_text(value)
        return f"{value:.{6 if precision is None else precision}{form}}"

    return convert


_CONVERSIONS: Final[dict[str, Callable[[GoValue, int | None], str | None]]] = {
    "v": _verb_v,
    "s": _verb_s,
    "q": _verb_q,
    "d": _verb_d,
    "t": _verb_t,
    "x": _verb_x,
    "f": _of_float("f"),
    "e": _of_float("e"),
    "g": _of_float("g"),
}
