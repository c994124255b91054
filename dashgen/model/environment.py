"""References to environment variables, the only form in which a spec may name a secret.

Grafana replaces ``$NAME`` and ``${NAME}`` in provisioning files by variables of its own environment, and
``$__file{/path}`` by a file's content. In a spec such a reference is written the same way, with an UPPER_CASE name;
every other ``$`` is text (``${__value.raw}``, ``$labels``), and the back ends see to it that Grafana takes it as text.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

import msgspec

Secret: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a reference to an environment variable",
        description="A secret, as a reference to a variable of Grafana's environment; never the secret itself.",
        examples=["$SLACK_WEBHOOK_URL", "${SMTP_PASSWORD}", "$__file{/run/secrets/token}"],
    ),
]
REFERENCE = re.compile(
    r"\$(?:(?P<bare>[A-Z][A-Z0-9_]+)(?![A-Za-z0-9_])|\{(?P<braced>[A-Z][A-Z0-9_]*)\}|__(?:file|env|vault)\{[^{}]+\})"
)


def is_reference(text: str) -> bool:
    """Whether the text is one reference and nothing else."""
    return REFERENCE.fullmatch(text) is not None


def variables(value: Any) -> Iterator[str]:
    """The names of the environment variables that a value's texts refer to."""
    if isinstance(value, str):
        for match in REFERENCE.finditer(value):
            name = match["bare"] or match["braced"]
            if name:
                yield name
    elif isinstance(value, dict):
        for child in value.values():
            yield from variables(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from variables(child)
