"""A project on disk: its file, its environment, and its spec files."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Severity, nearest
from dashgen.core.errors import DashgenError
from dashgen.core.files.file_names import printable
from dashgen.core.files.symlinks import enclosing, leads_outside
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.folder import Prefix
from dashgen.model.parse import parse_document
from dashgen.model.project_file import Environment, Project
from dashgen.source.load import Document, load_file
from dashgen.source.provenance import Binding, Origin, Reporter, Resolved
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile, find_project, list_specs

_FOLDER = lazy_pattern(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


class Workspace(Struct):
    """A project, read for one environment."""

    root: Path
    project: Project
    document: Document | None = None
    environment: str | None = None
    diagnostics: list[Diagnostic] = []

    @property
    def overlay(self) -> Environment:
        """What the chosen environment changes."""
        return self.project.environments.get(self.environment or "", Environment())

    @property
    def prefix(self) -> Prefix:
        """What the chosen environment puts before what it calls its own."""
        return Prefix(self.overlay.uid_prefix, self.overlay.folder_prefix)

    @property
    def is_per_environment(self) -> bool:
        """Whether each environment has an output of its own."""
        return self.project.outputs == "per-environment"

    def outputs(self, chosen: Path | None = None) -> Path:
        """The folder that is written, or that has the outputs of all environments."""
        return chosen if chosen is not None else self.root / self.project.output

    def output(self, chosen: Path | None = None) -> Path:
        """The folder that is written.

        Raises:
            DashgenError: there is one for each environment, and none is chosen.
        """
        if chosen is not None or not self.is_per_environment:
            return self.outputs(chosen)
        if self.environment is None:
            options = ", ".join(f"`--env {name}`" for name in self.project.environments)
            raise DashgenError(
                f"each environment has an output of its own; choose one: {options or 'none is defined'}"
            )
        if not _FOLDER.fullmatch(self.environment):
            raise DashgenError(f"the environment `{self.environment}` cannot be a folder's name; rename it")
        return self.outputs() / self.environment

    def written(self) -> list[Path]:
        """Every folder that builds of the chosen environment, or of all, write."""
        if self.is_per_environment and self.environment is None:
            return [self.outputs() / name for name in self.project.environments]
        return [self.output()]

    def variables(self, process: Mapping[str, str]) -> Json:
        """The names for expressions: constants of the project and the environment, and declared variables."""
        declared = {name: process.get(name, default) for name, default in self.project.env.items()}
        name = self.environment or ""
        return {"environment": name, **self.project.vars, **self.overlay.vars, "env": declared}

    def variable_origins(self) -> dict[str, Binding]:
        """Where the constants of the project and the environment were written."""
        if self.document is None:
            return {}
        root = Origin(self.document, ())
        places = {name: root.below(("vars", name)) for name in self.project.vars}
        for name in self.overlay.vars:
            places[name] = root.below(("environments", self.environment or "", "vars", name))
        return {name: Binding(origin, f"the variable `{name}`") for name, origin in places.items()}

    def show(self, path: Path) -> str:
        """A path as it is shown: relative to the project when inside it."""
        try:
            return printable(path.relative_to(self.root).as_posix())
        except ValueError:
            return printable(path.as_posix())

    def spec_files(self) -> list[SpecFile]:
        """Every spec file, in the order of names; what cannot be listed becomes a diagnostic."""
        missing = [folder for folder in self.project.specs if not self.has(folder)]
        for folder in missing:
            self.report(folder, self.root / folder)
        files, problems = list_specs(
            self.root, [folder for folder in self.project.specs if folder not in missing]
        )
        for problem in problems:
            location = Location(self.show(Path(problem.path)))
            if problem.ignored:
                message = "this file is not read: the names of specs end in `.yaml` or `.yml`"
                hint = "rename it, or `dashgen import` makes a spec of it"
                self.diagnostics.append(Diagnostic("file/ignored", message, location, hint, Severity.WARNING))
                continue
            self.diagnostics.append(
                Diagnostic("file/unreadable", f"cannot read it: {problem.reason}", location)
            )
        return files

    def has(self, folder: str) -> bool:
        """Whether a folder is there, and below the project file."""
        # Normalised as text: links that lead out of the project are reported by the listing.
        steps = Path(os.path.normpath(folder)).parts
        inside = not steps or steps[0] not in (os.sep, os.pardir)
        return inside and (self.root / folder).is_dir()

    def report(self, folder: str, start: Path) -> None:
        """Say that a spec folder is not there."""
        wrong = (
            "missing"
            if not start.exists()
            else "not a folder"
            if not start.is_dir()
            else "outside the project"
        )
        if self.document is None and find_project(self.root) is None:
            message = "there is no dashgen.yaml here or above"
            hint = "`dashgen init` makes a project, and `-C` names the folder of one"
            self.diagnostics.append(Diagnostic("project/missing", message, Location(PROJECT_FILE), hint))
            return
        message = f"the spec folder `{folder}` is {wrong}"
        location = self.document.location(("specs",)) if self.document else Location(self.show(start))
        self.diagnostics.append(
            Diagnostic("project/specs", message, location, "create it, or correct `specs:` in dashgen.yaml")
        )


def inside_specs(root: Path, specs: Sequence[str], output: Path) -> str:
    """The spec folder that an output is in, if any: the next build would read what is written as specs."""
    resolved = output.resolve()
    return next((folder for folder in specs if resolved.is_relative_to((root / folder).resolve())), "")


def require_inside(path: Path) -> None:
    """Check that a file or folder that is written as one of a project is in it.

    Raises:
        DashgenError: a link leads out of the project.
    """
    project = enclosing(path.parent, PROJECT_FILE)
    if project is not None and leads_outside(project, Path.cwd() / path):
        raise DashgenError(f"cannot write to {path}: a link leads out of the project; remove it")


def open_workspace(start: Path, environment: str | None = None) -> Workspace:
    """The project of the nearest folder upwards with a project file, else of ``start`` itself."""
    root = find_project(start)
    if root is None:
        start = start.resolve()
        return Workspace(start, Project(), None, environment, _environment_problems(Project(), environment))
    if leads_outside(root, root / PROJECT_FILE):
        message = "cannot read it: it is a link that leads out of the project; put a copy there"
        problem = Diagnostic("file/unreadable", message, Location(PROJECT_FILE))
        return Workspace(root, Project(), None, environment, [problem])
    loaded = load_file(root / PROJECT_FILE, PROJECT_FILE)
    problems = list(loaded.diagnostics)
    project, document = Project(), None
    if loaded.documents:
        document = loaded.documents[0]
        if isinstance(document.data, dict):
            report = Reporter(Resolved(document, document.data), diagnostics=problems)
            project = parse_document(Project, report) or Project()
        elif document.data is not None:
            problems.append(
                Diagnostic(
                    "spec/type",
                    "the project file has to be a mapping",
                    document.location(),
                    "write `specs: [specs]`",
                )
            )
        problems += [_second(other) for other in loaded.documents[1:2]]
        problems += _output_problems(root, project, document)
        problems += _target_problems(project, document)
    problems += _environment_problems(project, environment)
    if project.insecure_http == "refuse":
        from dashgen.servers.http.plain import POLICY  # all of HTTP, only for this setting

        POLICY.refuse = True
    return Workspace(root, project, document, environment, problems)


def _second(document: Document) -> Diagnostic:
    message = "the project file has more than one document"
    return Diagnostic(
        "spec/type", message, document.location(), "put everything into the first one, without `---`"
    )


def _output_problems(root: Path, project: Project, document: Document) -> list[Diagnostic]:
    """What is written is inside of the project, and must not be read as specs by the next build."""
    output = (root / project.output).resolve()
    if not output.is_relative_to(root):
        written = Path(os.path.normpath(root / project.output))
        link = ": a link leads there" if written.is_relative_to(root) else ""
        return [
            Diagnostic(
                "project/output",
                f"the output folder `{project.output}` is outside the project{link}",
                document.location(("output",)),
                "name a folder of the project; `dashgen build --out DIR` writes elsewhere",
            )
        ]
    folder = inside_specs(root, project.specs, root / project.output)
    if not folder:
        return []
    message = f"the output folder `{project.output}` is inside the spec folder `{folder}`"
    return [
        Diagnostic("project/output", message, document.location(("output",)), "choose a folder beside it")
    ]


def _target_problems(project: Project, document: Document) -> Iterator[Diagnostic]:
    """What no Grafana can be reached by."""
    for name, target in project.targets.items():
        path = ("targets", name)
        if target.env is not None and target.env not in project.environments:
            hint = nearest(target.env, project.environments) or "define it under `environments:`"
            message = f"there is no environment `{target.env}`"
            yield Diagnostic("environment/unknown", message, document.location((*path, "env")), hint)
        if not target.url.startswith(("http://", "https://", "$")):
            message = f"the address `{target.url}` does not start with `https://` or `http://`"
            hint = f"write `https://{target.url}`" if "://" not in target.url else "correct it"
            yield Diagnostic("project/target", message, document.location((*path, "url")), hint)


def _environment_problems(project: Project, environment: str | None) -> list[Diagnostic]:
    if environment is None or environment in project.environments:
        return []
    hint = nearest(environment, project.environments) or "define it under `environments:` in dashgen.yaml"
    return [
        Diagnostic(
            "environment/unknown", f"there is no environment `{environment}`", Location(PROJECT_FILE), hint
        )
    ]
