"""A mute timing mutes nothing.

Somebody believes that nights are quiet, and they are not. Or it is a left-over that the next reader has to
understand.

Name it in a policy or an alert, or remove it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.places import SpecPlace
from dashgen.model.base import as_list
from dashgen.model.notification_spec import Policies, Route, mute_timings


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}}
            policies: {contact_point: ops}
            mute_timings: {weekends: {weekdays: 'saturday..sunday'}}
        """,
    good="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}}
            policies:
              contact_point: ops
              routes: [{match: {severity: info}, mute: [weekends]}]
            mute_timings: {weekends: {weekdays: 'saturday..sunday'}}
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each mute timing that no policy and no alert names."""
    documents = project.documents.get("Notifications", [])
    used = {
        name for document in documents if document.model.policies for name in _used(document.model.policies)
    }
    used.update(name for rule in project.rules for name in rule.mute_timings)
    for named, _ in mute_timings(documents):
        if named.name not in used:
            location = SpecPlace(named.document.resolved, named.path).location(is_key=True)
            message = f"nothing is muted by `{named.name}`"
            yield LintProblem(message, hint="name it in a policy, or remove it", location=location)


def _used(policy: Policies | Route) -> Iterator[str]:
    if isinstance(policy, Route):
        yield from (*as_list(policy.mute), *as_list(policy.active))
    for route in policy.routes:
        yield from _used(route)
