"""The rule groups of a pull: which were edited, and what became of each."""

from typing import Final

from dashgen.formats import resources as kinds
from dashgen.sync.pull.pull import Pull, Pulled, PullState
from dashgen.sync.pull.pull_rules import take_group
from dashgen.sync.pull.pull_sides import is_last
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.rule_building import RuleGroups
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep, StepAction
from dashgen.sync.push.step_texts import change_sentences

_BOTH: Final = (
    "both the specs and Grafana changed since the last push, or what was pushed last is not known; "
    "`--theirs` takes everything that is there"
)


def add_rules(pull: Pull, project: PulledProject, push: Push, *, theirs: bool) -> None:
    """Take over what was edited of rule groups in a Grafana, after the dashboards.

    Args:
        pull: what is pulled; it gets the groups, and the texts with what was taken over.
        project: the project; no spec is wrong.
        push: what a push would do.
        theirs: whether to take over everything that is there, also where the specs changed.
    """
    steps = [step for step in push.steps if step.item.kind == kinds.RULE_GROUP]
    pull.dashboards += [pulled for step in steps if (pulled := _untouched(step, push, theirs=theirs))]
    reported_keys = {one.item.key for one in pull.dashboards}
    edited = [
        step
        for step in steps
        if step.act is StepAction.CONFLICT and step.wanted and step.key not in reported_keys
    ]
    if not edited:
        return
    building = project.built(pull.after)
    before = dict(pull.after)
    for step in edited:
        groups = RuleGroups(project, pull.after, project.built(pull.after))
        pull.dashboards.append(_pulled(step, pull, groups, push))
    if pull.after != before and not pull.problems:
        known_problems = {(one.rule, one.message) for one in project.check(building)}
        now = project.check(project.built(pull.after))
        pull.problems = [one for one in now if (one.rule, one.message) not in known_problems]


def _untouched(step: PushStep, push: Push, *, theirs: bool) -> Pulled | None:
    """A group of which nothing can be taken over, and why."""
    if step.act is StepAction.CREATE and step.reason:
        return Pulled(step.item, PullState.GONE, reason="the specs still build it")
    if step.act is StepAction.REFUSED and step.live is not None:
        return Pulled(step.live.item, PullState.REFUSED, reason=step.reason)
    if step.act is not StepAction.CONFLICT or step.live is None or step.wanted is None:
        return None
    if theirs or is_last(step.wanted, step, push.sides):
        return None
    sentences = list(change_sentences(differences(step.wanted, step.live.item, push.sides.titles)))
    return Pulled(step.live.item, PullState.CONFLICT, left=sentences, reason=_BOTH)


def _pulled(step: PushStep, pull: Pull, groups: RuleGroups, push: Push) -> Pulled:
    built_item, live = step.wanted, step.live
    if built_item is None or live is None:
        return Pulled(step.item, PullState.GONE)
    result = take_group(groups, pull.after, built_item, live.item, push.sides.titles)
    pull.after = result.texts
    if result.whole:
        return Pulled(
            live.item, PullState.TAKEN, result.taken, live=live, before=built_item, notes=result.notes
        )
    return Pulled(live.item, PullState.LEFT, result.taken, result.left, notes=result.notes)
