"""A spec document with its typed model."""

from typing import Generic, TypeVar

from msgspec import Struct

from dashgen.source.provenance import Resolved

M = TypeVar("M")


class SpecDocument(Struct, Generic[M], frozen=True):
    """One resolved document as its model; paths into the model are paths into the resolved data."""

    model: M
    resolved: Resolved
