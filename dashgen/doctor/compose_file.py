"""The compose file and `.env`: what keeps a stack from starting, or lets strangers in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from dashgen.doctor.chain import SERVERS, ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.subject import Subject
from dashgen.sync.install.stack_environment import ADMIN_VARIABLE

LEAST: Final = 12


def check(subject: Subject, _known: Diagnosis) -> LinkOutcome:
    """Whether the files and settings that the stack starts with are there."""
    stack = subject.stack
    if stack is None:
        return skipped("no stack is given; `--stack DIR` names it")
    faults = list(judge(stack, Path.exists))
    names = [service.name for service in stack.active()]
    return judged(faults, f"{len(names)} services, `.env` and all that they mount are there")


def judge(stack: StackFiles, exists: Callable[[Path], bool]) -> Iterator[LinkFault]:
    """What is wrong with the files of a stack.

    Args:
        stack: the files.
        exists: whether something is there.
    """
    # Without the file each variable in it would be a finding of its own.
    if not stack.has_env and _lacking(stack):
        yield _no_env(stack)
    else:
        yield from _variables(stack)
        yield from _secrets(stack)
        yield from _password(stack)
    for service in stack.active():
        for mount in service.mounts:
            if mount.source is not None and not exists(mount.source):
                yield _mount(stack, service.name, mount.source)
    yield from _shared_ports(stack)


def _lacking(stack: StackFiles) -> list[str]:
    return [name for name in stack.required if not stack.values.get(name)]


def _no_env(stack: StackFiles) -> LinkFault:
    names = ", ".join(f"`{name}`" for name in _lacking(stack))
    finding = LiveFinding(
        "there is no `.env` beside the compose file",
        f"the compose file needs {names}",
        "the stack was never prepared",
        f"`dashgen stack init --stack {stack.shown}`",
    )
    return LinkFault(finding, breaks=(ChainLink.CONTAINERS,), stops=SERVERS)


def _variables(stack: StackFiles) -> Iterator[LinkFault]:
    lacking = [name for name in _lacking(stack) if name != ADMIN_VARIABLE]
    empty = [name for name, value in stack.example.items() if value and stack.values.get(name) == ""]
    for name in dict.fromkeys([*lacking, *empty]):
        finding = LiveFinding(
            f"`{name}` in `.env` is empty",
            "the stack does not start without it",
            "its value was never written",
            f"write it into `{stack.shown}/.env`, as in `.env.example`",
        )
        # Without a required variable (`${X:?}`) compose starts no container at all.
        breaks = (ChainLink.CONTAINERS,) if name in stack.required else ()
        yield LinkFault(finding, breaks=breaks, stops=SERVERS)


def _secrets(stack: StackFiles) -> Iterator[LinkFault]:
    """Files of secrets that are missing or cannot be read.

    The password's own is reported with the password.
    """
    for secret in stack.stack.secrets:
        if secret.variable in stack.secrets or secret.variable == ADMIN_VARIABLE:
            continue
        finding = LiveFinding(
            f"the secret `{secret.name}` has no file that can be read",
            f"the compose file reads `{_shown(secret.path, stack.folder)}`",
            "it was never written",
            f"`dashgen stack init --stack {stack.shown}`",
        )
        yield LinkFault(finding, breaks=(ChainLink.CONTAINERS,), stops=SERVERS)


def _password_location(stack: StackFiles) -> str | None:
    """Where the password is, for messages; nothing when the stack has none."""
    for secret in stack.stack.secrets:
        if secret.variable == ADMIN_VARIABLE:
            return f"the password in `{_shown(secret.path, stack.folder)}`"
    return f"`{ADMIN_VARIABLE}` in `.env`" if ADMIN_VARIABLE in stack.required else None


def _password(stack: StackFiles) -> Iterator[LinkFault]:
    """What is wrong with the administrator's password; the password itself is in no message."""
    what = _password_location(stack)
    if what is None:
        return
    value = stack.values.get(ADMIN_VARIABLE, "")
    renew = f"`dashgen stack init --stack {stack.shown} --renew`"
    if not value:
        fix = f"`dashgen stack init --stack {stack.shown}`"
        evidence = "compose and Grafana refuse to start"
        finding = LiveFinding(f"{what} is empty", evidence, "it was never set", fix)
        yield LinkFault(finding, breaks=(ChainLink.CONTAINERS, ChainLink.PASSWORD), stops=SERVERS)
    elif stack.is_public(value) or value == stack.values.get("GRAFANA_ADMIN_USER", "admin"):
        evidence = "it is in every list of passwords"
        finding = LiveFinding(f"{what} is a well-known password", evidence, "it was never changed", renew)
        yield LinkFault(finding, breaks=(ChainLink.PASSWORD,), stops=(ChainLink.GRAFANA,))
    elif len(value) < LEAST:
        evidence = f"it has {len(value)} characters, and {LEAST} are the least"
        finding = LiveFinding(f"{what} is weak", evidence, "short passwords are guessed", renew)
        yield LinkFault(finding, stops=(ChainLink.GRAFANA,))


def _mount(stack: StackFiles, service: str, source: Path) -> LinkFault:
    finding = LiveFinding(
        f"`{service}` mounts `{_shown(source, stack.folder)}`, which is not there",
        "docker makes an empty folder of that name instead",
        "it was moved, or `dashgen build` did not run yet",
        "`dashgen build`, or correct the path under `volumes:`",
    )
    links = _links(stack, service)
    return LinkFault(finding, breaks=_readers(links), stops=links)


def _links(stack: StackFiles, service: str) -> tuple[ChainLink, ...]:
    return tuple(link for link in SERVERS if (active := stack.service(link)) and active.name == service)


def _readers(links: tuple[ChainLink, ...]) -> tuple[ChainLink, ...]:
    """The links that depend on the files of these servers."""
    dependents = {
        ChainLink.PROMETHEUS: (ChainLink.RULES,),
        ChainLink.GRAFANA: (ChainLink.SOURCES, ChainLink.DASHBOARDS, ChainLink.ALERTS),
    }
    return tuple(dependent for link in links for dependent in dependents.get(link, ()))


def _shown(path: Path, folder: Path) -> str:
    return os.path.relpath(path, folder.parent)


def _shared_ports(stack: StackFiles) -> Iterator[LinkFault]:
    owners: dict[str, str] = {}
    for service in stack.active():
        for port in service.ports:
            other = owners.setdefault(port.address, service.name)
            if other != service.name:
                finding = LiveFinding(
                    f"`{other}` and `{service.name}` publish the same port",
                    f"both need {port.address}",
                    "one of them cannot start",
                    "give one another port under `ports:`",
                )
                both = (*_links(stack, other), *_links(stack, service.name))
                yield LinkFault(finding, breaks=(ChainLink.CONTAINERS, *both))
