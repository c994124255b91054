"""What every part of the spec language is made of.

The classes are msgspec structs: one declaration gives the typed model, the strict conversion of YAML data,
and the JSON Schema (with the descriptions and examples that an editor shows).
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeAlias

import msgspec

from dashgen.core.json_values import Json


class Spec(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of the spec language: unknown keys are errors, every value is checked."""

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Other names of its keys, such as those of Grafana's options, for hints about unknown keys."""
        return {}


@cache
def fields_of(model: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a class; msgspec evaluates every annotation anew each time it is asked for them."""
    return msgspec.structs.fields(model)


def doc(description: str, *examples: object, **constraints: Any) -> msgspec.Meta:
    """What an editor shows for a key: its description, examples, and constraints such as ``ge=0``."""
    return msgspec.Meta(description=description, examples=list(examples) or None, **constraints)


def form(name: str, pattern: str, *examples: str) -> msgspec.Meta:
    """Text of a named form; ``name`` is what an error message calls it."""
    return msgspec.Meta(title=name, pattern=pattern, examples=list(examples))


Raw: TypeAlias = Annotated[
    Json,
    doc(
        "Merged last, as it is, into the JSON made from this: reaches anything that Grafana has.",
        {"options": {}},
    ),
]
Duration: TypeAlias = Annotated[
    str, form("a duration", r"^(?:[0-9]+(?:ms|[smhdwy]))+$", "30s", "5m", "1h30m")
]
Uid: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a uid (letters, digits, `-` and `_`, at most 40)",
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=40,
        examples=["mission-control"],
    ),
]
Title: TypeAlias = Annotated[str, msgspec.Meta(title="a title", min_length=1, max_length=5000)]
Count: TypeAlias = Annotated[int, msgspec.Meta(title="a whole number above 0", ge=1)]
Ref: TypeAlias = Annotated[
    str, form("a ref (a letter, then letters, digits or `_`)", r"^[A-Za-z][A-Za-z0-9_]*$", "A")
]
Labels: TypeAlias = Annotated[dict[str, str], doc("Label names and values.", {"team": "shop"})]
ResourceName: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a name of Kubernetes (lower-case letters, digits, `-` and `.`)",
        pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        min_length=1,
        max_length=253,
        examples=["shop"],
    ),
]
ResourceLabels: TypeAlias = dict[
    Annotated[
        str,
        msgspec.Meta(
            title="the name of a label of Kubernetes",
            pattern=r"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
            max_length=317,
        ),
    ],
    Annotated[
        str,
        msgspec.Meta(
            title="the value of a label of Kubernetes (at most 63 letters, digits, `-`, `_` and `.`)",
            pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$",
        ),
    ],
]
OneOrMore: TypeAlias = str | list[str]


def as_list(value: OneOrMore | None) -> list[str]:
    """One text, several or none, as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
