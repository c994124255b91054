"""Where each part of the output goes in a compose stack: to what its servers mount."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.json_values import Json
from dashgen.source.load import load_file
from dashgen.sync.install.compose import ComposeService, Stack

_PROVISIONING: Final = "/etc/grafana/provisioning"
_TENANT: Final = "fake"
"""What Loki calls its only tenant when authentication is off (`auth_enabled: false`)."""


class Server(StrEnum):
    """What reads a part of the output."""

    GRAFANA = "Grafana"
    PROMETHEUS = "Prometheus"
    LOKI = "Loki"


_IMAGES: Final = {
    Server.GRAFANA: ("grafana", "grafana-oss", "grafana-enterprise"),
    Server.PROMETHEUS: ("prometheus",),
    Server.LOKI: ("loki",),
}
READERS: Final = {
    "provisioning/datasources": Server.GRAFANA,
    "provisioning/alerting": Server.GRAFANA,
    "provisioning/dashboards": Server.GRAFANA,
    "dashboards": Server.GRAFANA,
    "rules/prometheus": Server.PROMETHEUS,
    "rules/loki": Server.LOKI,
}
"""The parts of the output, and what reads them."""


class MountPoint(Struct, frozen=True):
    """Where a part goes; ``in_place`` when the stack mounts the output itself."""

    part: str
    server: Server
    folder: Path
    in_place: bool


def find_mount_points(
    stack: Stack, output: Path, parts: Iterable[str], dashboards: str
) -> tuple[list[MountPoint], list[Diagnostic]]:
    """Where the parts of an output go.

    Args:
        stack: the stack.
        output: the folder that was built.
        parts: the parts that there are.
        dashboards: where Grafana sees the folder of dashboards.
    """
    mount_points: list[MountPoint] = []
    problems: list[Diagnostic] = []
    for part in parts:
        outcome = _place_of_part(stack, output, part, dashboards)
        if isinstance(outcome, MountPoint):
            mount_points.append(outcome)
        else:
            problems.append(outcome)
    return mount_points, problems


def _place_of_part(stack: Stack, output: Path, part: str, dashboards: str) -> MountPoint | Diagnostic:
    server = READERS[part]
    # Without a compose file the folder itself is what servers read.
    if stack.file is None:
        return _mount_point(part, server, stack.folder / part, output)
    services = stack.running(*_IMAGES[server])
    shown = Location(stack.file.as_posix())
    if not services:
        message = f"there is no {server} in the stack, so nothing reads `{part}`"
        return Diagnostic("install/service", message, shown, severity=Severity.WARNING)
    service_paths = [
        (service, path) for service in services for path in _container_paths(service, part, dashboards)
    ]
    # The first path that is mounted: a server may read several folders, of which one is enough.
    for service, path in service_paths:
        host, _ = service.host(path)
        if host is not None:
            return _mount_point(part, server, host, output)
    return _unmounted(services[0], part, [path for _, path in service_paths], stack, output)


def _mount_point(part: str, server: Server, folder: Path, output: Path) -> MountPoint:
    return MountPoint(part, server, folder, in_place=folder.resolve() == (output / part).resolve())


def _unmounted(
    service: ComposeService, part: str, paths: list[PurePosixPath], stack: Stack, output: Path
) -> Diagnostic:
    if not paths:
        message = f"the service `{service.name}` has no folder of rules in its configuration"
        hint = "name one under `rule_files:`" if part.endswith("prometheus") else "set the ruler's directory"
        return Diagnostic("install/mount", message, service.location, hint)
    if service.host(paths[0])[1]:
        message = f"`{paths[0]}` of the service `{service.name}` is a volume, not a folder of this machine"
    else:
        message = f"the service `{service.name}` mounts nothing at `{paths[0]}`"
    below = _relative(output / part, stack.folder)
    return Diagnostic("install/mount", message, service.location, f"add the volume `{below}:{paths[0]}:ro`")


def _relative(path: Path, folder: Path) -> str:
    full = path.resolve()
    # `relative_to` knows no way up before Python 3.12.
    up = [".."] * sum(1 for parent in (folder, *folder.parents) if not full.is_relative_to(parent))
    shared = next(parent for parent in (folder, *folder.parents) if full.is_relative_to(parent))
    return "/".join([*(up or ["."]), full.relative_to(shared).as_posix()])


def _container_paths(service: ComposeService, part: str, dashboards: str) -> Iterator[PurePosixPath]:
    """Where a service looks for a part, in its container."""
    if part == "dashboards":
        yield PurePosixPath(dashboards)
    elif part.startswith("provisioning/"):
        # Grafana takes each of its settings from the environment too.
        root = service.environment.get("GF_PATHS_PROVISIONING") or _PROVISIONING
        yield PurePosixPath(root) / part.partition("/")[2]
    elif part == "rules/prometheus":
        yield from _prometheus_rules(service)
    else:
        yield from _loki_rules(service)


def _prometheus_rules(service: ComposeService) -> Iterator[PurePosixPath]:
    file = PurePosixPath(service.option("config.file") or "/etc/prometheus/prometheus.yml")
    globs = _settings(service, file).get("rule_files")
    for glob in globs if isinstance(globs, list) else ():
        path = file.parent / str(glob)
        # A glob for other names would not load dashgen's files.
        if fnmatch("group.yaml", path.name):
            yield path.parent


def _loki_rules(service: ComposeService) -> Iterator[PurePosixPath]:
    file = PurePosixPath(service.option("config.file") or "/etc/loki/local-config.yaml")
    settings = _settings(service, file)
    for path in (
        ("ruler", "storage", "local", "directory"),
        ("ruler_storage", "local", "directory"),
        ("common", "storage", "filesystem", "rules_directory"),
    ):
        setting: Any = settings
        for key in path:
            setting = setting.get(key) if isinstance(setting, dict) else None
        if isinstance(setting, str) and setting.startswith("/"):
            yield PurePosixPath(setting) / _TENANT
            return


def _settings(service: ComposeService, file: PurePosixPath) -> Json:
    """The configuration of a service, as far as it is a file of this machine."""
    host, _ = service.host(file)
    if host is None:
        return {}
    loaded = load_file(host, host.as_posix())
    data = loaded.documents[0].data if loaded.documents else None
    return data if isinstance(data, dict) else {}
