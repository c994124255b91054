"""What was given becomes spec text: dashboards, rules and notifications, each recognised by what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from dashgen.compile.outputs.dashboard_files import folder_problem
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import items, mapping, text
from dashgen.formats.upgrade.envelope import NotADashboardError, find_dashboard, is_too_deep
from dashgen.importer.exported_inputs import Given, is_spec, read_file
from dashgen.importer.import_dashboard import Imported, Importer
from dashgen.importer.rules.recognise import import_rules
from dashgen.importer.rules.rule_document import ImportedRules, Taken
from dashgen.importer.spec_files_on_disk import file_name
from dashgen.importer.write_imported import written


@dataclass(slots=True)
class ImportedFile:
    """A file's spec as text, the name of the file that it belongs into, and what was noticed."""

    name: str
    text: str
    imported: Imported
    lines: int


Result: TypeAlias = ImportedFile | ImportedRules | Diagnostic


def import_file(path: Path, importer: Importer) -> ImportedFile | Diagnostic:
    """The spec of the one dashboard in a file, or why there is none."""
    given = read_file(path)
    if isinstance(given, Diagnostic):
        return given
    return _refused(given[0]) or import_dashboard(given[0], importer)


def import_given(given: Given, importer: Importer, taken: Taken | None = None) -> Iterator[Result]:
    """Everything that there is in what was given, as specs, or why it cannot be one.

    Args:
        given: what was given.
        importer: makes specs of dashboards.
        taken: names that are in use.
    """
    refused = _refused(given)
    if refused is not None:
        yield refused
        return
    for part in _parts(given):
        rules = import_rules(part, importer.compiler, importer.chosen, taken or Taken())
        yield import_dashboard(part, importer) if rules is None else rules


def _refused(given: Given) -> Diagnostic | None:
    if is_spec(given.data):
        hint = "put it below the folder of specs as it is"
        return Diagnostic("import/spec", "it is a spec already", Location(given.name), hint)
    if is_too_deep(given.data):
        return Diagnostic(
            "import/dashboard", "it is nested too deeply to be a dashboard", Location(given.name)
        )
    return None


def _parts(given: Given) -> list[Given]:
    """The dashboards of a list of them; anything else as a whole."""
    several = mapping(given.data).get("items", given.data)
    parts = [item for item in items(several) if isinstance(item, dict)]
    if not parts or not all(_is_like_a_dashboard(part) for part in parts):
        return [given]
    return [
        Given(
            f"{given.name} ({number})" if len(parts) > 1 else given.name,
            part,
            max(given.lines // len(parts), 1),
        )
        for number, part in enumerate(parts, 1)
    ]


def _is_like_a_dashboard(data: Any) -> bool:
    known = {"panels", "rows", "elements", "dashboard", "spec"}
    return bool(known & set(mapping(data))) and "expr" not in data


def import_dashboard(given: Given, importer: Importer) -> ImportedFile | Diagnostic:
    """The spec of one dashboard, or why there is none."""
    try:
        source = find_dashboard(given.data)
    except NotADashboardError as error:
        return Diagnostic("import/dashboard", str(error), Location(given.name), error.hint)
    if source.folder is not None and folder_problem(source.folder):
        lost = f"the folder `{source.folder}`: {folder_problem(source.folder)}"
        source = replace(source, folder=None, notes=(*source.notes, ("dropped", lost)))
    imported = importer.dashboard(source)
    spec_words = written(imported, importer)
    name = file_name(text(imported.spec.get("uid")) or imported.spec["title"], "dashboard")
    return ImportedFile(name, spec_words, imported, given.lines)
