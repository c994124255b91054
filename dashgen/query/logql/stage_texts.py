"""Check strings that have grammars of their own in Loki: templates, JSON paths and keys of logfmt."""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.gotemplate import LOKI_LINE, ParsedTemplate, parse_template, unknown_name
from dashgen.query.language import Fault
from dashgen.query.query_texts import quoted_offset, unquoted
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, RefusalError

_ACTION: Final = lazy_pattern(r"\{\{.*?\}\}", re.DOTALL)
# Loki ends a string in a path at the first `]` too, so `["a]b"]` is refused (jsonexpr/lexer.go, scanStr).
_PATH_WORD: Final = lazy_pattern(
    r'(?P<space>[ \t\n]+)|(?P<key>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"[^"\]]*["\]]?)|(?P<index>\d+)|(?P<sign>[.\[\]])',
    re.ASCII,
)


def check_template_text(token: QueryToken) -> None:
    """Refuse a template of a stage that Loki cannot read (pkg/logql/log/fmt.go of Loki 3.7).

    Raises:
        RefusalError: at the character of the fault.
    """
    text = _value(token)
    if text is None or "{{" not in text:
        return
    template = parse_template(text)
    # An undeclared variable may be one of the dashboard, which the rule `query/variable` checks.
    names = (name for name in template.names if name.kind != "variable" or name.name in template.declared)
    faults = [fault for name in names if (fault := unknown_name(name, LOKI_LINE)) is not None]
    if template.fault is not None and not _is_open(text, template):
        faults.append(template.fault)
    if faults:
        first = min(faults, key=lambda fault: fault.offset)
        raise _refusal(token, first.message, first.hint, first.offset)


def _is_open(text: str, template: ParsedTemplate) -> bool:
    """Whether a variable of Grafana, which may have any value, is within an action."""
    for action in _ACTION.findall(text):
        for reference in HAS_VARIABLE.findall(action):
            if reference[:2] in ("${", "[[") or reference not in template.declared:
                return True
    return False


def check_json_path(token: QueryToken) -> None:
    """Refuse a path of ``json`` that Loki cannot read, such as ``a..b`` (log/jsonexpr/jsonexpr.y, 3.7).

    Raises:
        RefusalError: at the character of the fault.
    """
    text = _value(token)
    if text is None or HAS_VARIABLE.search(text):
        return
    path_tokens = _path_words(token, text, "a JSON path", 'write it as in `a.b`, `a[0]` or `["a b"]`')
    index = 1 if path_tokens[0].kind == "key" else 0
    while path_tokens[index].kind != "end":
        index = _after_step(token, path_tokens, index)


def _after_step(token: QueryToken, path_tokens: list[QueryToken], index: int) -> int:
    """The index after the next step of a path: ``["key"]``, ``[0]`` or ``.key``."""
    word, following = path_tokens[index], path_tokens[index + 1]
    if word.text == "[":
        if following.kind not in {"text", "index"}:
            hint = f'write `["{following.text}"]`' if following.kind == "key" else 'write `["key"]` or `[0]`'
            raise _refusal(token, "`[` needs a key in quotes or an index", hint, word.start)
        if path_tokens[index + 2].text != "]":
            raise _refusal(token, "`[` is not closed by `]`", "add the missing `]`", word.start)
        return index + 3
    if word.text == "." and index:
        if following.kind != "key":
            hint = 'write a key, or `["key"]` without `.`'
            raise _refusal(token, "`.` has no key after it", hint, word.start)
        return index + 2
    message = f"`{word.text}` is not possible here in a JSON path"
    hint = "remove it" if word.kind == "sign" else 'write `["a b"]` for a key with spaces'
    raise _refusal(token, message, hint, word.start)


def check_logfmt_key(token: QueryToken) -> None:
    """Refuse a string of a ``logfmt`` argument that is not a single key (log/logfmt/logfmtexpr.y, 3.7).

    Raises:
        RefusalError: at the character of the fault.
    """
    text = _value(token)
    if text is None or HAS_VARIABLE.search(text):
        return
    hint = "write the key alone, as in `level`"
    path_tokens = _path_words(token, text, "a key of logfmt", hint)
    for index, word in enumerate(path_tokens[:-1]):
        if word.kind != "text" and (index or word.kind != "key"):
            raise _refusal(token, f"`{word.text}` is not possible here in a key of logfmt", hint, word.start)


def _path_words(token: QueryToken, text: str, what: str, hint: str) -> list[QueryToken]:
    """The tokens of a path or key and an ``end``; offsets are those in the string's value."""
    path_tokens: list[QueryToken] = []
    position = 0
    while position < len(text):
        match = _PATH_WORD.match(text, position)
        if match is None or match.lastgroup is None:
            raise _refusal(token, f"`{text[position]}` is not possible here in {what}", hint, position)
        if match.lastgroup != "space":
            path_tokens.append(QueryToken(match.lastgroup, match[0], position))
        position = match.end()
    if not path_tokens:
        raise _refusal(token, f"{what} is empty", hint, 0)
    return [*path_tokens, QueryToken("end", "", len(text))]


def _value(token: QueryToken) -> str | None:
    return unquoted(token.text) if token.kind == "string" else None


def _refusal(token: QueryToken, message: str, hint: str, offset: int) -> RefusalError:
    """A refusal at a character of a string's value."""
    return RefusalError(Fault(message, hint, token.start + quoted_offset(token.text, offset)))
