"""Numbers and times in words, for people who do not read specs."""

from collections.abc import Iterable
from typing import Final

from dashgen.core.sentence_parts import counted
from dashgen.drawing.values.value_formats import format_value
from dashgen.model.duration import milliseconds
from dashgen.model.settled_dashboard import Step, Thresholds

_UNITS: Final = (
    ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000), ("millisecond", 1),
)  # fmt: skip


def duration_words(text: str) -> str:
    """A duration in words: ``1h30m`` is ``1 hour 30 minutes``; what is none stands as it is."""
    rest = milliseconds(text)
    if rest is None:
        return text
    parts = []
    for noun, size in _UNITS:
        number, rest = divmod(rest, size)
        if number:
            parts.append(counted(number, noun))
    return " ".join(parts) or "0 seconds"


def every(text: str) -> str:
    """An interval in words: ``1m`` is ``every minute``."""
    duration = duration_words(text)
    return f"every {duration.removeprefix('1 ') if duration.count(' ') == 1 else duration}"


def threshold_words(thresholds: Thresholds, unit: str | None) -> str:
    """Thresholds as a sentence: ``green below 5 s, yellow from 5 s, red from 10 s``."""
    base, *steps = thresholds.steps
    if not steps:
        return f"always {base.color}"
    values = [_value(step, unit, is_share=thresholds.percentage) for step in steps]
    first = f"{base.color} below {values[0]}"
    rest = [f"{step.color} from {value}" for step, value in zip(steps, values, strict=True)]
    return ", ".join([first, *rest])


def _value(step: Step, unit: str | None, *, is_share: bool) -> str:
    if step.expression:
        return step.expression
    if is_share:
        return f"{step.value:g} % of the range"
    return format_value(step.value, unit or "short").strip()


def joined(texts: Iterable[str], separator: str = " · ") -> str:
    """The texts that are not empty."""
    return separator.join(text for text in texts if text)
