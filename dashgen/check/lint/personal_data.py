"""Names of labels, fields and variables that identify a person or let somebody act as one."""

import re

from dashgen.core.lazy_pattern import lazy_pattern

_PERSONAL = lazy_pattern(
    r"(?:\w*_)?e_?mails?(?:_address)?|(?:\w*_)?phone(?:_?number)?|(?:first|last|full|family)_?name|ssn|iban"
    r"|credit_?card(?:_?number)?|(?:\w*_)?password|(?:\w*_)?session_?(?:id|key|token)|cookies?"
    r"|(?:access|auth|id|refresh|bearer|session)_?token|api_?key|(?:client|user)_?ip(?:_?addr(?:ess)?)?"
    r"|(?:user_?)?prompt(?:_text)?|user_?(?:query|message)",
    re.IGNORECASE,
)
_OF_VIEWER = lazy_pattern(r"\$\{__user\.(email|login|name)\b")
_REFERENCE = lazy_pattern(
    r"\$\{__(?:data\.fields|field\.labels)(?:\.|\[[\"'])([\w ]+)|\$\{(\w+)[:.}]|\$(\w+)|\[\[(\w+)"
)


def is_personal(name: str) -> bool:
    """Whether a name is that of what identifies a person; ids of an application are not."""
    return _PERSONAL.fullmatch(name.replace(" ", "_").replace("-", "_")) is not None


def personal_reference(text: str) -> str:
    """The first reference to personal data in a text with Grafana's variables; empty without one."""
    if "$" not in text and "[[" not in text:
        return ""
    if viewer := _OF_VIEWER.search(text):
        return f"__user.{viewer[1]}"
    names = (next(filter(None, match.groups())) for match in _REFERENCE.finditer(text))
    return next((name for name in names if is_personal(name)), "")
