"""Texts with expressions that are to give other values."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from dashgen.core.lazy_pattern import lazy_pattern

# Not Grafana's own templates: `${{ $labels.x }}` and `${{ .Values }}` stay text.
_EXPRESSION = lazy_pattern(r"\$\{\{(?!\s*[$.])(.*?)\}\}", re.DOTALL)
_LONGEST = 20_000


def rewritten(template: str, built: str, goal: str) -> Iterator[str]:
    """The template with the change of its result made in the text around its expressions.

    Args:
        template: the text as it is written.
        built: what it gives.
        goal: what it is to give.
    """
    expressions = _values(template, built)
    if expressions is None or len(built) * len(goal) > _LONGEST**2:
        return
    pieces, position = [], 0
    for expression, start, end in expressions:
        span = _span_after(built, goal, start, end)
        # The value of an expression itself changed: that is not for the text around it.
        if span is None or span[0] < position:
            return
        pieces += [goal[position : span[0]], expression]
        position = span[1]
    text = "".join([*pieces, goal[position:]])
    # A text that looks like an expression would be evaluated.
    if "${{" not in _EXPRESSION.sub("", text):
        yield text


def _values(template: str, built: str) -> list[tuple[str, int, int]] | None:
    """Each expression with where its value stands in the result."""
    # The shortest match for each expression: its value is found by the texts around it.
    pattern, position, expressions = "", 0, []
    for match in _EXPRESSION.finditer(template):
        pattern += re.escape(template[position : match.start()]) + "(.*?)"
        expressions.append(match[0])
        position = match.end()
    result = re.fullmatch(pattern + re.escape(template[position:]), built, re.DOTALL)
    if result is None:
        return None
    return [(text, *result.span(number + 1)) for number, text in enumerate(expressions)]


def _span_after(built: str, goal: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a part of a text stands after a change that left it alone."""
    for tag, i, i_end, j, _ in SequenceMatcher(None, built, goal, autojunk=False).get_opcodes():
        if tag == "equal" and i <= start and end <= i_end:
            return j + start - i, j + end - i
    return None


def conditional(condition: str, value: object, other: object) -> str | None:
    """An expression that gives a value where a condition holds, and elsewhere what is written there now."""
    constant, rest = literal(value), _as_expression(other)
    if constant is None or rest is None:
        return None
    return f"${{{{ {constant} if {condition} else {rest} }}}}"


def _as_expression(raw: object) -> str | None:
    """What is written at a place, as a part of an expression."""
    if not isinstance(raw, str) or "${{" not in raw:
        return literal(raw)
    parts, position = [], 0
    for match in _EXPRESSION.finditer(raw):
        if match.start() > position:
            parts.append(literal(raw[position : match.start()]))
        # Beside other parts an expression needs parentheses, as `~` binds tighter than a choice.
        parts.append(f"({match[1].strip()})" if len(raw) > len(match[0]) else match[1].strip())
        position = match.end()
    if position < len(raw):
        parts.append(literal(raw[position:]))
    return None if None in parts else " ~ ".join(part for part in parts if part)


def literal(value: object) -> str | None:
    """A value as Jinja2 writes it; nothing when it cannot stand inside an expression."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(value, str) or "${{" in value:
        return None
    plain = value.replace("\\", "\\\\").replace("\n", "\\n")
    if "'" not in plain:
        return f"'{plain}'"
    return f'"{plain}"' if '"' not in plain else "'" + plain.replace("'", "\\'") + "'"
