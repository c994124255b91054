"""What an import of rules gives."""

from dataclasses import dataclass, field

from dashgen.formats.json_values import Json
from dashgen.formats.upgrade.notes import Notes
from dashgen.model.data_source_spec import DataSourceRef


@dataclass(slots=True)
class ImportedRules:
    """The documents that the rules of one source became.

    Attributes:
        name: the name of the file that they belong into.
        text: the documents as text.
        documents: the documents, their keys in the order in which people write them.
        notes: what was noticed on the way.
        rules: how many rules there were.
        kept: how many of them are in the documents.
        exact: how many of those need no ``raw:``.
        lines: how many lines the source had.
        known: the data sources that the documents name.
        differences: the documents that the text does not hold as they are; empty when all went well.
    """

    name: str
    text: str = ""
    documents: list[Json] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    rules: int = 0
    kept: int = 0
    exact: int = 0
    lines: int = 0
    known: dict[str, DataSourceRef] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
