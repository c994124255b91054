"""The ports: whether the stack publishes its servers, and whether those are what answers there."""

from collections.abc import Iterator, Mapping

from dashgen.doctor.chain import SERVERS, ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.reach import Reach, ReachState
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import NAMES


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether each server answers at its address."""
    reaches = {link: reach for link, reach in subject.reaches.items() if link not in diagnosis.broken}
    faults = list(judge_answers(reaches, subject.stack))
    if subject.stack is not None:
        faults += judge_published(subject.stack, frozenset((*subject.endpoints, *diagnosis.broken)))
    if not subject.endpoints and not faults:
        return skipped("no server is given")
    answering = sum(reach.state is not ReachState.AWAY for reach in subject.reaches.values())
    unexplained = [link for link in subject.reaches if link not in diagnosis.stopped]
    if not answering and not faults and len(unexplained) > 1 and subject.stack is not None:
        faults = [_nothing_runs(subject.reaches, subject.stack)]
    if not answering and not faults:
        return skipped("no server answers")
    count = len(subject.reaches)
    return judged(faults, f"{answering} of {count} answer, each at its own port")


def _nothing_runs(reaches: Mapping[ChainLink, Reach], stack: StackFiles) -> LinkFault:
    """One cause for all servers of a stack that are away together."""
    seen = ", ".join(f"{reach.url}: {NAMES[link][0]}" for link, reach in reaches.items())
    finding = LiveFinding(
        "no server of the stack answers", f"nothing at {seen}", "it was not started", stack.command("up -d")
    )
    return LinkFault(finding, stops=tuple(reaches), away=True)


def judge_published(stack: StackFiles, named: frozenset[ChainLink]) -> Iterator[LinkFault]:
    """Servers of a stack that cannot be reached from outside of its containers.

    Args:
        stack: the stack.
        named: the servers that have an address.
    """
    for link in SERVERS:
        service = stack.service(link)
        if service is None or link in named:
            continue
        port = stack.inside(link) or 8000
        if service.published(port):
            # It is published, but not to this machine alone: only an option may send requests there.
            continue
        finding = LiveFinding(
            f"`{service.name}` publishes no port",
            f"nothing of this machine leads to port {port} in its container",
            "`ports:` is missing",
            f'write `ports: ["127.0.0.1:{port}:{port}"]` into the service, or name its address',
        )
        yield LinkFault(finding, breaks=(link,))


def judge_answers(reaches: Mapping[ChainLink, Reach], stack: StackFiles | None) -> Iterator[LinkFault]:
    """Ports where another program answers."""
    for link, reach in reaches.items():
        if reach.state is not ReachState.OTHER:
            continue
        fix = "name the right address, or stop the other program"
        if stack is not None and stack.service(link):
            fix = f"stop the other program, or publish another port; {stack.command('ps')} lists them"
        what = f"another program answers at {reach.url}"
        finding = LiveFinding(
            what, reach.reason, f"the program that listens there is not {NAMES[link][0]}", fix
        )
        yield LinkFault(finding, breaks=(link,))
