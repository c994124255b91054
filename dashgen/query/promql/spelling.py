"""Notations that Prometheus accepts and promql-parser does not."""

import re
from typing import Final

from dashgen.query.shared_tokens import TextToken, tokenize

_UNDERSCORE: Final = re.compile(r"(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])|(?<=0[xX])_")


def widely_accepted(text: str) -> str:
    """The same expression without backslashes in raw strings, and without `_` in numbers."""
    parts: list[str] = []
    last = 0
    for token in tokenize(text):
        compatible = _compatible(token)
        if compatible != token.text:
            parts += text[last : token.start], compatible
            last = token.end
    return "".join([*parts, text[last:]])


def _compatible(token: TextToken) -> str:
    if token.kind == "string" and token.text[0] == "`":
        return token.text.replace("\\", "\\\\")
    if token.kind == "number" and "_" in token.text:
        return _UNDERSCORE.sub("", token.text)
    return token.text
