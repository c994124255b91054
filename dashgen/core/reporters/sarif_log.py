"""The objects of SARIF 2.1.0 that a report is made of, with the names of their properties.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from typing import Final

from msgspec import UNSET, Struct, UnsetType, field

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class SarifText(Struct, frozen=True, omit_defaults=True):
    """A text, and the same in Markdown (`multiformatMessageString` and `message`)."""

    text: str
    markdown: str | UnsetType = UNSET


class ReportingConfiguration(Struct, frozen=True):
    """The level of a rule's findings: ``error``, ``warning`` or ``note``."""

    level: str


class RuleProperties(Struct, frozen=True):
    """What code hosts filter and sort rules by."""

    tags: list[str]


class ReportingDescriptor(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A rule."""

    id: str
    short_description: SarifText
    full_description: SarifText
    help: SarifText
    default_configuration: ReportingConfiguration
    properties: RuleProperties
    help_uri: str | UnsetType = UNSET


class ToolComponent(Struct, frozen=True, rename="camel"):
    """The program, and the rules of the findings in the report."""

    name: str
    semantic_version: str
    rules: list[ReportingDescriptor]


class SarifTool(Struct, frozen=True):
    """The program that made a run."""

    driver: ToolComponent


class SarifRegion(Struct, frozen=True, rename="camel"):
    """A stretch of a file; lines and columns count from 1, the end column is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class ArtifactLocation(Struct, frozen=True, rename="camel", omit_defaults=True):
    """The address of a file, relative to the one that the base stands for."""

    uri: str
    uri_base_id: str | UnsetType = UNSET


class PhysicalLocation(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A file and a stretch of it."""

    artifact_location: ArtifactLocation
    region: SarifRegion | UnsetType = UNSET


class SarifLocation(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A location, with what is there."""

    physical_location: PhysicalLocation
    id: int | UnsetType = UNSET
    message: SarifText | UnsetType = UNSET


class SarifReplacement(Struct, frozen=True, rename="camel"):
    """A stretch of a file, and the text to put there."""

    deleted_region: SarifRegion
    inserted_content: SarifText


class ArtifactChange(Struct, frozen=True, rename="camel"):
    """The replacements in one file."""

    artifact_location: ArtifactLocation
    replacements: list[SarifReplacement]


class SarifFix(Struct, frozen=True, rename="camel"):
    """Changes of files that mend a result."""

    description: SarifText
    artifact_changes: list[ArtifactChange]


class SarifResult(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A finding."""

    rule_id: str
    rule_index: int
    level: str
    message: SarifText
    locations: list[SarifLocation]
    partial_fingerprints: dict[str, str]
    related_locations: list[SarifLocation] = []
    fixes: list[SarifFix] = []


class UriBase(Struct, frozen=True, omit_defaults=True):
    """What relative addresses are relative to; without an address, the reader knows it."""

    description: SarifText
    uri: str | UnsetType = UNSET


class SarifRun(Struct, frozen=True, rename="camel"):
    """One run of the program."""

    tool: SarifTool
    column_kind: str
    original_uri_base_ids: dict[str, UriBase]
    results: list[SarifResult]


class SarifLog(Struct, frozen=True):
    """A report."""

    schema: str = field(name="$schema")
    version: str
    runs: list[SarifRun]
