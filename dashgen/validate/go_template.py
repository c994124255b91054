"""Go templates, superficially: their actions, and whether blocks and braces are balanced."""

import re

_COMMENT = re.compile(r"-?\s*/\*")
_NEXT = re.compile(r"""\}\}|\{\{|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|["`']""", re.DOTALL)
_NAME = re.compile(r'(define|block|template)\s+"([^"]*)"')
_OPENING = ("if", "range", "with", "define", "block")


def actions(text: str) -> tuple[list[str], str]:
    """The actions of a template without their braces, and why the rest cannot be read, if so."""
    found: list[str] = []
    position = text.find("{{")
    while position >= 0:
        end, problem = _end_of_action(text, position + 2)
        if problem:
            return found, problem
        found.append(text[position + 2 : end].strip("- \t\r\n"))
        position = text.find("{{", end + 2)
    return found, ""


def _end_of_action(text: str, start: int) -> tuple[int, str]:
    comment = _COMMENT.match(text, start)
    if comment:
        close = text.find("*/", comment.end())
        end = text.find("}}", close) if close >= 0 else -1
        return end, "" if end >= 0 else "a comment is not closed by `*/}}`"
    position = start
    while token := _NEXT.search(text, position):
        if token[0] == "}}":
            return token.start(), ""
        if token[0] in ('"', "`", "'"):
            return 0, f"a quote {token[0]} is not closed"
        if token[0] == "{{":
            break
        position = token.end()
    return 0, "`{{` is not closed by `}}`"


def template_problem(text: str) -> str:
    """Why a template cannot be parsed, as far as a look at its blocks tells; empty when nothing is wrong."""
    if "{{" not in text:
        return ""
    found, unread = actions(text)
    opened: list[str] = []
    for action in found:
        words = action.split(None, 1)
        problem = _step(words[0] if words else "", opened)
        if problem:
            return problem
    if unread or not opened:
        return unread
    return f"`{{{{ {opened[-1]} }}}}` is not closed by `{{{{ end }}}}`"


def _step(word: str, opened: list[str]) -> str:
    problem = ""
    if word in _OPENING:
        problem = "`define` inside another block" if word == "define" and opened else ""
        opened.append(word)
    elif word == "end":
        problem = "" if opened else "an `{{ end }}` too many"
        opened[-1:] = []
    elif word == "else" and not (opened and opened[-1] in ("if", "range", "with")):
        problem = "an `{{ else }}` outside `if`, `range` and `with`"
    elif not word:
        problem = "an empty `{{ }}`"
    return problem


def names(text: str, *words: str) -> set[str]:
    """The names that a template defines or uses: those after ``define``, ``block`` or ``template``."""
    matches = (_NAME.match(action) for action in actions(text)[0])
    return {match[2] for match in matches if match and match[1] in words}
