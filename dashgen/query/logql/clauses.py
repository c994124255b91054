"""Labels in parentheses: what a result is grouped by, and what two operands are matched on."""

from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.logql_names import GROUPING
from dashgen.query.logql.nodes import Grouping
from dashgen.query.scanning import QueryToken, refuse


def grouping(at: LogQLReader) -> Grouping:
    """Take `by (…)` or `without (…)`."""
    word = at.next()
    if word.word not in GROUPING:
        hint = "write `by (label)` or `without (label)`, or remove it"
        refuse(f"`{word.text}` cannot stand there", hint, word)
    named, is_open = labels(at, word)
    return Grouping(word.word == "by", named, word.start, is_open)


def labels(at: LogQLReader, word: QueryToken) -> tuple[tuple[str, ...], bool]:
    """The labels in parentheses after a word, and whether a variable is among them."""
    if at.here.text != "(":
        first = at.here.text if at.here.kind == "name" else "label"
        refuse(f"`{word.text}` needs its labels in parentheses", f"write `{word.word} ({first})`", word)
    opened = at.next()
    named: list[str] = []
    is_open = False
    while at.here.text != ")":
        token = at.label("a label")
        is_open = is_open or token.kind == "variable"
        named.append(token.text)
        if not at.take(","):
            if at.here.kind in {"name", "variable"}:
                refuse(f"a comma is missing before `{at.here.text}`", "write one between two labels", at.here)
            break
        if at.here.text == ")":
            refuse("a comma has nothing behind it", "remove it", at.tokens[at.index - 1])
    at.close(opened)
    return tuple(named), is_open
