"""Check strings with grammars of their own in Loki: templates, expressions, paths, patterns, addresses."""

import re
from collections.abc import Iterator
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.gotemplate import (
    LOKI_LINE,
    ParsedTemplate,
    TemplateFault,
    parse_template,
    unknown_name,
)
from dashgen.query.language import Fault, Remark
from dashgen.query.logql.nodes import LineText
from dashgen.query.query_texts import quoted_offset, unquoted
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, RefusalError, refuse

_ACTION: Final = lazy_pattern(r"\{\{.*?\}\}", re.DOTALL)
# Loki ends a string in a path at the first `]` too, so `["a]b"]` is refused (jsonexpr/lexer.go, scanStr).
_PATH_WORD: Final = lazy_pattern(
    r'(?P<space>[ \t\n]+)|(?P<key>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"[^"\]]*["\]]?)|(?P<index>\d+)'
    r"|(?P<sign>[.\[\]])",
    re.ASCII,
)
_BITS: Final = lazy_pattern(r"0|[1-9]\d{0,2}", re.ASCII)
_CAPTURE: Final = lazy_pattern(r"<([A-Za-z_]\w*)>", re.ASCII)
_SIDE_BY_SIDE: Final = lazy_pattern(r"<[A-Za-z_]\w*><[A-Za-z_]\w*>", re.ASCII)


def regexp_labels(token: QueryToken) -> tuple[str, ...]:
    """The labels that ``regexp`` writes (NewRegexpParser in pkg/logql/log/parser.go, Loki 3.7).

    Raises:
        RefusalError: the expression is invalid, or has no group with a name.
    """
    value = unquoted(token.text)
    facts = regex_facts(value)
    if facts.problem:
        message = f"`{value}` is not a regular expression: {facts.problem}"
        refuse(message, "check its brackets and escapes", token)
    if not facts.names:
        hint = "write one, such as `(?P<level>[a-z]+)`"
        refuse("`regexp` needs at least one named group", hint, token)
    if twice := next((name for name in facts.names if facts.names.count(name) > 1), ""):
        refuse(f"two groups of `regexp` are called `{twice}`", "give one of them another name", token)
    return facts.names


def pattern_labels(token: QueryToken) -> tuple[str, ...]:
    """The labels that ``pattern`` writes (`validate` in pkg/logql/log/pattern/ast.go, Loki 3.7).

    Raises:
        RefusalError: the pattern is invalid.
    """
    value = unquoted(token.text)
    named = [match[1] for match in _CAPTURE.finditer(value) if match[1] != "_"]
    if not named:
        refuse("`pattern` needs at least one capture with a name", "write one, such as `<level>`", token)
    _check_captures(token, value)
    if len(named) != len(set(named)):
        refuse("two captures of the pattern have one name", "rename one, or write `<_>`", token)
    return tuple(named)


def check_line_pattern(text: LineText) -> None:
    """Refuse the pattern of ``|>`` that Loki cannot read (ParseLineFilter in pattern/pattern.go, 3.7).

    Raises:
        RefusalError: the pattern is invalid.
    """
    token = QueryToken("", "", text.start)
    _check_captures(token, text.value)
    if any(match[1] != "_" for match in _CAPTURE.finditer(text.value)):
        refuse("a pattern that filters lines names its captures", "write `<_>` for each", token)


def _check_captures(token: QueryToken, value: str) -> None:
    # Without text between two captures, Loki could not know where the first one ends.
    if _SIDE_BY_SIDE.search(value):
        refuse("two captures of the pattern are side by side", "write the text between them", token)


def check_address(value: str, start: int) -> None:
    """Refuse what is neither an address, a network, nor a range (getMatcher in pkg/logql/log/ip.go, 3.7).

    Args:
        value: the text.
        start: its offset in the query.

    Raises:
        RefusalError: it is none of them.
    """
    if not (_is_address(value) or _is_network(value) or _is_address_range(value)):
        message = f"`{value}` is neither an address, a network nor a range of addresses"
        hint = "write one such as `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`"
        refuse(message, hint, QueryToken("", "", start))


def _is_address(value: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _is_network(value: str) -> bool:
    address, slash, bits = value.partition("/")
    if not slash or "%" in address or not _BITS.fullmatch(bits) or not _is_address(address):
        return False
    return int(bits) <= (128 if ":" in address else 32)


def _is_address_range(value: str) -> bool:
    from ipaddress import ip_address

    first, dash, last = value.partition("-")
    if not dash or "%" in value or not (_is_address(first) and _is_address(last)):
        return False
    low, high = ip_address(first), ip_address(last)
    return low.version == high.version and int(low) <= int(high)


def check_template_text(token: QueryToken) -> list[Remark]:
    """Refuse a template of a stage that Loki cannot read (pkg/logql/log/fmt.go of Loki 3.7).

    Returns:
        What Loki reads, and what then fails at every line.

    Raises:
        RefusalError: at the character of the fault.
    """
    text = _value(token)
    if text is None or "{{" not in text:
        return []
    template = parse_template(text)
    faults = list(_name_faults(template))
    refused = [fault for fault in faults if not fault.at_run]
    if template.fault is not None and not _is_open(text, template):
        refused.append(template.fault)
    if refused:
        first = min(refused, key=lambda fault: fault.offset)
        raise _refusal(token, first.message, first.hint, first.offset)
    # Of a template with a variable in an action, not all arguments are known.
    return [] if template.fault is not None else [_remark(token, fault) for fault in faults]


def _name_faults(template: ParsedTemplate) -> Iterator[TemplateFault]:
    for name in template.names:
        # An undeclared variable may be one of the dashboard, which the rule `query/variable` checks.
        if name.kind != "variable" or name.name in template.declared:
            fault = unknown_name(name, LOKI_LINE)
            if fault is not None:
                yield fault


def _remark(token: QueryToken, fault: TemplateFault) -> Remark:
    offset = token.start + quoted_offset(token.text, fault.offset)
    return Remark("query/template", f"{fault.message}: every line keeps an error", fault.hint, offset)


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
