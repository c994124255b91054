"""The steps of a field's thresholds. Source: field/thresholds.ts of @grafana/data 12.4.3."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.frames import number_or_none

FALLBACK_COLOR: Final = "#808080"


class ThresholdStep(NamedTuple):
    """From which value on a colour stands."""

    value: float
    color: str


class FieldThresholds(NamedTuple):
    """The steps in the order of their values; percentages are of the field's bounds."""

    steps: tuple[ThresholdStep, ...]
    is_percentage: bool = False

    def step_at(self, value: float, share: float) -> ThresholdStep:
        """The step of a value that is a share of the way from the lower bound to the upper one."""
        return active_step(self.steps, share * 100 if self.is_percentage else value)

    def placed(self, bounds: tuple[float, float]) -> tuple[ThresholdStep, ...]:
        """The steps with values of the field, also where they are percentages."""
        if not self.is_percentage:
            return self.steps
        low, high = bounds
        return tuple(
            ThresholdStep(
                low + (high - low) * step.value / 100 if math.isfinite(step.value) else step.value, step.color
            )
            for step in self.steps
        )


def active_step(steps: Sequence[ThresholdStep], value: float) -> ThresholdStep:
    """The last step that a value reaches; grey when there are no steps."""
    if not steps:
        return ThresholdStep(0, FALLBACK_COLOR)
    active = steps[0]
    for step in steps:
        if not value >= step.value:
            break
        active = step
    return active


def thresholds_of(config: Json) -> FieldThresholds:
    """The thresholds of a field config."""
    written = mapping(config.get("thresholds"))
    steps = []
    for index, step in enumerate(mappings(written.get("steps"))):
        value = number_or_none(step.get("value"))
        lowest = -math.inf if index == 0 else 0.0
        steps.append(
            ThresholdStep(lowest if value is None else value, text(step.get("color")) or FALLBACK_COLOR)
        )
    return FieldThresholds(tuple(steps), written.get("mode") == "percentage")
