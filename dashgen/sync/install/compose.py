"""What a compose file defines of its services, as far as files and addresses go."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json
from dashgen.source.load import load_file
from dashgen.sync.install.compose_interpolation import filled, read_variables

NAMES: Final = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_ANY_ADDRESS: Final = frozenset(("", "0.0.0.0", "::", "[::]"))  # noqa: S104  # what a published port may say
_LOCAL_STARTS: Final = (".", "/", "~")


class Mount(Struct, frozen=True):
    """A folder or file of the host in a container; ``source`` is nothing for a volume that docker keeps."""

    source: Path | None
    target: PurePosixPath


class Port(Struct, frozen=True):
    """A port of a container and where the host publishes it."""

    container: int
    address: str


class ComposeService(Struct, frozen=True):
    """One service."""

    name: str
    image: str
    mounts: tuple[Mount, ...]
    ports: tuple[Port, ...]
    command_line: tuple[str, ...]
    environment: Mapping[str, str]
    location: Location
    profiles: tuple[str, ...] = ()

    def host(self, path: PurePosixPath) -> tuple[Path | None, bool]:
        """Where a path in the container is on the host, and whether anything is mounted there at all."""
        over = [mount for mount in self.mounts if path.is_relative_to(mount.target)]
        if not over:
            return None, False
        # Docker mounts a folder inside of another mount over it.
        mount = max(over, key=lambda mount: len(mount.target.parts))
        return (mount.source / path.relative_to(mount.target) if mount.source else None), True

    def option(self, name: str) -> str:
        """The value of an option on its command line, with one dash or two; empty when it is not there."""
        for number, word in enumerate(self.command_line):
            bare, equals, value = word.lstrip("-").partition("=")
            if word.startswith("-") and bare == name:
                return value if equals else next(iter(self.command_line[number + 1 : number + 2]), "")
        return ""

    def published(self, port: int) -> str:
        """The host's address of a port of the container; empty when it is not published."""
        return next(
            (published_port.address for published_port in self.ports if published_port.container == port), ""
        )


class SecretFile(Struct, frozen=True):
    """A secret that the stack reads from a file.

    Attributes:
        name: its name in the compose file, such as ``grafana_admin_password``.
        path: the file on this machine.
        initial: what ``dashgen stack init`` writes when there is no file: the extension ``x-initial`` of the
            secret.
        is_random: whether it writes a random text instead: the extension ``x-random: true``.
    """

    name: str
    path: Path
    initial: str = ""
    is_random: bool = False

    @property
    def variable(self) -> str:
        """The name that the same secret has as a variable of ``.env``."""
        return self.name.upper()


class Stack(Struct, frozen=True):
    """A stack: its folder, its compose file if any, the services in it, and the files with its secrets."""

    folder: Path
    file: Path | None = None
    services: tuple[ComposeService, ...] = ()
    secrets: tuple[SecretFile, ...] = ()

    def running(self, *images: str) -> list[ComposeService]:
        """The services whose image has one of these names."""

        def image_name(image: str) -> str:
            # Without registry, digest and tag: `docker.io/grafana/grafana:12.4.3@sha256:…`.
            return image.rpartition("/")[2].partition("@")[0].partition(":")[0]

        return [service for service in self.services if image_name(service.image) in images]


def read_stack(start: Path, process: Mapping[str, str]) -> tuple[Stack | None, list[Diagnostic]]:
    """The stack in a folder, or of a compose file.

    Args:
        start: the folder, or the file.
        process: the environment of the process, for variables in the file.
    """
    folder = start.parent if start.is_file() else start
    file = next((path for path in (start, *(folder / name for name in NAMES)) if path.is_file()), None)
    if not folder.is_dir():
        return None, [Diagnostic("install/stack", f"there is no folder `{start}`", hint="name the stack's")]
    if file is None:
        return Stack(folder.resolve()), []
    shown = file.as_posix()
    loaded = load_file(file, shown)
    if not loaded.documents or not isinstance(loaded.documents[0].data, dict):
        message = "the compose file cannot be read"
        return None, loaded.diagnostics or [Diagnostic("install/stack", message, Location(shown))]
    document = loaded.documents[0]
    variables = read_variables(folder, process)
    services = document.data.get("services")
    stack_services = [
        _service(
            str(name), data, folder.resolve(), variables, document.location(("services", name), key=True)
        )
        for name, data in (services.items() if isinstance(services, dict) else ())
        if isinstance(data, dict)
    ]
    secrets = tuple(_secrets(document.data.get("secrets"), folder.resolve(), variables))
    return Stack(folder.resolve(), file, tuple(stack_services), secrets), []


def _secrets(value: object, folder: Path, variables: Mapping[str, str]) -> Iterator[SecretFile]:
    for name, data in value.items() if isinstance(value, dict) else ():
        file = data.get("file") if isinstance(data, dict) else None
        if isinstance(file, str):
            initial = data.get("x-initial")
            path = Path(folder, Path(filled(file, variables)).expanduser())
            is_random = data.get("x-random") is True
            yield SecretFile(str(name), path, initial if isinstance(initial, str) else "", is_random)


def _service(
    name: str, data: Json, folder: Path, variables: Mapping[str, str], location: Location
) -> ComposeService:
    def text(value: object) -> str:
        return filled(value, variables) if isinstance(value, str) else ""

    command_words = [word for key in ("entrypoint", "command") for word in _texts_of(data.get(key))]
    environment = data.get("environment")
    pairs = environment.items() if isinstance(environment, dict) else _pairs(environment)
    return ComposeService(
        name,
        text(data.get("image")) or name,
        tuple(_mounts(data.get("volumes"), folder, text)),
        tuple(_ports(data.get("ports"), text)),
        tuple(map(text, command_words)),
        # Only paths are needed; other variables may be secrets.
        {key: text(value) for key, value in pairs if str(key).startswith("GF_PATHS_")},
        location,
        tuple(map(text, _texts_of(data.get("profiles")))),
    )


def _texts_of(value: object) -> list[Any]:
    return value.split() if isinstance(value, str) else value if isinstance(value, list) else []


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    for line in value if isinstance(value, list) else ():
        name, _, content = str(line).partition("=")
        yield name, content


def _mounts(value: object, folder: Path, text: Callable[[Any], str]) -> Iterator[Mount]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            source, target = text(item.get("source")), text(item.get("target"))
            bind = item.get("type") == "bind"
        else:
            # `source:target:mode`, where a source that is no path is the name of a volume.
            source, _, rest = text(item).partition(":")
            target, bind = rest.partition(":")[0], source.startswith(_LOCAL_STARTS)
        if target.startswith("/"):
            host_path = Path(folder, Path(source).expanduser()) if bind else None
            yield Mount(host_path, PurePosixPath(target))


def _ports(value: object, text: Callable[[Any], str]) -> Iterator[Port]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            host, published = text(item.get("host_ip")), str(item.get("published", ""))
            container = str(item.get("target", ""))
        else:
            # `host:published:container/protocol`, whose host may be an IPv6 address with colons of its own.
            rest, _, container = text(item).rpartition(":")
            host, _, published = rest.rpartition(":")
        container = container.partition("/")[0]
        # Ranges of ports are left out: what dashgen looks for is published alone.
        if container.isdigit() and published.isascii() and published.isdigit():
            yield Port(int(container), f"http://{'localhost' if host in _ANY_ADDRESS else host}:{published}")
