"""Import inputs as the text of specs: dashboards, rules and notifications, each recognised by its keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.outputs.dashboard_files import folder_problem
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import items, mapping, text
from dashgen.formats.upgrade.envelope import NotADashboardError, find_dashboard, is_too_deep
from dashgen.importer.exported_inputs import ImportInput, is_spec, read_file
from dashgen.importer.grafyaml_dashboards import without_grafyaml
from dashgen.importer.grizzly_resources import folder_of_resource, opened_resource
from dashgen.importer.import_dashboard import ImportedDashboard, Importer
from dashgen.importer.objectives.import_objectives import import_objectives
from dashgen.importer.rules.recognise import import_rules
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse
from dashgen.importer.spec_files_on_disk import file_name
from dashgen.importer.write_imported import write_dashboard


class ImportedFile(Struct):
    """An imported dashboard with the text of its spec, a name for its file, and the lines of the original."""

    name: str
    text: str
    imported: ImportedDashboard
    lines: int


InputResult: TypeAlias = ImportedFile | ImportedRules | Diagnostic


def import_file(path: Path, importer: Importer) -> ImportedFile | Diagnostic:
    """Import the one dashboard in a file, or return why there is none."""
    inputs = read_file(path)
    if isinstance(inputs, Diagnostic):
        return inputs
    return _refused(inputs[0]) or import_dashboard(inputs[0], importer)


def import_input(
    source: ImportInput, importer: Importer, taken: NamesInUse | None = None
) -> Iterator[InputResult]:
    """Import everything in an input, or yield why it cannot be imported.

    Args:
        source: the input, which may hold several dashboards.
        importer: makes specs of dashboards.
        taken: names that are in use.
    """
    refused = _refused(source)
    if refused is not None:
        yield refused
        return
    for opened in map(opened_resource, _parts(source)):
        if isinstance(opened, Diagnostic):
            yield opened
            continue
        # Rules before dashboards: a provisioning file of alerts has `groups`, which no dashboard has.
        part = replace(opened, data=without_grafyaml(opened.data))
        objectives = import_objectives(part, importer.compiler, importer.chosen)
        if objectives is not None:
            yield objectives
            continue
        rules = import_rules(part, importer.compiler, importer.chosen, taken or NamesInUse())
        yield import_dashboard(part, importer) if rules is None else rules


def _refused(source: ImportInput) -> Diagnostic | None:
    if is_spec(source.data):
        hint = "put it below the folder of specs as it is"
        return Diagnostic("import/spec", "it is a spec already", Location(source.name), hint)
    if is_too_deep(source.data):
        return Diagnostic(
            "import/dashboard", "it is nested too deeply to be a dashboard", Location(source.name)
        )
    return None


def _parts(source: ImportInput) -> list[ImportInput]:
    """The dashboards of a list of them; anything else as a whole."""
    # `kubectl get dashboards -o json` answers with `items`.
    parts = [part for part in items(mapping(source.data).get("items", source.data)) if isinstance(part, dict)]
    if not parts or not all(_is_like_a_dashboard(part) for part in parts):
        return [source]
    names = (
        [f"{source.name} ({number})" for number in range(1, len(parts) + 1)]
        if len(parts) > 1
        else [source.name]
    )
    lines = max(source.lines // len(parts), 1)
    return [ImportInput(name, part, lines) for name, part in zip(names, parts, strict=True)]


def _is_like_a_dashboard(data: Any) -> bool:
    parts = {"panels", "rows", "elements", "dashboard", "spec"}
    return bool(parts & set(mapping(data))) and "expr" not in data


def import_dashboard(source_input: ImportInput, importer: Importer) -> ImportedFile | Diagnostic:
    """Import one dashboard, or return why there is none."""
    try:
        source = find_dashboard(source_input.data)
    except NotADashboardError as error:
        return Diagnostic("import/dashboard", str(error), Location(source_input.name), error.hint)
    if source.folder is not None and folder_problem(source.folder):
        lost = f"the folder `{source.folder}`: {folder_problem(source.folder)}"
        source = replace(source, folder=None, notes=(*source.notes, ("dropped", lost)))
    if folder := folder_of_resource(source_input.data):
        lost = f"the folder with the uid `{folder}`: name it with `folder:`"
        source = replace(source, notes=(*source.notes, ("dropped", lost)))
    imported = importer.dashboard(source)
    written = write_dashboard(imported, importer)
    name = file_name(text(imported.spec.get("uid")) or imported.spec["title"], "dashboard")
    return ImportedFile(name, written, imported, source_input.lines)
