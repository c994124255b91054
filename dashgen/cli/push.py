"""``dashgen push``."""

import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashgen.cli.connection import (
    Builds,
    CaCert,
    ClientCert,
    ClientKey,
    Concurrency,
    DryRun,
    TargetNames,
    Url,
    cleaner,
    note,
    targets,
)
from dashgen.cli.options import (
    Environment,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    print_json,
    usage_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashgen.sync.apply import Outcome
    from dashgen.sync.desired import Desired
    from dashgen.sync.run import Push
    from dashgen.sync.targets import Chosen

EXIT_CONFLICT = 4
EXIT_INTERRUPTED = 130


@dataclass(frozen=True)
class _Wishes:
    """What the command line asks for."""

    only: frozenset[str]
    dry_run: bool
    message: str
    force: bool
    prune: bool
    yes: bool
    form: ListFormat
    documents: list[dict[str, Any]] = field(default_factory=list)

    def print(self, line: str) -> None:
        """Print a line of the result, unless it is for programs."""
        if self.form is ListFormat.TEXT:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


OnlyUids = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="UID", help="Push only what has this uid (or name); may be repeated."),
]
Message = Annotated[
    str,
    typer.Option("--message", "-m", help="Why, for the history in Grafana; the git commit when absent."),
]
Force = Annotated[
    bool, typer.Option("--force", help="Overwrite what others changed, and write secrets again.")
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Delete what was pushed from here and is in no spec any more.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting.")]


def push(
    project: ProjectFolder = Path(),
    url: Url = "",
    target: TargetNames = None,
    env: Environment = None,
    only: OnlyUids = None,
    dry_run: DryRun = False,
    message: Message = "",
    force: Force = False,
    prune: Prune = False,
    yes: Yes = False,
    concurrency: Concurrency = 8,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Bring a running Grafana to what the specs say.

    Only what differs is written. What somebody edited in Grafana since the last push is left alone and ends with exit
    code 4. The credentials come from the environment: the target's `token_env`, `GRAFANA_TOKEN`, or `GRAFANA_USER` and
    `GRAFANA_PASSWORD`.

    Example: dashgen push --target prod --dry-run
    """
    from dashgen.sync.targets import Connection  # noqa: PLC0415

    if prune and only:
        usage_error("`--prune` is about everything, and `--only` about a part", "use one of them")
    connection = Connection(url, ca_cert, client_cert, client_key, concurrency)
    workspace, chosen = targets(project, env, target, connection)
    builds = Builds(workspace.root)
    wishes = _Wishes(frozenset(only or ()), dry_run, message, force, prune, yes, output_format)
    code = 0
    for one in chosen:
        code = max(code, _push_to(workspace.root, one, builds, wishes))
        if code == EXIT_INTERRUPTED:
            break
    if output_format is ListFormat.JSON:
        print_json({"targets": wishes.documents})
    if code:
        raise typer.Exit(code)


def _push_to(root: Path, chosen: "Chosen", builds: Builds, wishes: _Wishes) -> int:
    """Push to one Grafana; the exit code that it calls for."""
    from dashgen.errors import DashgenError  # noqa: PLC0415

    built = builds.of(chosen.environment)
    if built.failed:
        sys.stderr.write("nothing was pushed\n")
        return 1
    wanted = built.desired
    if wishes.only:
        wanted = _only(wanted, wishes.only)
    try:
        return _planned(root, chosen, wanted, wishes)
    except DashgenError as error:
        hint = getattr(error, "hint", "")
        sys.stderr.write(f"dashgen: {chosen.shown}: {error}{f'; {hint}' if hint else ''}\n")
        if wishes.form is ListFormat.JSON:
            failed = {"url": chosen.settings.url, "error": str(error), "exit_code": error.exit_code}
            wishes.documents.append({"target": chosen.name or None, **failed})
        return error.exit_code


def _only(wanted: "Desired", uids: frozenset[str]) -> "Desired":
    from dashgen.diagnostics import nearest  # noqa: PLC0415

    known = {item.uid for item in wanted.items} | {item.title for item in wanted.items}
    known |= {wish.uid for wish in wanted.folders}
    for uid in sorted(uids - known):
        usage_error(f"no spec defines anything with the uid `{uid}`", nearest(uid, known))
    return wanted.only(uids)


def _planned(root: Path, chosen: "Chosen", wanted: "Desired", wishes: _Wishes) -> int:
    from dashgen.sync.plan import Options  # noqa: PLC0415
    from dashgen.sync.run import Request, open_push  # noqa: PLC0415
    from dashgen.sync.words import plan_lines  # noqa: PLC0415

    options = Options(force=wishes.force, prune=wishes.prune)
    request = Request(options, whole=not wishes.only, writes=not wishes.dry_run)
    with open_push(root, chosen, wanted, os.environ, request) as found:
        note(found.notes)
        show = cleaner(found)
        for line in plan_lines(found):
            wishes.print(show(line))
        if wishes.dry_run:
            return _end(found, [], EXIT_CONFLICT if found.blocked else 0, wishes)
        _confirm(found, wishes)
        return _applied(found, wishes, show)


def _confirm(found: "Push", wishes: _Wishes) -> None:
    """Ask before anything is deleted for good.

    Raises:
        DashgenError: nobody can be asked.
        Exit: the answer is no.
    """
    from dashgen.sync.plan import Act  # noqa: PLC0415

    gone = [step for step in found.steps if step.act is Act.DELETE and not step.early]
    if not gone or wishes.yes:
        return
    if not sys.stdin.isatty():
        usage_error(f"{len(gone)} deletions need a yes", "add `--yes`; nothing was pushed")
    if not typer.confirm(f"delete {len(gone)} of these in {found.chosen.shown}?", err=True):
        sys.stderr.write("nothing was pushed\n")
        raise typer.Exit(1)


def _applied(found: "Push", wishes: _Wishes, show: Callable[[str], str]) -> int:
    from dashgen.sync.apply import planned_conflicts  # noqa: PLC0415
    from dashgen.sync.message import default_message  # noqa: PLC0415
    from dashgen.sync.words import outcome_line, summary  # noqa: PLC0415

    def tell(outcome: "Outcome") -> None:
        wishes.print(show(outcome_line(outcome)))

    with _telling_what_was_done(found):
        applied = found.apply(wishes.message or default_message(found.root), tell)
    outcomes = [*applied.outcomes, *planned_conflicts(found.steps)]
    if found.writes:
        wishes.print(summary(outcomes, len(found.unchanged)))
    if found.backup is not None:
        sys.stderr.write(f"what was there before is in {found.backup.relative_to(found.root)}\n")
    code = max((outcome.exit_code for outcome in outcomes), default=0)
    return _end(found, outcomes, code, wishes)


@contextmanager
def _telling_what_was_done(found: "Push") -> "Iterator[None]":
    """When a push is interrupted or cannot go on, say what was done and what was not."""
    try:
        yield
    except BaseException:
        if found.applied is not None:
            done, left = found.applied.outcomes, found.applied.left(found.steps)
            sys.stderr.write(f"interrupted: {len(done)} of {len(done) + len(left)} changes were made\n")
            for step in left:
                sys.stderr.write(f"not done: {step.item.words}\n")
        raise


def _end(found: "Push", outcomes: "list[Outcome]", code: int, wishes: _Wishes) -> int:
    from dashgen.sync.words import as_json  # noqa: PLC0415

    if wishes.form is ListFormat.JSON:
        wishes.documents.append(as_json(found, outcomes, code))
    return code
