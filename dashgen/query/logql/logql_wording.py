"""The errors of tokens that do not fit, which only a query with a mistake needs."""

from typing import Final, NoReturn

from dashgen.query.logql.logql_names import (
    FUNCTIONS,
    GROUPING,
    LABEL_OPERATORS,
    LINE_FILTERS,
    RESERVED,
    STAGES,
)
from dashgen.query.logql.logql_tokens import LogQLReader
from dashgen.query.scanning import OPENING, QueryToken, meant, refuse, shown

WORDS: Final = frozenset({"name", "function", "aggregation", "call"})
"""The kinds of words that are not reserved."""
_FILTER_OF: Final = {"=": "|=", "==": "|=", "=~": "|~"}
# What a kind of token has wrong wherever it is too much, and a hint; `…` is the token.
_MISPLACED: Final = {
    "=": ("`=` compares only labels", "write `==` to compare values"),
    "odd": ("`…` is neither a number nor a duration", "write `5m`, `200ms` or `10KB`"),
    "[": ("a range is never closed", "write a duration and `]`"),
    "range": (
        "a range is not allowed here",
        "write the range once, before the closing parenthesis of its function",
    ),
}
_ENDS: Final = frozenset({"end", "|", ")", "range"})
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}


def is_word(token: QueryToken) -> bool:
    """Whether a token is a word, reserved or not."""
    return token.text.isidentifier() and token.kind not in {"variable", "string"}


def refuse_label(at: LogQLReader, what: str) -> NoReturn:
    """Refuse the next token in the place of a label's name."""
    token = at.token()
    if is_word(token):
        hint = "choose another name for the label; LogQL has no notation for this one"
        refuse(f"`{token.text}` is a word of LogQL and cannot be {what}", hint, token)
    if token.kind == "string":
        refuse(f"{what} is in quotes", f"write `{token.text[1:-1]}`", token)
    if token.kind in _ENDS and at.index:
        refuse(f"`{at.texts[at.index - 1]}` has no label after it", "write the name of a label", token)
    refuse(f"{shown(token)} cannot be {what}", "write the name of a label", token)


def refuse_text(at: LogQLReader, message: str) -> NoReturn:
    """Refuse the next token in the place of a string."""
    token = at.token()
    hint = "write it in quotes"
    if token.kind in {"name", "number"}:
        hint = f'write it in quotes: `"{token.text}"`'
    refuse(message, hint, token)


def refuse_closing(token: QueryToken) -> None:
    """Refuse a closing bracket without an opening one; other tokens pass."""
    if token.kind in OPENING:
        hint = f"remove it or add the missing `{OPENING[token.text]}`"
        refuse(f"`{token.text}` closes nothing", hint, token)


def refuse_operand(at: LogQLReader) -> NoReturn:
    """Refuse what cannot start a query or an operand."""
    token = at.token()
    if token.kind == "end":
        message = "something is missing at the end of the query"
        refuse(message, "write the operand, or remove the operator", at.token(-1))
    refuse_closing(token)
    if token.kind == "string":
        refuse("a text is not allowed here", 'start with the streams, as in `{app="name"} |= "text"`', token)
    if token.kind == "range":
        message = "a range has nothing before it"
        refuse(message, 'write the streams first, as in `{app="name"} [5m]`', token)
    if token.kind in LINE_FILTERS | {"|"}:
        message = f"`{token.text}` has no streams before it"
        refuse(message, 'start with the streams, as in `{app="name"}`', token)
    refuse(f"{shown(token)} is not allowed here", 'start with the streams, as in `{app="name"}`', token)


def refuse_metric(name: QueryToken) -> None:
    """Refuse a metric before its braces; a variable alone passes, as it may be empty."""
    if name.text[0] not in "$[":
        hint = "write only the braces; a query of metrics needs another data source"
        refuse(f"`{name.text}` is not a function, and a log query has no metric", hint, name)


def refuse_name(at: LogQLReader) -> NoReturn:
    """Refuse a word that is neither a function with arguments nor anything else that starts a query."""
    name, after, value = at.token(), at.token(1), at.token(2)
    word = name.word
    if name.kind in RESERVED - STAGES - {"variants"}:
        refuse(f"`{name.text}` is not allowed here", "write an operand first, or remove it", name)
    if word in FUNCTIONS:
        _refuse_function(name, after, value)
    if after.kind == "(":
        hint = meant(word, FUNCTIONS) or "use one such as `rate`, `count_over_time` or `sum`"
        refuse(f"LogQL has no function `{name.text}`", hint, name)
    if after.kind in LABEL_OPERATORS | {"=="} and value.kind == "string":
        hint = f"write `{{{name.text}{after.text.replace('==', '=')}{value.text}}}`"
        refuse("the labels of streams have to be between braces", hint, name)
    if after.kind == "{":
        refuse_metric(name)
    hint = 'write streams between braces, as in `{app="name"}`; a query of metrics needs another data source'
    message = f"`{name.text}` is neither a function nor streams"
    refuse(message, meant(word, FUNCTIONS) or hint, name)


def _refuse_function(name: QueryToken, after: QueryToken, following: QueryToken) -> NoReturn:
    """Refuse the name of a function without parentheses behind it."""
    if after.kind in GROUPING:
        label = following.text if following.kind == "name" else "label"
        message = f"`{after.text}` needs its labels in parentheses"
        refuse(message, f"write `{after.word} ({label})`", after)
    refuse(f"`{name.text}` needs its arguments in parentheses", f"write `{name.word}(…)`", name)


def refuse_filter(operator: QueryToken, text: QueryToken) -> NoReturn:
    """Refuse an operator between a log query and a text."""
    hint = f"write `{_FILTER_OF.get(operator.text, '|=')} {text.text}`"
    if text.kind != "string":
        hint = "remove it: each filter is one more condition"
    refuse(f"`{operator.text}` filters no lines", hint, operator)


def refuse_unexpected(at: LogQLReader) -> NoReturn:
    """Refuse the next token, which cannot follow the one before it."""
    token, before = at.token(), at.token(-1) if at.index else at.token()
    refuse_closing(token)
    if token.kind in _FILTER_OF and at.token(1).kind == "string":
        refuse_filter(token, at.token(1))
    if token.text == "&" and at.token(1).text == "&":
        refuse("LogQL has no `&&`", "write `and`", token)
    if problem := _MISPLACED.get(token.kind):
        refuse(problem[0].replace("…", token.text), problem[1], token)
    if token.kind in STAGES:
        refuse(f"`{token.text}` has no `|` before it", f"write `| {token.word}`", token)
    if token.kind == "string":
        refuse(f"a text cannot follow {shown(before)}", f"write `|= {token.text}` to filter lines", token)
    if token.kind == "other" and token.text.isspace():
        refuse("a space is none that Loki knows", "write a plain space", token)
    refuse(f"{shown(token)} cannot follow {shown(before)}", "remove it, or join the two", token)


def close(at: LogQLReader, opened: int) -> None:
    """Take the bracket that closes the one at an index of the tokens."""
    text = at.texts[opened]
    closing = _CLOSING[text]
    if at.take(closing):
        return
    if at.kinds[at.index] == "end":
        refuse(f"`{text}` is never closed", f"add the missing `{closing}`", at.token(opened - at.index))
    refuse_unexpected(at)
