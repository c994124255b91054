"""The compose file with the `.env` beside it, read once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.redaction import COMMON_PASSWORDS
from dashgen.core.errors import SpecError
from dashgen.core.files.regular import read_regular
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.chain import ChainLink
from dashgen.model.project_file import DoctorOptions
from dashgen.servers.http.endpoint import is_loopback
from dashgen.source.load import read_text
from dashgen.sync.install.compose import ComposeService, SecretFile, Stack, read_stack
from dashgen.sync.install.compose_interpolation import read_variables
from dashgen.sync.install.copy_files import shown

IMAGES: Final = {
    ChainLink.PROMETHEUS: ("prometheus",),
    ChainLink.LOKI: ("loki",),
    ChainLink.TEMPO: ("tempo",),
    ChainLink.GRAFANA: ("grafana", "grafana-oss", "grafana-enterprise"),
}
INSIDE: Final = {
    ChainLink.PROMETHEUS: 9090,
    ChainLink.LOKI: 3100,
    ChainLink.TEMPO: 3200,
    ChainLink.GRAFANA: 3000,
}
"""The ports of the servers in their containers."""
_REQUIRED: Final = lazy_pattern(r"(?<!\$)\$\{(\w+):?\?")
_ENV: Final = ".env"


@dataclass(frozen=True, slots=True)
class StackFiles:
    """A stack, from its files.

    Attributes:
        stack: the services.
        process: the environment of the process, which wins over `.env`.
        env: the variables of `.env`.
        example: the variables of `.env.example`.
        has_env: whether there is a `.env`.
        required: the variables without which compose does not start anything.
        secrets: the contents of the files of its secrets, by the names that the same variables have in
            `.env`.
        options: the `doctor:` of the project file.
    """

    stack: Stack
    process: Mapping[str, str] = field(default_factory=dict, repr=False)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    example: Mapping[str, str] = field(default_factory=dict, repr=False)
    has_env: bool = True
    required: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: DoctorOptions = field(default_factory=DoctorOptions, repr=False)

    @property
    def folder(self) -> Path:
        """The folder of the compose file."""
        return self.stack.folder

    @property
    def values(self) -> dict[str, str]:
        """The variables that compose fills in, from `.env`, the environment and files of secrets."""
        return {**self.env, **self.process, **self.secrets}

    @property
    def shown(self) -> str:
        """The folder as it is written on a command line."""
        return shown(self.folder)

    def named(self) -> dict[str, str]:
        """The values of the variables that the stack's files name."""
        names = {*self.env, *self.example, *self.required, *self.secrets}
        return {name: value for name, value in self.values.items() if name in names}

    @property
    def profiles(self) -> set[str]:
        """The profiles that are on."""
        return {name.strip() for name in self.values.get("COMPOSE_PROFILES", "").split(",") if name.strip()}

    def active(self) -> Iterator[ComposeService]:
        """The services that `docker compose up` starts."""
        on = self.profiles
        for service in self.stack.services:
            if not service.profiles or on.intersection(service.profiles):
                yield service

    def service(self, link: ChainLink) -> ComposeService | None:
        """The service that is a server of the chain."""
        active = list(self.active())
        if link is ChainLink.APP:
            return next((service for service in active if service.name in self.options.application), None)
        running = {id(service) for service in self.stack.running(*IMAGES.get(link, ()))}
        return next((service for service in active if id(service) in running), None)

    def inside(self, link: ChainLink) -> int | None:
        """The port of a server in its container."""
        service = self.service(link)
        if link is ChainLink.APP:
            return service.ports[0].container if service and service.ports else None
        return INSIDE.get(link)

    def published(self, link: ChainLink) -> str:
        """The address of a server on this machine's loopback; empty when it has none there."""
        service, port = self.service(link), self.inside(link)
        address = service.published(port) if service and port else ""
        return address if address and is_loopback(urlsplit(address).hostname or "") else ""

    def is_public(self, password: str) -> bool:
        """Whether a password is a common one, or one that the project has published."""
        published = {word.lower() for word in self.options.public_passwords}
        return password.lower() in COMMON_PASSWORDS | published

    def command(self, arguments: str) -> str:
        """A command of docker compose for this stack."""
        file = shown(self.stack.file) if self.stack.file else "compose.yaml"
        return f"`docker compose -f {file} {arguments}`"


def read_files(
    start: Path, process: Mapping[str, str], options: DoctorOptions | None = None
) -> tuple[StackFiles | None, list[Diagnostic]]:
    """The files of a stack.

    Args:
        start: the stack's folder, or its compose file.
        process: the environment of the process.
        options: the `doctor:` of the project file.
    """
    stack, problems = read_stack(start, process)
    if stack is None or stack.file is None:
        return None, problems
    text = _read(stack.file)
    return (
        StackFiles(
            stack,
            process,
            read_variables(stack.folder, {}),
            read_variables(stack.folder, {}, ".env.example"),
            (stack.folder / _ENV).is_file(),
            tuple(dict.fromkeys(_REQUIRED.findall(text))),
            {secret.variable: value for secret in stack.secrets if (value := _secret(secret)) is not None},
            options or DoctorOptions(),
        ),
        problems,
    )


def _secret(secret: SecretFile) -> str | None:
    """The content of a secret's file; nothing when it cannot be read."""
    try:
        return read_regular(secret.path).decode().strip()
    except (OSError, UnicodeDecodeError):
        return None


def _read(path: Path) -> str:
    try:
        return read_text(path, path.name)
    except SpecError:
        return ""
