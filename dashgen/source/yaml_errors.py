"""What libyaml reports of text that is not YAML, in the words of the person who wrote it."""

from typing import Any

import yaml

from dashgen.core.diagnostics import Diagnostic, Location, Related, Span

_OPENED = {"'": "the quote `'`", '"': 'the quote `"`', "[": "the bracket `[`", "{": "the brace `{`"}
_UNCLOSED = "{opened} that opens here is not closed"
_NO_ESCAPE = "in double quotes a `\\` starts an escape, and this one does not exist"
_ESCAPE_HINT = "use single quotes, or write `\\\\` for a backslash"
_TAB = "a tab is used for indentation", "indent with spaces: YAML does not allow tabs there"
_COLON = "`: ` cannot stand here", "quote the text if the colon belongs to it, or check the indentation"
_COMMA_HINT = "close it, add the comma, or quote text that has brackets or commas in it"
_EXPRESSION_HINT = 'put the expression into quotes: inside `{ }` and `[ ]` it is `"${{ name }}"`'
_END_HINT = "check the indentation and the quotes above, or start a new document with `---`"
_LINES_HINT = "check the indentation, and the quotes of this line and the one above it"
_ITEMS_HINT = "check the indentation: list items start in one column"
_DASH_HINT = "put `- ` on a line of its own, indented below its key"
_KEY_HINT = "write `key: value`, or check the indentation"
_ALIAS_HINT = "define the anchor (`&name`) before it is used (`*name`)"
_BLOCK = "text cannot follow `|` or `>` on the same line", "start the text on the next line, indented"
_DIRECTIVE = "a line that starts with `%` is a directive of YAML", "quote the text that starts with `%`"

# A part of libyaml's own message, and what it means: a message and a hint. The first that fits is taken.
_KNOWN: dict[str, tuple[str, str]] = {
    "cannot start any token": ("a value cannot start with {character}", "put the text into single quotes"),
    "mapping values are not allowed": _COLON,
    "sequence entries are not allowed": ("a list cannot start here", _DASH_HINT),
    "did not find expected key": ("this does not go on with the mapping above it", _LINES_HINT),
    "expected '-' indicator": ("this does not go on with the list above it", _ITEMS_HINT),
    "expected ',' or": (_UNCLOSED + ", or a comma is missing after one of its items", _COMMA_HINT),
    "unexpected end of stream": (_UNCLOSED, "close it"),
    "unexpected document indicator": (_UNCLOSED, "close it"),
    "unknown escape character": (_NO_ESCAPE, _ESCAPE_HINT),
    "expected hexdecimal number": (_NO_ESCAPE, _ESCAPE_HINT),
    "could not find expected ':'": ("a key without `:` after it", _KEY_HINT),
    "undefined alias": ("this alias has no anchor before it", _ALIAS_HINT),
    "expected <document start>": ("more text after the end of the document", _END_HINT),
    "expected node content": ("a value is missing{before}", "write a value, or quote the text"),
    "comment or line break": _BLOCK,
    "duplicate anchor": ("this anchor is defined twice", "rename one of them"),
    "found unexpected ':'": _COLON,
    "alphabetic or numeric": ("`&` and `*` need the name of an anchor", "write the name, or quote the text"),
    "directive": _DIRECTIVE,
    "found a tab character": _TAB,
}
# Reported where the unfinished thing began: libyaml notices at the end of the file.
_AT_START = (
    "expected ',' or",
    "unexpected end of stream",
    "unexpected document indicator",
    "could not find expected ':'",
)


def syntax_error(file: str, text: str, error: yaml.YAMLError) -> Diagnostic:
    """The finding for an error of libyaml."""
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    context = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or context
    if mark is None:
        return Diagnostic("yaml/syntax", f"not valid YAML: {problem}", Location(file))
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    message, hint = next((explanation for part, explanation in _KNOWN.items() if part in problem), ("", ""))
    if "\t" in line[: len(line) - len(line.lstrip())]:
        message, hint = _TAB
    related: tuple[Related, ...] = ()
    if line[max(0, mark.column - 1) : mark.column + 2] == "${{":
        hint = _EXPRESSION_HINT
    begun = message != _TAB[0] and any(part in problem for part in _AT_START)
    if begun and context is not None and context.index != mark.index:
        related = (Related("noticed here", _place(file, lines, mark)),)
        mark = context
    message = _filled(message, text[mark.index : mark.index + 1].strip()) or problem
    return Diagnostic(
        "yaml/syntax", f"not valid YAML: {message}", _place(file, lines, mark), hint, related=related
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
