"""The experiments that run: which variants there are, who sees which, and what counts as success."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Goal(StrEnum):
    """What a user does when a variant has worked."""

    SUBSCRIBE = "subscribe"  # change to a higher tier
    RETURN = "return"  # ask again on a later day (UTC)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment; the first variant is the usual bot, and each gets the same share of users."""

    name: str
    variants: tuple[str, ...]
    goal: Goal

    def variant(self, handle: str) -> str:
        """The variant of a user: always the same, and independent of other experiments."""
        digest = hashlib.sha256(f"{self.name}/{handle}".encode()).digest()
        return self.variants[int.from_bytes(digest[:8]) % len(self.variants)]


ANSWER_LENGTH = Experiment(name="answer_length", variants=("detailed", "brief"), goal=Goal.SUBSCRIBE)
GREETING = Experiment(name="greeting", variants=("plain", "warm"), goal=Goal.RETURN)
EXPERIMENTS = (ANSWER_LENGTH, GREETING)


@dataclass(frozen=True, kw_only=True)
class Style:
    """How an answer is put; what the experiments change."""

    brief: bool = False
    greets: bool = False


def style_for(handle: str, seen: frozenset[str]) -> Style:
    """The style of a user's next answer.

    Args:
        handle: the user's.
        seen: experiments whose variant the user has seen before; a greeting is said once.
    """
    return Style(
        brief=ANSWER_LENGTH.variant(handle) == "brief",
        greets=GREETING.variant(handle) == "warm" and GREETING.name not in seen,
    )
