"""A spec document with its typed model."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from dashgen.source.provenance import Resolved

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class SpecDocument(Generic[M]):
    """One resolved document as its model; paths into the model are paths into the resolved data."""

    model: M
    resolved: Resolved
