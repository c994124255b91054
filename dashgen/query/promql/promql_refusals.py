"""What is wrong with a PromQL expression: the messages of its parser, and what they point to."""

from collections.abc import Iterable
from typing import Final, NoReturn

from dashgen.core.diagnostics import nearest
from dashgen.query.language import Fault
from dashgen.query.promql.promql_names import (
    AGGREGATIONS,
    CLAUSES,
    FUNCTIONS,
    GROUPING,
    MANY_TO_ONE,
    RENAMED,
    VARIABLE_QUERIES,
    WORD_OPERATORS,
)
from dashgen.query.promql.promql_tokens import Token, has_units
from dashgen.query.scanning import RefusalError
from dashgen.query.shared_tokens import TextToken, tokenize, unbalanced

MATCHER_HINT: Final = 'write label matchers as `label="value"` with commas between them'
DURATION_HINT: Final = "write a duration such as `30s`, `5m` or `1h30m`"
# What word processors and other languages make of PromQL's characters.
_PLAIN_FORM: Final = {
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u00a0": " ",
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
}
# Two operators in a row that were meant as one.
_INTENDED_OPERATORS: Final = {
    ">=": ">=",
    "<=": "<=",
    "!=": "!=",
    "<>": "!=",
    "===": "==",
    "=>": ">=",
    "=<": "<=",
    ">==": ">=",
}
_SYMBOLS: Final = frozenset(["+", "-", "*", "/", "%", "^", "==", "!=", "<=", "<", ">=", ">", "=", "</", ">/"])


_BEHIND_OPERANDS: Final = {
    ",": ("a comma separates arguments and has to be in a call", "remove it"),
    ")": ("`)` closes nothing", "remove it or add the missing `(`"),
    "braces": ("braces have to follow the name of a metric", "remove them, or put them behind it"),
}


class UnknownFunctionError(RefusalError):
    """An expression calls something that is no function; ``name`` is as it is written."""

    def __init__(self, fault: Fault, name: str) -> None:
        super().__init__(fault)
        self.name = name


class NestingError(RefusalError):
    """An expression nests too deeply to be parsed, whatever its variables are."""


def refuse_at(start: int, message: str, hint: str = "") -> NoReturn:
    """Refuse an expression because of what is at an offset.

    Raises:
        RefusalError: always.
    """
    raise RefusalError(Fault(message, hint, start))


def unknown_function(name: str, start: int) -> UnknownFunctionError:
    """The error of a call of something that is no function."""
    if name in VARIABLE_QUERIES:
        hint = "move it to a variable of the type `query`"
        fault = Fault(f"`{name}` works only in the query of a variable", hint, start)
    elif name in RENAMED:
        hint = f"use `{RENAMED[name]}`, which needs the flag `promql-experimental-functions`"
        fault = Fault(f"`{name}` is not a PromQL function any more", hint, start)
    else:
        hint = nearest(name.lower(), FUNCTIONS | AGGREGATIONS)
        hint = hint or "join the two with an operator if it is the name of a metric"
        fault = Fault(f"`{name}` is not a PromQL function", hint, start)
    return UnknownFunctionError(fault, name)


def refuse_wrong(text: str, start: int) -> NoReturn:
    """Refuse the character at an offset, which begins nothing in PromQL.

    Raises:
        RefusalError: always.
    """
    char = text[start]
    tokens = tokenize(text)
    refuse_long_texts(tokens)
    if fault := unbalanced(tokens):
        raise RefusalError(fault)
    if char == "[":
        inner = max(text.find("[", start + 1), start)
        refuse_at(inner, "brackets hold a duration and nothing else", DURATION_HINT)
    if text.startswith("!~", start):
        refuse_comparison("!~", start)
    if "\ud800" <= char <= "\udfff":
        refuse_at(start, "the query holds half a character", "write the character again")
    pair = text[start : start + 2]
    refuse_character(pair if pair in {"&&", "||"} else char, start)


def refuse_long_texts(tokens: Iterable[TextToken]) -> None:
    """Refuse a text in quotes that goes over several lines.

    Raises:
        RefusalError: there is one.
    """
    for token in tokens:
        if token.kind == "string" and token.text[0] != "`" and "\n" in token.text:
            hint = r"write `\n` for a new line"
            refuse_at(token.start, "a text in quotes goes over several lines", hint)


def refuse_comparison(operator: str, start: int) -> NoReturn:
    """Refuse an operator of label matchers outside braces.

    Raises:
        RefusalError: always.
    """
    refuse_at(start, f"`{operator}` compares a label and has to be between braces", MATCHER_HINT)


def refuse_character(char: str, start: int) -> NoReturn:
    """Refuse a character that PromQL does not have.

    Raises:
        RefusalError: always.
    """
    refuse_at(start, f"{_shown(char)} means nothing in PromQL there", _replacement_hint(char))


def _shown(char: str) -> str:
    return f"`{char}`" if char.isprintable() and not char.isspace() else f"the character U+{ord(char):04X}"


def _replacement_hint(char: str) -> str:
    if char in _PLAIN_FORM:
        plain = _PLAIN_FORM[char]
        return "write a plain space" if plain == " " else f"write `{plain}`"
    if char == "." or char.isalpha():
        return 'put a name with dots or other letters in quotes and braces: `{"name"}`'
    return "remove it"


def refuse_in_braces(text: str, start: int) -> NoReturn:
    """Refuse a character between braces that is no part of a label matcher.

    Raises:
        RefusalError: always.
    """
    char = text[start]
    hint = _replacement_hint(char) if _PLAIN_FORM.get(char, "x") in "\"' " else MATCHER_HINT
    refuse_at(start, f"{_shown(char)} is not allowed between braces", hint)


def refuse_operand(before: Token, token: Token, *, is_percent: bool) -> NoReturn:
    """Refuse a token where an operand has to be.

    Args:
        before: the token before it; of the kind ``end`` at the start of the expression.
        token: the token.
        is_percent: whether the one before is `%` behind a number.

    Raises:
        RefusalError: always.
    """
    kind, text, start = token
    word = text.lower()
    if kind == "name" and word in CLAUSES:
        _refuse_word(before, token)
    if before[1] in _SYMBOLS or before[1].lower() in WORD_OPERATORS:
        _refuse_behind_operator(before, token, is_percent=is_percent)
    if text == ")" and before[1] == "(":
        refuse_at(before[2], "the parentheses are empty", "write an expression between them or remove them")
    if text in {",", ")"}:
        refuse_at(start, "a comma has nothing beside it", "remove it or write the missing argument")
    if kind == "brackets":
        refuse_at(start, "a range has nothing before it", "write the metric first, as in `metric[5m]`")
    if text in _SYMBOLS or text == "@":
        refuse_at(start, f"`{text}` has nothing on its left", "write an operand before it")
    refuse_at(start, f"an operand is missing before {_name_of(word)}", "write a metric, a number or a call")


def _name_of(word: str) -> str:
    return f"`{word}`" if word else "the end of the query"


def _refuse_word(before: Token, token: Token) -> NoReturn:
    _, text, start = token
    word = text.lower()
    if word == "bool":
        refuse_at(start, "`bool` has to follow a comparison", "write it as in `metric > bool 0`")
    if word in MANY_TO_ONE:
        hint = f"write `on (label) {text}` or `ignoring (label) {text}`"
        refuse_at(start, f"`{text}` needs the labels to match on before it", hint)
    if word in CLAUSES and before[0] == "end":
        refuse_at(start, f"`{text}` has nothing before it", "remove it")
    hint = f'write `{{"{text}"}}` if it is the name of a metric'
    refuse_at(start, f"`{text}` cannot be an operand", hint)


def _refuse_behind_operator(before: Token, token: Token, *, is_percent: bool) -> NoReturn:
    text = token[1]
    if text in _SYMBOLS:
        pair = before[1] + text
        intended = _INTENDED_OPERATORS.get(pair)
        hint = f"write `{intended}`" if intended else f"write an operand between them or remove `{text}`"
        if before[1] == "=":
            refuse_equals(before[2])
        refuse_at(token[2], f"`{text}` cannot follow `{before[1]}`", hint)
    hint = "write a percentage as a fraction, such as `0.5`" if is_percent else "write an operand after it"
    refuse_at(before[2], f"`{before[1]}` has nothing on its right", hint)


def refuse_equals(start: int, intended: str = "==") -> NoReturn:
    """Refuse `=` outside braces.

    Args:
        start: its offset.
        intended: the operator that is meant.

    Raises:
        RefusalError: always.
    """
    refuse_at(
        start, "`=` compares labels and has to be between braces", f"write `{intended}` to compare values"
    )


def refuse_after_operand(before: Token, token: Token, after: Token) -> NoReturn:
    """Refuse a token that cannot follow a complete operand.

    Raises:
        RefusalError: always.
    """
    kind, text, start = token
    word = text.lower()
    if text == "=":
        if after[1].startswith("~"):
            refuse_comparison("=~", start)
        refuse_equals(start, _INTENDED_OPERATORS.get(text + after[1], "=="))
    if word in CLAUSES:
        _refuse_clause(token, after)
    if kind == "name" and before[0] == "name" and before[1].lower() in FUNCTIONS | AGGREGATIONS:
        _refuse_bare_call(before)
    if text == "," and before[0] == "number" and after[0] == "number":
        refuse_at(start, "a comma is between two numbers", "write a number without separators")
    if kind in {"name", "number", "string"}:
        refuse_at(start, f"an operator is missing before `{text}`", "join the two with an operator")
    _refuse_sign(kind, text, start)


def _refuse_sign(kind: str, text: str, start: int) -> NoReturn:
    message, hint = _BEHIND_OPERANDS.get(kind, _BEHIND_OPERANDS.get(text, ("", "")))
    refuse_at(start, message or f"`{text}` cannot follow an operand", hint or "join the two with an operator")


def _refuse_bare_call(before: Token) -> NoReturn:
    name = before[1]
    refuse_at(before[2], f"`{name}` needs its arguments in parentheses", f"write `{name.lower()}(…)`")


def _refuse_clause(token: Token, after: Token) -> NoReturn:
    _, text, start = token
    word = text.lower()
    if word == "bool":
        refuse_at(start, "`bool` has to follow a comparison", "write it as in `metric > bool 0`")
    if word in MANY_TO_ONE:
        hint = f"write `on (label) {text}` or `ignoring (label) {text}`"
        refuse_at(start, f"`{text}` needs the labels to match on before it", hint)
    if after[1] != "(":
        refuse_labels(token, after)
    if word in GROUPING:
        hint = "write it next to an aggregation, as in `sum by (label) (metric)`"
        refuse_at(start, f"`{text}` belongs to no aggregation", hint)
    hint = f"write it behind an operator, as in `a / {word} (label) b`"
    refuse_at(start, f"`{text}` belongs to no operator", hint)


def refuse_labels(clause: Token, after: Token) -> NoReturn:
    """Refuse a clause without parentheses behind it.

    Raises:
        RefusalError: always.
    """
    labels = after[1] if after[0] == "name" else "label"
    hint = f"write `{clause[1].lower()} ({labels})`"
    refuse_at(clause[2], f"`{clause[1]}` needs its labels in parentheses", hint)


def refuse_number(text: str, start: int) -> NoReturn:
    """Refuse digits that are neither a number nor a duration.

    Raises:
        RefusalError: always.
    """
    if has_units(text):
        refuse_at(start, "a duration is out of bounds", DURATION_HINT)
    refuse_at(start, f"`{text}` is neither a number nor a duration", DURATION_HINT)


def count_of(count: int, bound: str = "") -> str:
    """A number of arguments, such as `at most 2 arguments`."""
    return f"{bound}{count} {'argument' if count == 1 else 'arguments'}"
