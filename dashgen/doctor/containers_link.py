"""The containers of a stack, where Docker is installed."""

from collections.abc import Iterator

import orjson
from msgspec import Struct

from dashgen.doctor.chain import (
    SERVERS,
    ChainLink,
    Diagnosis,
    LinkFault,
    LinkOutcome,
    following,
    judged,
    skipped,
)
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.reach import ReachState
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.subject import Subject
from dashgen.doctor.tools import ProgramResult
from dashgen.servers.http.response_values import integer, text


class Container(Struct, frozen=True):
    """A container of a service: running, exited or restarting; healthy, starting, unhealthy or nothing."""

    service: str
    state: str
    health: str
    exit_code: int


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether each service runs."""
    if reason := diagnosis.reason(ChainLink.CONTAINERS):
        return following(reason)
    stack = subject.stack
    if stack is None or stack.stack.file is None:
        return skipped("no stack is given; `--stack DIR` names it")
    ran = subject.tools.docker(["compose", "-f", str(stack.stack.file), "ps", "--all", "--format", "json"])
    if ran is None:
        return skipped("Docker is not installed here")
    if ran.code != 0:
        message = subject.redact((ran.err or ran.out).strip().partition("\n")[0])
        return skipped(f"Docker does not answer: {message}")
    containers = containers_of(ran)
    if not containers:
        return _without_containers(subject, stack)
    faults = list(judge(containers, stack))
    return judged(faults, f"{len(containers)} containers run")


def containers_of(ran: ProgramResult) -> list[Container]:
    """The containers in the output of `docker compose ps`: an object a line, or a list in older versions."""
    containers = []
    for line in ran.out.splitlines():
        try:
            data = orjson.loads(line)
        except orjson.JSONDecodeError:
            # Warnings of compose stand between the lines.
            continue
        containers += [
            Container(
                text(item, "Service"), text(item, "State"), text(item, "Health"), integer(item, "ExitCode")
            )
            for item in (data if isinstance(data, list) else [data])
            if isinstance(item, dict)
        ]
    return containers


def judge(containers: list[Container], stack: StackFiles) -> Iterator[LinkFault]:
    """What is wrong with containers."""
    by_service = {container.service: container for container in containers}
    for service in stack.active():
        links = tuple(link for link in SERVERS if stack.service(link) is service)
        container = by_service.get(service.name)
        if container is None:
            what, evidence = f"`{service.name}` has no container", "docker lists none"
            fix = stack.command(f"up -d {service.name}")
            yield LinkFault(LiveFinding(what, evidence, "it was never started", fix), breaks=links)
        elif container.state != "running":
            # A service that prepares something, such as the owner of a folder, ends with 0 when it is done.
            if container.state == "exited" and container.exit_code == 0 and not links:
                continue
            evidence = f"it is {container.state}, with exit code {container.exit_code}"
            fix = stack.command(f"logs --tail 20 {service.name}") + " shows why"
            yield LinkFault(
                LiveFinding(f"the container of `{service.name}` does not run", evidence, "it ended", fix),
                breaks=links,
            )
        elif container.health == "unhealthy":
            fix = stack.command(f"logs --tail 20 {service.name}") + " shows why"
            finding = LiveFinding(
                f"the container of `{service.name}` is unhealthy",
                "its own health check fails",
                "it does not answer",
                fix,
            )
            yield LinkFault(finding, stops=links)


def _without_containers(subject: Subject, stack: StackFiles) -> LinkOutcome:
    is_away = any(
        reach.state is ReachState.AWAY and subject.is_of_stack(reach.link)
        for reach in subject.reaches.values()
    )
    if not is_away:
        return skipped("the stack has no containers; its servers run outside of Docker")
    finding = LiveFinding(
        "the stack is not started",
        "it has no containers, and its servers do not answer",
        "it was never started",
        stack.command("up -d --build"),
    )
    return judged([LinkFault(finding, stops=SERVERS)], "")
