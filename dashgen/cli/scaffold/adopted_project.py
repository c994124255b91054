"""The files of a new project that starts from what exists (`dashgen init --from`)."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct, field

from dashgen.cli.scaffold.first_dashboard import FirstDashboard, first_dashboard, open_labels
from dashgen.cli.scaffold.seen_data_sources import SeenDataSources, seen_data_sources
from dashgen.cli.scaffold.starting_points import StartingPoints
from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json
from dashgen.doctor.contract.contract_spec import MOST_VALUES, contract_of, first_contract
from dashgen.importer.exported_inputs import is_spec
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import ImportedFile, import_input
from dashgen.importer.import_summary import ImportResult
from dashgen.importer.objectives.import_objectives import ImportedObjectives, gathered_objectives
from dashgen.importer.rules.rule_document import NamesInUse
from dashgen.importer.spec_files_on_disk import distinct_names
from dashgen.importer.unsupported_keys import uids_of
from dashgen.model.genai_conventions import GENAI_METRICS
from dashgen.model.known_series import PassedOver
from dashgen.servers.telemetry import Exposition
from dashgen.source.spec_text import printable, protected, spec_text, text_of
from dashgen.source.writing import flow_text, scalar_text
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.workspace import open_workspace

CONTRACT: Final = "specs/metrics.yaml"
DATA_SOURCES: Final = "specs/datasources.yaml"
_NO_DASHBOARD: Final = frozenset(("import/dashboard", "import/spec", "import/json", "import/python"))
"""Rules of inputs that are nothing to import, which in a folder is usual."""
_HEAD: Final = """\
# Settings for all specs. `dashgen schema project` prints the schema of this file.
specs: [specs]
output: generated
"""
_SOURCES_HEAD: Final = """
# Data sources that your Grafana has already: what specs call them, and their type and uid in it.
datasources:
"""
_DESCRIBED_HEAD: Final = (
    "# Data sources that dashboards and rules query, and that nothing here had the uid of. "
    "Correct the addresses: they\n"
    "# are those at which Grafana reaches the servers. "
    "Does your Grafana have them already? Remove this file, and write\n"
    "# their uids into dashgen.yaml: `datasources: {prometheus: UID}`.\n"
)
_FIRST_HEAD: Final = (
    "# Made by `dashgen init` from the metrics that the application exposes. "
    "`dashgen library std/red` explains a\n"
    "# component; `dashgen explain PANEL` shows where each value of a panel comes from.\n"
)


class AdoptedProject(Struct):
    """The files of a project by their paths, and what they were made of.

    Attributes:
        files: the contents.
        imported: each result with the name of its source.
        failures: what could not be imported.
        first: the dashboard that was made of metrics.
        metrics: how many metrics the contract has.
        data_sources: those that were seen.
        passed_over: how many files of folders were nothing to import.
        copies: how many dashboards were there twice.
    """

    files: dict[str, bytes] = {}
    imported: list[tuple[str, ImportResult]] = []
    failures: list[Diagnostic] = []
    first: FirstDashboard | None = None
    metrics: int = 0
    data_sources: SeenDataSources = field(default_factory=SeenDataSources)
    passed_over: int = 0
    copies: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing of use was there."""
        return not self.imported and not self.metrics and self.first is None


def adopted_project(points: StartingPoints, title: str, step: Callable[[int], None]) -> AdoptedProject:
    """Make the files of a project from what was read; nothing is written.

    Args:
        points: what was read.
        title: a title for the project, such as the name of its folder.
        step: called with how many inputs there are, and after each with 0, for progress.
    """
    project = AdoptedProject(failures=list(points.failures))
    _contract(project, points, title)
    needed = ["prometheus"] if points.pages or not points.inputs else []
    seen = seen_data_sources(points.inputs, points.data_sources, needed)
    project.data_sources = seen
    _settings(project, seen)
    if points.inputs:
        _import(project, points, step)
    if any(isinstance(result, ImportedFile) for _, result in project.imported) and project.first is not None:
        # The dashboards that somebody has are better than a first one made of names.
        project.files.pop(_first_path(project.first))
        project.first = None
    return project


def _settings(project: AdoptedProject, seen: SeenDataSources) -> None:
    lines = [_HEAD]
    if seen.existing:
        lines.append(_SOURCES_HEAD)
        for alias, ref in seen.existing.items():
            name = seen.names.get(ref.uid)
            note = f"    # {printable(name)!r} in Grafana" if name else ""
            lines.append(f"  {scalar_text(alias)}: {scalar_text(f'{ref.type}/{ref.uid}')}{note}\n")
    project.files[PROJECT_FILE] = "".join(lines).encode()
    spec = seen.spec()
    if spec is not None:
        project.files[DATA_SOURCES] = (_DESCRIBED_HEAD + spec_text([spec])).encode()


def _contract(project: AdoptedProject, points: StartingPoints, title: str) -> None:
    """The contract of the metrics, and a first dashboard of them."""
    families = {name: family for page in points.pages for name, family in page.exposition.families.items()}
    metrics = open_labels(contract_of(Exposition(families), PassedOver([]), MOST_VALUES))
    first = first_dashboard(metrics, families.keys() - metrics.keys(), _expressionless(title))
    if first is not None:
        # What the process row shows is in the contract too, so that its panels have units and sample data.
        runtime_families = {name: families[name] for name in first.runtime}
        metrics = {**_completed(metrics, first), **contract_of(Exposition(runtime_families), (), MOST_VALUES)}
    project.metrics, project.first = len(metrics), first
    if metrics or first is not None:
        project.files[CONTRACT] = _contract_text(metrics, first).encode()
    if first is not None:
        project.files[_first_path(first)] = (_FIRST_HEAD + text_of([first.spec])).encode()
    project.failures += [
        Diagnostic(
            "import/missing", "it exposes no metrics", Location(page.name), "instrument the application"
        )
        for page in points.pages
        if not page.exposition.families
    ]


def _expressionless(title: str) -> str:
    text: str = protected(printable(title))
    return text


def _completed(metrics: Mapping[str, Json], first: FirstDashboard) -> dict[str, Json]:
    """The metrics with what the components of a dashboard know of them, and a page may not show yet."""
    conventional = GENAI_METRICS[first.convention] if first.convention else {}
    completed = {}
    for name, metric in metrics.items():
        if any(fnmatchcase(name, pattern) for pattern in first.ignore):
            continue
        labels = dict(metric.get("labels") or {})
        if name in conventional and "error_type" in conventional[name].labels:
            # It shows with the first call that fails.
            labels.setdefault("error_type", {"max": 10})
        completed[name] = {**metric, "labels": labels} if labels else metric
    return completed


def _contract_text(metrics: Mapping[str, Json], first: FirstDashboard | None) -> str:
    text = first_contract(metrics) if metrics else "kind: Metrics\n"
    if first is None:
        return text
    head = f'kind: Metrics\nconvention: "{first.convention}"\n' if first.convention else "kind: Metrics\n"
    head += f"ignore: {flow_text(first.ignore)}\n" if first.ignore else ""
    return text.replace("kind: Metrics\n", head, 1)


def _first_path(first: FirstDashboard) -> str:
    return f"specs/dashboards/{first.spec['uid']}.yaml"


def _import(project: AdoptedProject, points: StartingPoints, step: Callable[[int], None]) -> None:
    """Import everything into a copy of the project in a temporary folder, as names depend on its settings."""
    inputs = [one for one in gathered_objectives(points.inputs) if not isinstance(one, Diagnostic)]
    step(len(inputs))
    with TemporaryDirectory(prefix="dashgen-init-") as name:
        _write_below(Path(name), project.files, (PROJECT_FILE, DATA_SOURCES))
        workspace = open_workspace(Path(name))
        compiler = prepare(workspace, workspace.spec_files(), EXTENDED).compiler
        importer = Importer(compiler, project.data_sources.aliases)
        importer.dashboards = frozenset(uid for one in inputs for uid in uids_of(one.data))
        names = NamesInUse()
        for one in inputs:
            for result in import_input(one, importer, names):
                if not isinstance(result, Diagnostic):
                    _take(project, one.name, result)
                elif result.rule in _NO_DASHBOARD and one.name in points.in_folders:
                    project.passed_over += 0 if is_spec(one.data) else 1
                else:
                    project.failures.append(result)
            step(0)
    _place(project)


def _take(project: AdoptedProject, name: str, result: ImportResult) -> None:
    """Keep a result, unless it is a dashboard with the uid or the file of an earlier one: a copy."""
    if isinstance(result, ImportedFile):
        for earlier, other in project.imported:
            shared = _shared_identity(result, other) if isinstance(other, ImportedFile) else ""
            if shared:
                if other.text == result.text:
                    project.copies += 1
                else:
                    message = f"a dashboard with its {shared} was imported already, from {earlier}"
                    hint = "change one of the two, and import it with `dashgen import`"
                    project.failures.append(Diagnostic("import/duplicate", message, Location(name), hint))
                return
    project.imported.append((name, result))


def _shared_identity(one: ImportedFile, other: ImportedFile) -> str:
    """What two dashboards have in common that only one may have; empty for nothing."""
    spec, earlier = one.imported.spec, other.imported.spec
    if spec.get("uid") and spec.get("uid") == earlier.get("uid"):
        return f"uid `{spec['uid']}`"
    if (spec["title"], spec.get("folder")) == (earlier["title"], earlier.get("folder")):
        return f"title `{spec['title']}` in the same folder"
    return ""


def _write_below(root: Path, files: Mapping[str, bytes], paths: Sequence[str]) -> None:
    for path in paths:
        if path in files:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files[path])


def _place(project: AdoptedProject) -> None:
    """Give each spec its file: dashboards, rules and objectives in folders of their own."""
    folders: dict[str, list[ImportResult]] = {}
    for _, result in project.imported:
        folders.setdefault(_folder_of(result), []).append(result)
    for folder, results in folders.items():
        names = distinct_names(result.name for result in results)
        for name, result in zip(names, results, strict=True):
            project.files[f"specs/{folder}/{name}"] = result.text.encode()


def _folder_of(result: ImportResult) -> str:
    if isinstance(result, ImportedFile):
        return "dashboards"
    return "objectives" if isinstance(result, ImportedObjectives) else "alerts"
