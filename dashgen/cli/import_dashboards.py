"""``dashgen import``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashgen.cli.options import Environment, Format, ProjectFolder, finish, report, usage_error

if TYPE_CHECKING:
    from dashgen.diagnostics import Diagnostic
    from dashgen.importer.dashboard import Importer
    from dashgen.importer.files import ImportedFile

_MOST = 5


def import_dashboards(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Dashboards as JSON: exported, downloaded, or provisioned."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Write a file for each dashboard here; nothing is overwritten."
        ),
    ] = None,
    details: Annotated[
        bool,
        typer.Option("--report", help="Say what was converted, what went to `raw:`, and what was dropped."),
    ] = False,
    datasource: Annotated[
        list[str] | None,
        typer.Option(
            "--datasource", "-d", metavar="NAME=ALIAS", help="Call a data source (its uid, name or input) so."
        ),
    ] = None,
    keep_ids: Annotated[
        bool,
        typer.Option("--keep-ids", help="Panels keep their numbers, for links and alerts that name them."),
    ] = False,
    no_fold: Annotated[
        bool,
        typer.Option("--no-fold", help="Write every panel out, with no defaults, loops or components."),
    ] = False,
    project: ProjectFolder = Path(),
    env: Environment = None,
) -> None:
    """Turn dashboards that others made into specs.

    Classic JSON of any version becomes short YAML that builds to the same dashboard. What several panels say is said
    once; what the language has no word for is kept under `raw:`. The YAML is printed, or written with --out.

    Example: dashgen import node-exporter-full.json --out specs/imported --report
    """
    importer = _importer(project, env, datasource or [], keep_ids=keep_ids, fold=not no_fold)
    imported, problems = _import(files, importer)
    if out is None:
        sys.stdout.write("---\n".join(file.text for _, file in imported))
    else:
        _write(imported, out)
    _tell(imported, out, details=details)
    report(problems, Format.TEXT, Path())
    finish(problems)


def _importer(project: Path, env: str | None, given: list[str], *, keep_ids: bool, fold: bool) -> "Importer":
    from dashgen.build.prepare import prepare  # noqa: PLC0415
    from dashgen.build.workspace import open_workspace  # noqa: PLC0415
    from dashgen.importer.dashboard import Importer  # noqa: PLC0415

    chosen = {}
    for text in given:
        name, found, alias = text.partition("=")
        if not (found and name and alias):
            usage_error(
                f"`{text}` does not say what to call which data source", "write `--datasource UID=ALIAS`"
            )
        chosen[name] = alias
    workspace = open_workspace(project, env)
    prepared = prepare(workspace, workspace.spec_files(), "classic")
    return Importer(prepared.compiler, chosen, keep_ids=keep_ids, fold=fold)


def _import(
    files: list[Path], importer: "Importer"
) -> "tuple[list[tuple[Path, ImportedFile]], list[Diagnostic]]":
    from dashgen.diagnostics import Diagnostic  # noqa: PLC0415
    from dashgen.importer.files import import_file  # noqa: PLC0415

    imported, problems = [], []
    for path in files:
        found = import_file(path, importer)
        if isinstance(found, Diagnostic):
            problems.append(found)
        else:
            imported.append((path, found))
    return imported, problems


def _write(imported: "list[tuple[Path, ImportedFile]]", out: Path) -> None:
    """Write every file, or none when one of them is there already."""
    from dashgen.errors import DashgenError  # noqa: PLC0415

    names = [file.name for _, file in imported]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        usage_error(
            f"nothing was written, because two dashboards would be `{twice[0]}`", "import them one by one"
        )
    if out.exists() and not out.is_dir():
        usage_error(f"nothing was written, because {out} is a file", "name a folder")
    there = [name for name in names if (out / name).is_symlink() or (out / name).exists()]
    if there:
        shown = ", ".join(f"`{name}`" for name in there[:_MOST])
        shown += f" and {len(there) - _MOST} more" if len(there) > _MOST else ""
        usage_error(
            f"nothing was written, because {out} already has {shown}", "remove them, or choose another folder"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for _, file in imported:
            with (out / file.name).open("x", encoding="utf-8") as stream:
                stream.write(file.text)
    except OSError as error:
        raise DashgenError(f"cannot write to {out}: {(error.strerror or str(error)).lower()}") from None


def _tell(imported: "list[tuple[Path, ImportedFile]]", out: Path | None, *, details: bool) -> None:
    from dashgen.importer import summary  # noqa: PLC0415

    stream = sys.stderr if out is None else sys.stdout
    for path, file in imported:
        stream.write(summary.headline(str(path), file) + "\n")
        for line in summary.urgent(file):
            stream.write(f"  {line}\n")
        if details:
            stream.write("".join(f"{line}\n" for line in summary.details(file)))
        if out is not None:
            stream.write(f"  + {out / file.name}\n")
