"""Build a project, and find out what a compose stack needs of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.project.build import BuildOptions, BuildReport, build
from dashgen.sync.install.compose import Stack, read_stack
from dashgen.sync.install.copy_files import (
    Copy,
    left_behind,
    plan_copies,
    shown,
    validate_stack,
    write_copies,
)
from dashgen.sync.install.install_record import Record, read_record
from dashgen.sync.install.mount_points import READERS, MountPoint, Server, find_mount_points
from dashgen.workspace.workspace import Workspace

_PROMETHEUS_PORT = 9090


class Installation(Struct):
    """What a stack needs; nothing of it has been copied yet.

    Attributes:
        built: what was built.
        stack: the stack.
        record: what was installed there before.
        mount_points: where each part goes.
        copies: what has to be copied.
        problems: what is wrong.
    """

    built: BuildReport
    stack: Stack
    record: Record = field(default_factory=Record)
    mount_points: list[MountPoint] = []
    copies: list[Copy] = []
    problems: list[Diagnostic] = []

    @property
    def failed(self) -> bool:
        """Whether something is wrong, so that nothing may be installed."""
        return has_errors(self.problems)

    @property
    def published_prometheus(self) -> str:
        """Where the compose file publishes Prometheus; empty when it does not."""
        addresses = (service.published(_PROMETHEUS_PORT) for service in self.stack.running("prometheus"))
        return next(filter(None, addresses), "")

    def has(self, part: str) -> bool:
        """Whether a server of the stack reads a part."""
        return any(mount_point.part == part for mount_point in self.mount_points)

    def write(self) -> None:
        """Bring the copies up to date.

        Raises:
            DashgenError: a file cannot be written.
        """
        if self.copies or self.record.files:
            write_copies(self.copies, self.built.output, self.stack.folder, self.record)

    def lines(self) -> Iterator[str]:
        """What happens to each part, for people."""
        copies = {copy.mount_point.part: copy for copy in self.copies}
        built = self.built
        yield f"{shown(built.output)}: {_counted(built.created, built.changed, built.deleted)}"
        for mount_point in self.mount_points:
            if mount_point.in_place:
                yield f"{mount_point.part}: {mount_point.server} reads {shown(mount_point.folder)} as it is"
            else:
                changes = copies[mount_point.part].changes
                counts = _counted(changes.created, changes.changed, changes.deleted)
                yield f"{mount_point.part}: to {shown(mount_point.folder)}, {counts}"
        if any(mount_point.server is Server.LOKI for mount_point in self.mount_points):
            yield "Loki looks at its rules by itself, once a minute"


def _counted(created: list[str], changed: list[str], deleted: list[str]) -> str:
    counted_paths = ((created, "new"), (changed, "changed"), (deleted, "removed"))
    return ", ".join(f"{len(paths)} {word}" for paths, word in counted_paths if paths) or "nothing changed"


def plan_installation(
    workspace: Workspace, start: Path, variables: Mapping[str, str], *, dry_run: bool
) -> Installation:
    """Build a project, and compare a stack with it.

    Args:
        workspace: the project.
        start: the stack's folder, or its compose file.
        variables: the environment, for variables in the compose file.
        dry_run: whether to leave the output as it is too; then what others put into the stack is not checked.

    Raises:
        DashgenError: the output cannot be written.
    """
    # Everything that may be wrong is found before the build, which takes longer.
    stack, problems = read_stack(start, variables)
    nothing = BuildReport(workspace.root, workspace.output())
    if stack is None:
        return Installation(nothing, Stack(start), problems=problems)
    record, problems = read_record(stack.folder)
    if problems:
        return Installation(nothing, stack, problems=problems)
    built = build(BuildOptions(workspace.root, environment=workspace.environment, check=dry_run))
    installation = Installation(built, stack, record, problems=[*built.diagnostics])
    if built.failed:
        return installation
    parts = [part for part in READERS if any(one.path.startswith(f"{part}/") for one in built.records)]
    dashboards = workspace.project.provisioning.path
    installation.mount_points, problems = find_mount_points(stack, built.output, parts, dashboards)
    installation.problems += problems
    installation.copies = plan_copies(installation.mount_points, built.records, record, stack.folder)
    installation.problems += [problem for copy in installation.copies for problem in copy.problems]
    installation.problems += left_behind(installation.copies, record, stack.folder)
    # What is checked is read from the output, which a dry run has not written.
    if not dry_run:
        installation.problems += validate_stack(installation.mount_points, installation.copies, built.output)
    return installation
