"""References to environment variables, the only form in which a spec may name a secret.

Grafana replaces ``$NAME`` and ``${NAME}`` in provisioning files by variables of its own environment, and
``$__file{/path}`` by a file's content. In a spec such a reference is written the same way, with an UPPER_CASE
name; every other ``$`` is text (``${__value.raw}``, ``$labels``), and the back ends see to it that Grafana
takes it as text. Two dollar signs before what looks like a reference make it text: ``$$HOME`` arrives as
``$HOME``. Between ``{{`` and ``}}`` of a Go template a ``$`` starts a variable of the template and never a
reference, in whatever case.
"""

import re
from collections.abc import Iterator
from typing import Annotated, TypeAlias

import msgspec

from dashgen.core.lazy_pattern import lazy_pattern

Secret: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a reference to an environment variable",
        description="A secret, as a reference to a variable of Grafana's environment; "
        "never the secret itself.",
        examples=["$SLACK_WEBHOOK_URL", "${SMTP_PASSWORD}", "$__file{/run/secrets/token}"],
    ),
]
_BODY = (
    r"(?:(?P<bare>[A-Z][A-Z0-9_]+)(?![A-Za-z0-9_])|\{(?P<braced>[A-Z][A-Z0-9_]*)\}"
    r"|__(?:file|env|vault)\{[^{}]+\})"
)
EXPANSION = lazy_pattern(rf"\${_BODY}")
"""What provisioning replaces where no other dollar sign stands before it."""
_DOLLARS = lazy_pattern(rf"(?P<dollars>\$+){_BODY}")
_ACTION = lazy_pattern(r"\{\{.*?\}\}", re.DOTALL)
_NAME_LIKE = lazy_pattern(r"\$(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[\w.-]+))\Z")
_IN_PROVISIONING = lazy_pattern(rf"\$\$|{EXPANSION.pattern}")


def is_reference(text: str) -> bool:
    """Whether the text is one reference and nothing else."""
    return EXPANSION.fullmatch(text) is not None


def references(text: str) -> Iterator[re.Match[str]]:
    """The places that look like references, with the dollar signs before them: an odd number makes it one."""
    return _DOLLARS.finditer(text) if "$" in text else iter(())


def in_action(text: str, position: int) -> bool:
    """Whether a place is between the braces of a Go template."""
    return any(match.start() < position < match.end() for match in _ACTION.finditer(text))


def counts(match: re.Match[str]) -> bool:
    """Whether a place that looks like a reference is one."""
    return len(match["dollars"]) % 2 == 1 and not in_action(match.string, match.start())


def reference_fault(text: str) -> tuple[str, str] | None:
    """Why a text that starts like a reference is not one, and how to write it; None when it does not.

    The text may be a secret all the same, so it is not repeated.
    """
    match = _NAME_LIKE.match(text)
    if match is None or is_reference(text) or text.startswith("$$"):
        return None
    name = match["braced"] if match["bare"] is None else match["bare"]
    if re.fullmatch(r"[A-Z]", name):
        return "is not the name of a variable: one letter needs braces", "write `${X}`, or a longer name"
    if match["bare"] is None and re.match(r"[A-Za-z_]\w*:?[-?+=]", name):
        return (
            "is not the name of a variable: Grafana knows no defaults",
            "write the name alone, such as `${NAME}`",
        )
    hint = "write upper-case letters, digits and `_`, such as `$SLACK_URL`"
    return "is not the name of a variable: those are in upper case", hint


def literal(text: str) -> str:
    """A text as a spec writes it so that nothing in it is a reference."""
    return _DOLLARS.sub(lambda match: match["dollars"] + match[0], text) if "$" in text else text


def from_provisioning(text: str) -> str:
    """A text of a provisioning file as a spec writes it.

    There, ``$$`` is a dollar sign everywhere; a spec needs that only where a reference would follow.
    """
    if "$" not in text:
        return text
    reference, plain, end = "", "", 0
    for match in _IN_PROVISIONING.finditer(text):
        plain += text[end : match.start()]
        end = match.end()
        if match[0] == "$$":
            plain += "$"
            continue
        # Dollar signs directly before a reference count as pairs, too.
        before = plain.rstrip("$")
        reference += literal(before) + (len(plain) - len(before)) * "$$" + match[0]
        plain = ""
    return reference + literal(plain + text[end:])


def variables(value: object) -> Iterator[str]:
    """The names of the environment variables that a value's texts refer to."""
    if isinstance(value, str):
        for match in references(value):
            name = match["bare"] or match["braced"]
            if name and counts(match):
                yield name
    elif isinstance(value, dict):
        for child in value.values():
            yield from variables(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from variables(child)
