"""A small project to import into, and what an imported spec builds to."""

from pathlib import Path
from typing import Any

import orjson
from msgspec.structs import replace

from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.prepare import prepare
from dashgen.formats.normal.normal_dashboard import normal_dashboard
from dashgen.importer.compiled_keys import with_sources
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import ImportedFile, import_file
from dashgen.source.components import read_components
from dashgen.source.load import load_text
from dashgen.source.resolve import resolve
from dashgen.workspace.workspace import open_workspace

ROOT = Path(__file__).parents[2]
SOURCES = """kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100"}
  tempo: {url: "http://tempo:3200"}
"""


def importer_for(root: Path, chosen: dict[str, str] | None = None, **options: bool) -> Importer:
    """An importer for the project in a folder."""
    workspace = open_workspace(root)
    return Importer(prepare(workspace, workspace.spec_files(), "classic").compiler, chosen, **options)


def small_project(folder: Path, specs: str = SOURCES, project: str = "specs: [specs]\n") -> Path:
    """A project with three data sources."""
    (folder / "specs").mkdir(parents=True, exist_ok=True)
    (folder / "specs" / "sources.yaml").write_text(specs, encoding="utf-8")
    (folder / "dashgen.yaml").write_text(project, encoding="utf-8")
    return folder


def imported(data: Any, folder: Path, importer: Importer) -> ImportedFile:
    """What a dashboard becomes."""
    path = folder / "dashboard.json"
    path.write_bytes(data if isinstance(data, bytes) else orjson.dumps(data))
    result = import_file(path, importer)
    assert isinstance(result, ImportedFile), result
    return result


def rebuilt(file: ImportedFile, importer: Importer) -> dict[str, Any]:
    """What the written spec builds to."""
    loaded = load_text("spec.yaml", file.text)
    assert not loaded.diagnostics, loaded.diagnostics
    *shared, document = loaded.documents
    components, problems = read_components(shared)
    scope = replace(importer.compiler.scope, components={**importer.compiler.scope.components, **components})
    sources = with_sources(importer.compiler, file.imported.sources)
    compiler = replace(sources, scope=scope, form=EXTENDED)
    resolved, result = resolve(document, compiler.scope)
    problems += result
    built = compiler.one(resolved[0], problems)
    assert built is not None, [problem.message for problem in problems]
    return built.data


def spec_of(file: ImportedFile) -> dict[str, Any]:
    """The written dashboard as data."""
    return load_text("spec.yaml", file.text).documents[-1].data


def dashboard(*panels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A classic dashboard of today; what its panels are repeated by is a variable."""
    names = dict.fromkeys(panel["repeat"] for panel in panels if panel.get("repeat"))
    variables = [{"type": "custom", "name": name, "query": "a,b", "multi": True} for name in names]
    if variables:
        more = {"templating": {"list": variables}, **more}
    return {
        "uid": "x",
        "title": "X",
        "schemaVersion": 42,
        "timezone": "browser",
        "panels": list(panels),
        **more,
    }


def skeleton(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections of a dashboard in its normal form, and the panels in them, without what is in panels."""
    kept = ("title", "type", "row", "collapsed", "dynamic", "timeCompare")
    listed = normal_dashboard(data).get("panels", [])
    return [{key: one[key] for key in kept if key in one} for one in listed]
