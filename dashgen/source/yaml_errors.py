"""What libyaml says of text that is not YAML, in the words of the person who wrote it."""

from dataclasses import dataclass, replace
from typing import Any

import yaml

from dashgen.core.diagnostics import Diagnostic, Location, Related, Span

_OPENED = {"'": "the quote `'`", '"': 'the quote `"`', "[": "the bracket `[`", "{": "the brace `{`"}
_UNCLOSED = "{opened} that opens here is not closed"
_NO_ESCAPE = "in double quotes a `\\` starts an escape, and this one does not exist"
_ESCAPE_HINT = "use single quotes, or write `\\\\` for a backslash"
_TAB = "a tab is used for indentation"
_TAB_HINT = "indent with spaces: YAML does not allow tabs there"
_COLON_HINT = "quote the text if the colon belongs to it, or check the indentation"
_COMMA_HINT = "close it, add the comma, or quote text that has brackets or commas in it"
_EXPRESSION_HINT = 'put the expression into quotes: inside `{ }` and `[ ]` it is `"${{ name }}"`'
_END_HINT = "check the indentation and the quotes above, or start a new document with `---`"
_LINES_HINT = "check the indentation, and the quotes of this line and the one above it"
_ITEMS_HINT = "check the indentation: list items start in one column"
_MISSING = "a value is missing{before}"


@dataclass(frozen=True, slots=True)
class _Words:
    """How a problem is told: its message, what to do, and whether it is told where the unfinished thing began."""

    message: str
    hint: str
    at_start: bool = False


_KNOWN: tuple[tuple[str, _Words], ...] = (
    ("cannot start any token", _Words("a value cannot start with {character}", "put the text into single quotes")),
    ("mapping values are not allowed", _Words("`: ` cannot stand here", _COLON_HINT)),
    ("sequence entries are not allowed", _Words("a list cannot start here", "put `- ` on a line of its own, indented below its key")),
    ("did not find expected key", _Words("this does not go on with the mapping above it", _LINES_HINT)),
    ("expected '-' indicator", _Words("this does not go on with the list above it", _ITEMS_HINT)),
    ("expected ',' or", _Words(_UNCLOSED + ", or a comma is missing after one of its items", _COMMA_HINT, at_start=True)),
    ("unexpected end of stream", _Words(_UNCLOSED, "close it", at_start=True)),
    ("unexpected document indicator", _Words(_UNCLOSED, "close it", at_start=True)),
    ("unknown escape character", _Words(_NO_ESCAPE, _ESCAPE_HINT)),
    ("expected hexdecimal number", _Words(_NO_ESCAPE, _ESCAPE_HINT)),
    ("could not find expected ':'", _Words("a key without `:` after it", "write `key: value`, or check the indentation", at_start=True)),
    ("undefined alias", _Words("this alias has no anchor before it", "define the anchor (`&name`) before it is used (`*name`)")),
    ("expected <document start>", _Words("more text after the end of the document", _END_HINT)),
    ("expected node content", _Words(_MISSING, "write a value, or quote the text")),
    ("comment or line break", _Words("text cannot follow `|` or `>` on the same line", "start the text on the next line, indented")),
    ("duplicate anchor", _Words("this anchor is defined twice", "rename one of them")),
    ("found unexpected ':'", _Words("`: ` cannot stand here", _COLON_HINT)),
    ("alphabetic or numeric", _Words("`&` and `*` need the name of an anchor", "write the name, or quote the text")),
    ("directive", _Words("a line that starts with `%` is a directive of YAML", "quote the text that starts with `%`")),
    ("found a tab character", _Words(_TAB, _TAB_HINT)),
)  # fmt: skip


def syntax_error(file: str, text: str, error: yaml.YAMLError) -> Diagnostic:
    """The finding for an error of libyaml."""
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    context = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or context
    if mark is None:
        return Diagnostic("yaml/syntax", f"not valid YAML: {problem}", Location(file))
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    explanation = next((explanation for start, explanation in _KNOWN if start in problem), _Words("", ""))
    if "\t" in line[: len(line) - len(line.lstrip())]:
        explanation = _Words(_TAB, _TAB_HINT)
    related: tuple[Related, ...] = ()
    if line[max(0, mark.column - 1) : mark.column + 2] == "${{":
        explanation = replace(explanation, hint=_EXPRESSION_HINT)
    if explanation.at_start and context is not None and context.index != mark.index:
        related = (Related("noticed here", _place(file, lines, mark)),)
        mark = context
    message = _filled(explanation.message, text[mark.index : mark.index + 1].strip()) or problem
    location = _place(file, lines, mark)
    return Diagnostic(
        "yaml/syntax", f"not valid YAML: {message}", location, explanation.hint, related=related
    )


def _filled(message: str, character: str) -> str:
    quoted = "a backtick" if character == "`" else f"`{character}`"
    opened = _OPENED.get(character, "the quote or bracket")
    return message.format(character=quoted, opened=opened, before=f" before {quoted}" if character else "")


def _place(file: str, lines: list[str], mark: Any) -> Location:
    line, column = mark.line, mark.column
    if line >= len(lines) or (line and not column and not lines[line]):
        # What is missing at the end of the file is noticed after its last line.
        line = max((number for number, text in enumerate(lines) if text), default=0)
        column = len(lines[line])
    return Location(file, Span(line + 1, column + 1, line + 1, column + 2))
