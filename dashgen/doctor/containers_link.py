"""The containers of a stack, where Docker can be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

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
from dashgen.doctor.reach import How, Reach
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.subject import Subject
from dashgen.doctor.tools import Ran
from dashgen.servers.http.response_values import integer, text


@dataclass(frozen=True, slots=True)
class Container:
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
        return skipped("no stack was named; `--stack DIR` does")
    ran = subject.tools.docker(["compose", "-f", str(stack.stack.file), "ps", "--all", "--format", "json"])
    if ran is None:
        return skipped("Docker is not installed here")
    if ran.code != 0:
        message = subject.redact((ran.err or ran.out).strip().partition("\n")[0])
        return skipped(f"Docker cannot be asked: {message}")
    containers = containers_of(ran)
    if not containers:
        return _none(subject, stack)
    faults = list(judge(containers, stack))
    return judged(faults, f"{len(containers)} containers run")


def containers_of(ran: Ran) -> list[Container]:
    """The containers in what `docker compose ps` printed: an object a line, or a list in older versions."""
    containers = []
    for line in ran.out.splitlines():
        try:
            data = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        containers += [
            _container(one) for one in (data if isinstance(data, list) else [data]) if isinstance(one, dict)
        ]
    return containers


def _container(data: Mapping[str, object]) -> Container:
    return Container(
        text(data, "Service"), text(data, "State"), text(data, "Health"), integer(data, "ExitCode")
    )


def judge(containers: list[Container], stack: StackFiles) -> Iterator[LinkFault]:
    """What is wrong with containers."""
    by_service = {one.service: one for one in containers}
    for service in stack.active():
        links = tuple(link for link in SERVERS if stack.service(link) is service)
        one = by_service.get(service.name)
        if one is None:
            what, evidence, cause = (
                f"`{service.name}` has no container",
                "docker lists none",
                "it was never started",
            )
            yield LinkFault(
                LiveFinding(what, evidence, cause, stack.command(f"up -d {service.name}")), breaks=links
            )
        elif one.state != "running":
            if one.state == "exited" and one.exit_code == 0 and not links:
                continue
            evidence = f"it is {one.state}, with exit code {one.exit_code}"
            fix = stack.command(f"logs --tail 20 {service.name}") + " says why"
            yield LinkFault(
                LiveFinding(f"the container of `{service.name}` does not run", evidence, "it ended", fix),
                breaks=links,
            )
        elif one.health == "unhealthy":
            fix = stack.command(f"logs --tail 20 {service.name}") + " says why"
            finding = LiveFinding(
                f"the container of `{service.name}` is unhealthy",
                "its own health check fails",
                "it does not answer",
                fix,
            )
            yield LinkFault(finding, stops=links)


def _none(subject: Subject, stack: StackFiles) -> LinkOutcome:
    away = [reach for reach in subject.reaches.values() if _is_away(subject, reach)]
    if not away:
        return skipped("the stack has none; its servers run without")
    finding = LiveFinding(
        "the stack is not started",
        "it has no containers, and its servers do not answer",
        "nobody started it",
        stack.command("up -d --build"),
    )
    return judged([LinkFault(finding, stops=SERVERS)], "")


def _is_away(subject: Subject, reach: Reach) -> bool:
    return reach.how is How.AWAY and subject.is_of_stack(reach.link)
