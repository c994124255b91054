"""The clocks of servers, from the date in their answers."""

from collections.abc import Mapping
from typing import Final

from dashgen.doctor.answering import NAMES
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject

MOST_SECONDS: Final = 10.0
_FIX: Final = "set the clock, and keep it set (`timedatectl set-ntp true`)"


def check(subject: Subject, _known: Diagnosis) -> LinkOutcome:
    """Whether servers and this machine agree on the time."""
    skews = {link: reach.skew for link, reach in subject.reaches.items() if reach.skew is not None}
    if not skews:
        return skipped("no server told its time")
    return judged(judge(skews), f"within {MOST_SECONDS:g} s of this machine's: {len(skews)} of {len(skews)}")


def judge(skews: Mapping[ChainLink, float]) -> list[LinkFault]:
    """Which clocks are wrong; when all servers agree with each other and not with us, ours is.

    Args:
        skews: how many seconds the clock of each server is ahead of this machine's.
    """
    wrong = {link: skew for link, skew in skews.items() if abs(skew) > MOST_SECONDS}
    spread = max(skews.values()) - min(skews.values())
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
    return LinkFault(
        LiveFinding(f"the clock of {name} is wrong", evidence, "nothing sets it on its machine", _FIX)
    )


def _apart(skew: float) -> str:
    many, unit = next(
        (m, u) for m, u in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")) if abs(skew) >= 2 * m or m == 1
    )
    return f"{abs(skew) / many:.0f} {unit} {'ahead of' if skew > 0 else 'behind'}"
