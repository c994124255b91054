"""What ``dashgen import`` prints as JSON."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.json_report import OutputDocument, ReportedFinding, reported
from dashgen.importer.import_files import ImportedFile
from dashgen.importer.import_summary import ImportResult, by_count, import_facts, urgent
from dashgen.importer.rules.rule_document import ImportedRules


class CountedNote(Struct, frozen=True):
    """What happened several times."""

    what: Annotated[str, Meta(description="What happened.")]
    count: Annotated[int, Meta(description="How often.")]


class RawKeys(Struct, frozen=True):
    """What stays in `raw:`."""

    where: Annotated[str, Meta(description="The title of the panel or rule; may be empty.")]
    keys: Annotated[list[str], Meta(description="The keys.")]


class RefusedPart(Struct, frozen=True):
    """What a build would refuse."""

    where: Annotated[str, Meta(description="The title of the panel or rule; may be empty.")]
    why: Annotated[str, Meta(description="Why it is refused.")]


class ReportedImport(Struct, frozen=True, kw_only=True):
    """One spec that was made."""

    source: Annotated[str, Meta(description="The file or the resource that was imported.")]
    kind: Annotated[str, Meta(description="`dashboard`, `rules`, `objectives` or `notifications`.")]
    file: Annotated[str | None, Meta(description="The spec that was written; null without `--out`.")]
    lines: Annotated[int, Meta(description="The lines of the spec.")]
    source_lines: Annotated[int, Meta(description="The lines of what was imported; 0 if uncounted.")]
    rules: Annotated[int | UnsetType, Meta(description="The rules or objectives that were imported.")] = UNSET
    kept: Annotated[int | UnsetType, Meta(description="Those that are in the spec.")] = UNSET
    panels: Annotated[int | UnsetType, Meta(description="The panels.")] = UNSET
    values: Annotated[int | UnsetType, Meta(description="The values of the dashboard.")] = UNSET
    raw_values: Annotated[int | UnsetType, Meta(description="Those that are in `raw:`.")] = UNSET
    exact: Annotated[int, Meta(description="The panels or rules without `raw:`.")]
    converted: Annotated[list[CountedNote], Meta(description="What was written in other keys.")]
    raw: Annotated[list[RawKeys], Meta(description="What stays as it is in Grafana.")]
    refused: Annotated[list[RefusedPart], Meta(description="What was broken already.")]
    dropped: Annotated[list[CountedNote], Meta(description="What was left out.")]
    to_do: Annotated[list[str], Meta(description="What is left to do.")]
    differences: Annotated[list[str], Meta(description="Where the spec builds to something else.")]
    spec: Annotated[str | UnsetType, Meta(description="The spec's text, without `--out`.")] = UNSET


class ImportDocument(OutputDocument, frozen=True, kw_only=True):
    """What was imported."""

    results: Annotated[list[ReportedImport], Meta(description="The specs that were made.")]
    problems: Annotated[list[ReportedFinding], Meta(description="What could not be imported.")]


def import_document(
    results: Sequence[tuple[str, ImportResult]],
    written: Sequence[Path] | None,
    problems: Iterable[Diagnostic],
) -> ImportDocument:
    """The results of an import.

    Args:
        results: each result with the name of its source.
        written: the file of each; None if they were not written.
        problems: what could not be imported.
    """
    files = [str(path) for path in written] if written else [None] * len(results)
    return ImportDocument(
        results=[
            _result(source, result, file) for (source, result), file in zip(results, files, strict=True)
        ],
        problems=reported(problems),
    )


def _result(source: str, file: ImportResult, written: str | None) -> ReportedImport:
    facts = import_facts(file)
    notes = facts.notes
    rules = file if isinstance(file, ImportedRules) else None
    imported = file.imported if isinstance(file, ImportedFile) else None
    return ReportedImport(
        source=clean(source),
        kind=facts.what,
        file=written,
        lines=file.text.count("\n"),
        source_lines=file.lines,
        rules=rules.rules if rules else UNSET,
        kept=rules.written if rules else UNSET,
        panels=imported.panels if imported else UNSET,
        values=imported.values if imported else UNSET,
        raw_values=imported.raw_values if imported else UNSET,
        exact=file.exact if isinstance(file, ImportedRules) else file.imported.exact,
        converted=[CountedNote(clean(what), count) for what, count in notes.converted.most_common()],
        raw=[RawKeys(clean(title), [clean(key) for key in keys]) for title, keys in notes.raw],
        refused=[RefusedPart(clean(title), clean(why)) for title, why in notes.refused],
        dropped=[CountedNote(clean(what), count) for what, count in by_count(notes.dropped)],
        to_do=urgent(file),
        differences=[clean(path) for path in facts.differences],
        spec=UNSET if written else file.text,
    )
