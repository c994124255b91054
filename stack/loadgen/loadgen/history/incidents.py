"""What was out of the ordinary in a made-up past, and what was new."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something out of the ordinary; `days_ago` is when it begins."""

    days_ago: float
    hours: float
    traffic: float = 1.0
    signups: float = 1.0
    failure_rate: float = 0.015
    slowness: float = 1.0
    cost_factor: float = 1.0
    retry_rate: float = 0.01


USUAL = Incident(days_ago=0, hours=0)
INCIDENTS = (
    Incident(days_ago=20.4, hours=5, traffic=3.5, signups=9),  # a launch
    Incident(days_ago=12.3, hours=0.7, failure_rate=0.9, retry_rate=0.5),  # the provider was down
    Incident(days_ago=6.4, hours=1.2, slowness=5),
    Incident(days_ago=3.35, hours=4, cost_factor=4),  # prompts grew, and were shortened again
    Incident(days_ago=0.3, hours=0.4, failure_rate=0.25, retry_rate=0.2),
)
DEPLOY_DAYS_AGO = 9.2
NEW_TOOL = "visa_eligibility"
"""Came with the deploy; nobody could use it before."""
EXPERIMENT_DAYS_AGO = {"answer_length": 28.0, "greeting": 14.0}
"""When each experiment began."""
SUBSCRIBES_MORE = {"detailed": 0.4, "brief": 1.6}
"""The effect of `answer_length`; `greeting` has none."""


def incident_at(days_ago: float) -> Incident:
    """What happens at a moment."""
    for incident in INCIDENTS:
        if incident.days_ago - incident.hours / 24 <= days_ago < incident.days_ago:
            return incident
    return USUAL
