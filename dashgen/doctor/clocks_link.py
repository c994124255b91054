"""The clocks of servers, from the date in their answers."""

from collections.abc import Mapping
from typing import Final

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import NAMES

MOST_SECONDS: Final = 10.0
_FIX: Final = "set the clock, and keep it set (`timedatectl set-ntp true`)"


def check(subject: Subject, _known: Diagnosis) -> LinkOutcome:
    """Whether servers and this machine agree on the time."""
    skews = {link: reach.skew for link, reach in subject.reaches.items() if reach.skew is not None}
    if not skews:
        return skipped("no server sent its time")
    return judged(judge(skews), f"within {MOST_SECONDS:g} s of this machine's: {len(skews)} of {len(skews)}")


def judge(skews: Mapping[ChainLink, float]) -> list[LinkFault]:
    """Which clocks are wrong.

    Args:
        skews: how many seconds the clock of each server is ahead of this machine's.
    """
    wrong = {link: skew for link, skew in skews.items() if abs(skew) > MOST_SECONDS}
    spread = max(skews.values()) - min(skews.values())
    # When all servers agree with each other and not with this machine, it is this machine's clock that is
    # wrong.
    if len(wrong) == len(skews) > 1 and spread <= MOST_SECONDS:
        middle = sum(skews.values()) / len(skews)
        evidence = f"all {len(skews)} servers are {_apart(middle)} it, and agree with each other"
        finding = LiveFinding("the clock of this machine is wrong", evidence, "nothing sets it", _FIX)
        return [LinkFault(finding)]
    return [_fault(link, skew) for link, skew in wrong.items()]


def _fault(link: ChainLink, skew: float) -> LinkFault:
    name = NAMES[link][0]
    others = "its samples, lines or traces are filed at the wrong moment, so panels show none or old ones"
    evidence = f"it is {_apart(skew)} this machine; {others}"
    cause = "nothing sets it on its machine"
    return LinkFault(LiveFinding(f"the clock of {name} is wrong", evidence, cause, _FIX))


def _apart(skew: float) -> str:
    units = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    seconds, unit = next(pair for pair in units if abs(skew) >= 2 * pair[0] or pair[0] == 1)
    return f"{abs(skew) / seconds:.0f} {unit} {'ahead of' if skew > 0 else 'behind'}"
