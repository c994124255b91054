"""`dashgen init --from`: read what exists, make a project of it, build it, and sum up its problems."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.cli.options import EXIT_FINDINGS, EXIT_UNREACHABLE, usage_error
from dashgen.cli.output import use_color
from dashgen.cli.progress_line import Progress
from dashgen.cli.scaffold import WrittenProject, companion_files, conflicts, write_project
from dashgen.cli.scaffold.adopted_project import AdoptedProject, adopted_project
from dashgen.cli.scaffold.found_problems import CheckedProject, ProblemGroup, checked_project
from dashgen.cli.scaffold.next_command import program
from dashgen.cli.scaffold.starting_points import read_starting_points
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import clean, severity_text
from dashgen.importer import import_summary
from dashgen.importer.import_files import ImportedFile
from dashgen.importer.import_summary import import_facts
from dashgen.importer.rules.rule_document import ImportedRules

_MOST: Final = 12


class StartedProject(Struct, frozen=True):
    """A project that was made from what exists.

    Attributes:
        folder: where it is.
        adopted: what it was made of.
        files: what was written.
        checked: what its first build found.
        unreachable: whether a server could not be reached.
    """

    folder: Path
    adopted: AdoptedProject
    files: WrittenProject
    checked: CheckedProject
    unreachable: bool

    @property
    def exit_code(self) -> int:
        """0, or the code for what could not be read; findings in what was imported are no failure."""
        if self.unreachable:
            return EXIT_UNREACHABLE
        return EXIT_FINDINGS if self.adopted.failures or not self.checked.built else 0

    @property
    def dashboards(self) -> int:
        """How many dashboards it has."""
        imported = sum(isinstance(result, ImportedFile) for _, result in self.adopted.imported)
        return imported + (self.adopted.first is not None)

    @property
    def rules(self) -> int:
        """How many rules were imported."""
        return sum(result.written for _, result in self.adopted.imported if isinstance(result, ImportedRules))

    def next_steps(self) -> list[str]:
        """The commands to run next."""
        change_folder = [] if self.folder.resolve() == Path.cwd() else [f"cd {clean(str(self.folder))}"]
        if not self.checked.built:
            return [*change_folder, f"{program()} build"]
        return [*change_folder, f"{program()} preview"]


def started_project(folder: Path, sources: Sequence[str]) -> StartedProject:
    """Make a project from what exists.

    Raises:
        DashgenError: nothing of use was named, or the folder has a project already; nothing was written.
    """
    # Known before anything is read, which may take minutes.
    _require_free(folder, ("dashgen.yaml",))
    with Progress() as progress:
        progress.begin("reading", unit="file")
        points = read_starting_points(sources, os.environ, progress.step)

        def step(total: int) -> None:
            if total:
                progress.begin("importing", total)
            else:
                progress.step()

        adopted = adopted_project(points, folder.resolve().name, step)
        if adopted.is_empty:
            progress.pause()
            _fail(adopted.failures, unreachable=points.unreachable)
        files = {**companion_files(), **adopted.files}
        _require_free(folder, files)
        progress.begin("writing")
        written = write_project(folder, files)
        progress.begin("checking")
        checked = checked_project(folder)
    return StartedProject(folder, adopted, written, checked, points.unreachable)


def _require_free(folder: Path, files: Sequence[str] | dict[str, bytes]) -> None:
    existing = conflicts(folder, files)
    if existing:
        shown = ", ".join(f"`{path}`" for path in existing[:_MOST])
        hint = "choose another folder, or add to this project with `dashgen import … --out specs/imported`"
        usage_error(f"nothing was written, because {folder} already has {shown}", hint)


def _fail(failures: Sequence[Diagnostic], *, unreachable: bool) -> None:
    """End, because there is nothing to start from.

    Raises:
        SystemExit: some sources could not be read; they have been printed.
        DashgenError: the sources were read, and have nothing of use.
    """
    if not failures:
        usage_error(
            "nothing was written, because there is nothing to start from",
            "name dashboards, rule files, the address of a Grafana, or that of an application's metrics",
        )
    sys.stderr.write(
        "".join(f"{line}\n" for line in failure_lines(failures, color=use_color(sys.stderr.isatty())))
    )
    sys.stderr.write("nothing was written\n")
    raise SystemExit(EXIT_UNREACHABLE if unreachable else EXIT_FINDINGS)


def failure_lines(failures: Sequence[Diagnostic], *, color: bool) -> Iterator[str]:
    """A line for each source that could not be read, and what to do."""
    for one in failures:
        where = f"{clean(one.location.file)}: " if one.location else ""
        yield f"{severity_text('error', Severity.ERROR, color=color)}: {where}{clean(one.message)}"
        if one.hint:
            yield f"  = hint: {clean(one.hint)}"


def summary_lines(project: StartedProject, *, color: bool) -> Iterator[str]:
    """What was made, what is wrong with it, and what was lost on the way."""
    adopted = project.adopted
    yield f"{clean(str(project.folder))}/: {len(project.files.written)} files"
    yield from (f"  + {clean(path)}" for path in project.files.written[:_MOST])
    if len(project.files.written) > _MOST:
        yield f"  … and {len(project.files.written) - _MOST} more"
    yield from (f"  = {clean(path)} was there, and stays as it is" for path in project.files.existing)
    yield ""
    yield from _contents(adopted)
    yield ""
    yield from _problems(project.checked.problems, color=color)


def _contents(adopted: AdoptedProject) -> Iterator[str]:
    if adopted.first is not None:
        yield f"a first dashboard of {clean(str(adopted.first.spec['title']))}, from its metrics:"
        yield from (f"  {reason}" for reason in adopted.first.reasons)
        if adopted.first.uncharted > 0:
            yield f"  {adopted.first.uncharted} more metrics: `dashgen metrics unused` lists them"
    elif adopted.metrics:
        yield f"a contract of {adopted.metrics} metrics: specs/metrics.yaml"
    results = adopted.imported
    yield from (import_summary.headline(name, result) for name, result in results[:_MOST])
    if len(results) > _MOST:
        yield f"… and {len(results) - _MOST} more"
    lossy = [name for name, result in results if import_facts(result).notes.lost()]
    if lossy:
        yield (
            f"{len(lossy)} of {len(results)} lost something that has no key: "
            f"`dashgen import {clean(lossy[0])} --report` lists it"
        )
    if adopted.passed_over:
        yield f"{adopted.passed_over} other files passed over: neither dashboards nor rules"
    if adopted.copies:
        yield f"{adopted.copies} more are copies of these"
    for kind in adopted.data_sources.needed:
        yield f"the address of the data source of type {kind} is a guess: correct specs/datasources.yaml"


def _problems(problems: Sequence[ProblemGroup], *, color: bool) -> Iterator[str]:
    """Findings by rule, each with the command that shows them."""
    if not problems:
        yield "nothing wrong was found"
        return
    count = sum(group.count for group in problems)
    yield f"{count} finding{'s' * (count != 1)}, the worst first (`dashgen rule RULE` explains a rule):"
    widest = max(len(group.rule) for group in problems[:_MOST])
    for group in problems[:_MOST]:
        severity = severity_text(f"{group.severity:<7}", group.severity, color=color)
        yield f"  {group.count:>4} {severity} {group.rule:<{widest}}  {group.command}"
        where = f" ({clean(str(group.first.location))})" if group.first.location else ""
        yield f"       {clean(group.first.message)}{where}"
    if len(problems) > _MOST:
        yield f"  … and {len(problems) - _MOST} more rules: `dashgen lint --statistics`"
