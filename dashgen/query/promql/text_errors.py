"""Explain refusals of PromQL expressions with a wrong character, string, number or label matcher."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from dashgen.query.language import Fault
from dashgen.query.shared_tokens import TextToken, matching_close

_DURATION_HINT: Final = "write a duration such as `30s`, `5m` or `1h30m`"
_MATCHER_HINT: Final = 'write label matchers as `label="value"` with commas between them'
_MATCHING: Final = frozenset({"=", "!=", "=~", "!~"})
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
_UNKNOWN: Final = frozenset({"&", "&&", "|", "||", "|=", "|~", "!", ";", "~", "."})


def stray_character(_match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A character that PromQL does not have, or not in this position."""
    for token in tokens:
        if token.text in {"=~", "!~"}:
            return Fault(
                f"`{token.text}` compares a label and has to be between braces", _MATCHER_HINT, token.start
            )
        if token.kind == "other" or token.text in _UNKNOWN:
            return Fault(
                f"{_shown(token.text)} means nothing in PromQL there",
                _replacement_hint(token.text),
                token.start,
            )
    return Fault("the query holds a character that means nothing in PromQL")


def _shown(char: str) -> str:
    return f"`{char}`" if char.isprintable() and not char.isspace() else f"the character U+{ord(char):04X}"


def _replacement_hint(char: str) -> str:
    if char in _PLAIN_FORM:
        plain = _PLAIN_FORM[char]
        return "write a plain space" if plain == " " else f"write `{plain}`"
    if char == "." or char.isalpha():
        return 'put a name with dots or other letters in quotes and braces: `{"name"}`'
    return "remove it"


def in_braces(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A character that cannot be between braces, most often of a value without quotes."""
    for before, token in pairwise(tokens):
        if before.text in _MATCHING and token.kind in {"number", "name"}:
            return _unquoted(before, token)
    char = match["char"]
    stray = next((token.start for token in _tokens_in_braces(tokens) if token.text.startswith(char)), -1)
    if char in _PLAIN_FORM and _PLAIN_FORM[char] in "\"' ":
        return Fault(f"{_shown(char)} is not allowed between braces", _replacement_hint(char), stray)
    return Fault(
        f"{_shown(char) if len(char) == 1 else char} is not allowed between braces", _MATCHER_HINT, stray
    )


def bare_value(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A label compared with a word that has no quotes."""
    for before, token in pairwise(tokens):
        if before.text in _MATCHING and token.text == match["value"]:
            return _unquoted(before, token)
    return Fault("the value of a label has to be in quotes")


def _unquoted(comparison: TextToken, value: TextToken) -> Fault:
    return Fault(
        "the value of a label has to be in quotes", f'write `{comparison.text}"{value.text}"`', value.start
    )


def doubled_equals(_match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A label compared with `==`."""
    start = next((token.start for token in _tokens_in_braces(tokens) if token.text == "=="), -1)
    return Fault("a label is compared with `==`", "write `=`", start)


def odd_matcher(_match: re.Match[str], _tokens: list[TextToken]) -> Fault:
    """Something between braces that is no label matcher."""
    return Fault("the braces do not hold label matchers", _MATCHER_HINT)


def bare_label(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A label between braces that is compared with nothing."""
    label = match["label"]
    start = next(
        (
            t.start
            for t, after in pairwise([*_tokens_in_braces(tokens), TextToken("", "", 0)])
            if t.text == label and after.text not in _MATCHING
        ),
        -1,
    )
    return Fault(f"the label `{label}` is compared with nothing", f'write `{label}="value"`', start)


def grouping_label(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A name in `by (…)` that no label can have."""
    label = match["label"]
    return Fault(f"`{label}` cannot be the name of a label", "", _offset_of(tokens, label))


def unknown_escape(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A backslash before a character that needs none."""
    char = match["char"]
    message, hint = f"`\\{char}` means nothing in a text in quotes", f"write `\\\\{char}`"
    escape = re.compile(rf"(?:[^\\]|\\[^{re.escape(char)}])*?(?=\\{re.escape(char)})", re.DOTALL)
    for token in tokens:
        if token.kind == "string" and token.text[0] != "`" and (prefix := escape.match(token.text)):
            return Fault(message, hint, token.start + prefix.end())
    return Fault(message, hint)


def bad_text(_match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A text in quotes that goes over lines or has a wrong escape."""
    texts = [token for token in tokens if token.kind == "string" and token.text[0] != "`"]
    for token in texts:
        if "\n" in token.text:
            return Fault(
                "a text in quotes goes over several lines", r"write `\n` for a new line", token.start
            )
    escaped = [token.start for token in texts if "\\" in token.text]
    offset = escaped[0] if len(escaped) == 1 else -1
    return Fault("a text in quotes has an escape that means nothing", "double the backslash", offset)


def bad_number(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """Digits that are neither a number nor a duration."""
    for token in tokens:
        if token.kind == "number" and token.text.startswith(match["text"]):
            return Fault(f"`{token.text}` is neither a number nor a duration", _DURATION_HINT, token.start)
    return Fault(f"`{match['text']}` is neither a number nor a duration", _DURATION_HINT)


def zero_duration(_match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A range of no length, or of one too long to count."""
    zeros = [t.start for t in tokens if t.kind == "number" and not re.search("[1-9]", t.text)]
    message = "a range has to be longer than 0" if zeros else "a duration is out of bounds"
    return Fault(message, _DURATION_HINT, zeros[0] if len(zeros) == 1 else -1)


def in_brackets(_match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """Something other than a duration between brackets."""
    for index, token in enumerate(tokens):
        if token.text == "[" and (odd := _odd_in_range(tokens[index : matching_close(tokens, index)])):
            return Fault("brackets hold a duration and nothing else", _DURATION_HINT, odd.start)
    return Fault("brackets hold a duration and nothing else", _DURATION_HINT)


def _odd_in_range(tokens: Sequence[TextToken]) -> TextToken | None:
    """The first token of `[5m` or `[1h:5m` that does not belong there."""
    for before, token in pairwise(tokens):
        if token.text != ":" and (token.kind != "number" or before.kind == "number"):
            return token
    return tokens[0] if len(tokens) == 1 else None


def bad_regex(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A regular expression that does not compile."""
    pattern = match["regex"]
    same = [t.start for t in tokens if t.kind == "string" and t.text[1:-1].replace("\\\\", "\\") == pattern]
    return Fault(
        f"`{pattern}` is not a regular expression", "check its brackets and escapes", same[0] if same else -1
    )


def bad_time(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """An `@` with something that is no time."""
    return Fault(
        f"`@ {match['time']}` is not a time",
        "write a Unix time, `start()` or `end()`",
        _offset_of(tokens, "@"),
    )


def half_character(_match: re.Match[str], _tokens: list[TextToken]) -> Fault:
    """Half of a character outside the basic plane, which no file can hold."""
    return Fault("the query holds half a character", "write the character again")


def _offset_of(tokens: Sequence[TextToken], text: str) -> int:
    return next((token.start for token in tokens if token.text == text), -1)


def _tokens_in_braces(tokens: Sequence[TextToken]) -> list[TextToken]:
    """The tokens between braces."""
    inside, inner_tokens = False, []
    for token in tokens:
        inside = inside and token.text != "}"
        if inside:
            inner_tokens.append(token)
        inside = inside or token.text == "{"
    return inner_tokens
