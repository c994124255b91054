"""An example use of a shipped component, with made-up data, from which its page and its tests come."""

from typing import TypeAlias

from msgspec import field

from dashgen.core.json_values import Json
from dashgen.model.alert_rules import LogLines
from dashgen.model.base import Duration, Spec
from dashgen.model.metrics_spec import Convention


class Bump(Spec, kw_only=True):
    """A time in which a curve is higher or lower."""

    at: Duration
    for_: Duration = field(name="for")
    add: float


class Curve(Spec, kw_only=True):
    """A curve of values: a level with waves of a day and a week, growth, noise and bumps."""

    level: float = 0
    growth: float = 0
    """What is added a day."""
    daily: float = 0
    """The height of the wave of a day, which is lowest at 04:00 UTC."""
    weekly: float = 0
    """The height of the wave of a week, which is lowest on Sunday."""
    noise: float = 0
    """The standard deviation of what chance adds."""
    counter: bool = False
    """The curve is what a counter gains a second."""
    bumps: list[Bump] = []


SampleSeries: TypeAlias = str | Curve
"""The values of a series in promtool's notation, or as a curve."""


class SampleSpec(Spec, kw_only=True):
    """Made-up data up to now."""

    duration: Duration = "6h"
    interval: Duration = "1m"
    series: dict[str, SampleSeries] = {}
    lines: list[LogLines] = []


class LibraryExample(Spec, kw_only=True):
    """An example use: its title, its arguments, the metrics that it reads, and what these are."""

    title: str
    with_: Json = field(default_factory=dict, name="with")
    metrics: Json = {}
    convention: Convention | None = None
    """The version of the conventions for language models that the contract follows."""
    sample: SampleSpec = field(default_factory=SampleSpec)
    variables: dict[str, str] = {}
