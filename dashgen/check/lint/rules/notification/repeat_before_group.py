"""A policy repeats notifications more often than it looks at its groups.

Alertmanager looks at a group every `group_interval`, and repeats then if `repeat_interval` is over: a
shorter one is never kept.

Make `repeat_interval` at least as long, best a multiple of `group_interval`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.places import SpecPlace
from dashgen.model.duration import lenient_seconds
from dashgen.model.notification_spec import Policies, Route


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}}
            policies: {contact_point: ops, group_interval: 5m, repeat_interval: 1m}
        """,
    good="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}}
            policies: {contact_point: ops, group_interval: 5m, repeat_interval: 4h}
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each policy that repeats too early, with what it inherits."""
    for document in project.documents.get("Notifications", []):
        if document.model.policies is not None:
            place = SpecPlace(document.resolved, ("policies",))
            yield from _problems(document.model.policies, place, "5m", "4h")


def _problems(policy: Policies | Route, place: SpecPlace, group: str, repeat: str) -> Iterator[LintProblem]:
    own_group, own_repeat = policy.group_interval or group, policy.repeat_interval or repeat
    group_seconds, repeat_seconds = lenient_seconds(own_group), lenient_seconds(own_repeat)
    is_own = policy.group_interval or policy.repeat_interval
    if is_own and group_seconds and repeat_seconds and repeat_seconds < group_seconds:
        key = "repeat_interval" if policy.repeat_interval else "group_interval"
        message = (
            f"`repeat_interval` {own_repeat} is shorter than `group_interval` {own_group}: it is not kept"
        )
        hint = "make `repeat_interval` a multiple of `group_interval`"
        yield LintProblem(message, hint=hint, location=place.location((key,)))
    for number, route in enumerate(policy.routes):
        yield from _problems(route, place.below("routes", number), own_group, own_repeat)
