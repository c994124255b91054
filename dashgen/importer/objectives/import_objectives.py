"""Import objectives: every service becomes a dashboard with a row for each of its objectives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from dashgen.compile.compile_dashboards import Compiler
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, items, mapping, text
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.objectives.foreign_objective import ForeignObjective
from dashgen.importer.objectives.openslo_objectives import is_openslo, openslo_objectives, openslo_service
from dashgen.importer.objectives.sloth_objectives import is_sloth, sloth_objectives, sloth_service
from dashgen.importer.rules.rule_document import ImportedRules
from dashgen.importer.spec_files_on_disk import file_name
from dashgen.model.panel_identity import slug
from dashgen.source.load import load_text
from dashgen.source.resolve import resolve
from dashgen.source.spec_text import printable, spec_text

_BUNDLE: Final = "openslo documents"
_INDICATORS: Final = "openslo indicators"
_LINES: Final = "lines"
_FOLDER: Final = "SLOs"
_PROMETHEUS: Final = "prometheus"
_LONGEST_UID: Final = 36
_OWN_KINDS: Final = frozenset(("SLO", "SLI", "Service", "DataSource"))
"""Kinds of OpenSLO whose meaning is kept, or that have none besides a name."""


class ImportedObjectives(ImportedRules):
    """Dashboards of objectives; ``rules`` is how many objectives there were, ``written`` how many are in them."""


def gathered_objectives(sources: Iterable[ImportInput | Diagnostic]) -> list[ImportInput | Diagnostic]:
    """Sources in which the documents of OpenSLO in one file, which name each other, are one.

    Indicators are known to all files; what could not be read stays where it is.
    """
    flat = [
        part
        for source in sources
        for part in ([source] if isinstance(source, Diagnostic) else _parts(source))
    ]
    indicators = {
        text(mapping(one.data.get("metadata")).get("name")): one.data
        for one in flat
        if isinstance(one, ImportInput) and _is_bundled(one) and one.data["kind"] == "SLI"
    }
    result: list[ImportInput | Diagnostic] = []
    bundles: dict[str, Json] = {}
    for source in flat:
        if isinstance(source, Diagnostic) or not _is_bundled(source):
            result.append(source)
        elif source.name in bundles:
            bundles[source.name][_BUNDLE].append(source.data)
            bundles[source.name][_LINES] += source.lines
        else:
            data = {_BUNDLE: [source.data], _INDICATORS: indicators, _LINES: source.lines}
            bundles[source.name] = data
            result.append(ImportInput(source.name, data, source.lines))
    # A file with indicators alone has told what it has.
    return [one for one in result if len(result) == 1 or not _has_indicators_alone(one)]


def _parts(source: ImportInput) -> Iterator[ImportInput]:
    """The documents of a list of them, when they are objectives."""
    listed = [
        mapping(one) for one in items(mapping(source.data).get("items", source.data)) if isinstance(one, dict)
    ]
    is_list = isinstance(source.data, list) or mapping(source.data).get("kind") == "List"
    if is_list and listed and all(is_openslo(one) or is_sloth(one) for one in listed):
        yield from (ImportInput(source.name, one, source.lines // len(listed) or 1) for one in listed)
    else:
        yield source


def _is_bundled(source: ImportInput) -> bool:
    return isinstance(source.data, dict) and is_openslo(source.data)


def _has_indicators_alone(source: ImportInput | Diagnostic) -> bool:
    documents = mapping(source.data).get(_BUNDLE) if isinstance(source, ImportInput) else None
    return isinstance(documents, list) and all(one["kind"] == "SLI" for one in documents)


def import_objectives(
    source: ImportInput, compiler: Compiler, chosen: Mapping[str, str]
) -> ImportedObjectives | Diagnostic | None:
    """Import objectives; nothing when the input has none.

    Args:
        source: the input, of `gathered_objectives`.
        compiler: compiles as the project's build does.
        chosen: aliases of data sources from the command line.
    """
    data: Json = printable(mapping(source.data))
    if not (is_sloth(data) or _BUNDLE in data):
        return None
    imported = ImportedObjectives("", lines=data.get(_LINES, source.lines))
    alias = _source(compiler.context.sources, chosen, imported)
    for service, objectives in _by_service(data, imported).items():
        imported.documents.append(_dashboard(service, objectives, alias))
    imported.exact = imported.written
    if not imported.documents:
        why = next(iter(imported.notes.dropped), "it has no objectives")
        return Diagnostic(
            "import/objectives", f"nothing in it can become a spec: {why}", Location(source.name)
        )
    stem = imported.documents[0]["uid"] if len(imported.documents) == 1 else PurePath(source.name).stem
    imported.name = file_name(stem, "slo")
    imported.text = spec_text(imported.documents)
    imported.notes.refused += [("objectives", problem) for problem in _problems(imported.text, compiler)]
    return imported


def _by_service(data: Json, imported: ImportedObjectives) -> dict[str, list[ForeignObjective]]:
    notes = imported.notes
    services: dict[str, list[ForeignObjective]] = {}
    parts: Sequence[tuple[str, Iterable[ForeignObjective | str]]] = (
        [(sloth_service(data), sloth_objectives(data, notes))]
        if _BUNDLE not in data
        else [
            (openslo_service(one), openslo_objectives(one, data[_INDICATORS], notes))
            for one in data[_BUNDLE]
            if one["kind"] == "SLO"
        ]
    )
    for service, objectives in parts:
        for objective in objectives:
            imported.rules += 1
            if isinstance(objective, str):
                notes.drop(objective)
                continue
            imported.written += 1
            services.setdefault(service, []).append(objective)
    for one in data.get(_BUNDLE, ()):
        if one["kind"] not in _OWN_KINDS:
            notes.drop(f"`kind: {one['kind']}`, for which there is no place here")
    return services


def _source(project: Sources, chosen: Mapping[str, str], imported: ImportedObjectives) -> str:
    """The alias of the Prometheus that has the metrics."""
    kinds = {alias: ref.type for alias, ref in project.by_name.items()}
    candidates = [chosen.get(_PROMETHEUS), _PROMETHEUS, project.default, *kinds]
    alias = next((one for one in candidates if one and kinds.get(one) == _PROMETHEUS), None)
    if alias is None:
        imported.notes.sources[_PROMETHEUS] = (_PROMETHEUS, _PROMETHEUS)
    return alias or _PROMETHEUS


def _dashboard(service: str, objectives: list[ForeignObjective], alias: str) -> Json:
    uid = f"slo-{slug(service) or 'service'}"[:_LONGEST_UID].strip("-")
    uses: list[Json] = []
    for objective in objectives:
        use = objective.use
        use["with"]["dashboard"] = uid
        if alias != _PROMETHEUS:
            use["with"]["datasource"] = alias
        uses.append(use)
    return {
        "kind": "Dashboard",
        "uid": uid,
        "title": f"Objectives of {service}",
        "description": f"What was promised of {service}, and how much of what may fail is left.",
        "folder": _FOLDER,
        "tags": ["slo"],
        "time": "7d",
        "rows": uses,
    }


def _problems(written: str, compiler: Compiler) -> Iterator[str]:
    """What is wrong with the written specs."""
    loaded = load_text("imported.yaml", written)
    yield from (one.message for one in loaded.diagnostics)
    for document in loaded.documents:
        resolved, problems = resolve(document, compiler.scope)
        yield from (one.message for one in problems)
        findings: list[Any] = []
        compiler.all(resolved, findings)
        yield from (one.message for one in findings if one.severity == "error")
