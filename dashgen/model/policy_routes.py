"""The ways of an alert through the policy tree, as Grafana's Alertmanager walks it.

Sources: `Route.Match` and `NewRoute` of Alertmanager's dispatch/route.go, which grafana/alerting of Grafana
12.4 shares: of the policies on one level the first that matches is taken, and the next ones too after
`continue`; a policy itself is taken when none below it matches. Contact point, grouping and timing come from
the policy above where they are absent, mute and active timings do not.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from dashgen.model.base import as_list
from dashgen.model.label_matchers import LabelMatcher, matchers
from dashgen.model.notification_spec import Policies, Route, Timing
from dashgen.source.source import Path

ROOT: Final[Path] = ("policies",)


class MatchedPolicy(NamedTuple):
    """A policy on the way of an alert: its path in the `Notifications` document, and its matchers."""

    path: Path
    matchers: tuple[LabelMatcher, ...] = ()


class PolicyRoute(Struct, frozen=True):
    """One way of an alert to a contact point; the defaults are those of `DefaultRouteOpts` in Alertmanager.

    Attributes:
        contact_point: who is notified.
        policies: the policies from the top of the tree to the one that is taken; empty for a rule that
            notifies its contact point past the policies.
        group_by: the labels of a group; ``...`` for one notification for each alert.
        group_wait: the time that a new group waits for more alerts.
        group_interval: the time between notifications of a group that changed.
        repeat_interval: the time after which a group that did not change is notified of again.
        mute: the mute timings at which it is silent.
        active: the timings outside of which it is silent.
        conditions: the matchers that hold only for some values of labels that are not known.
        is_certain: whether every alert with these labels takes it.
    """

    contact_point: str
    policies: tuple[MatchedPolicy, ...] = ()
    group_by: tuple[str, ...] = ()
    group_wait: str = "30s"
    group_interval: str = "5m"
    repeat_interval: str = "4h"
    mute: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    conditions: tuple[LabelMatcher, ...] = ()
    is_certain: bool = True


class AlertLabels(NamedTuple):
    """The labels of an alert.

    ``values`` are those that are known; ``open`` those that may have any value or be missing, None for
    all that are not among ``values``. All others are missing.
    """

    values: Mapping[str, str]
    open: Collection[str] | None = ()

    def may_vary(self, label: str) -> bool:
        """Whether the value of a label is not known."""
        return label not in self.values and (self.open is None or label in self.open)

    def value(self, label: str) -> str:
        """The value of a label; a missing one is empty."""
        return self.values.get(label, "")

    def assuming(self, values: Mapping[str, str]) -> "AlertLabels":
        """These labels with values for others that are not known, or missing."""
        merged = {**values, **self.values}
        open_labels = self.open if self.open is None else frozenset(self.open) - merged.keys()
        return AlertLabels(merged, open_labels)


def policy_routes(tree: Policies, labels: AlertLabels) -> list[PolicyRoute]:
    """The ways that an alert takes, or may take where some of its labels are not known.

    Args:
        tree: the policy tree.
        labels: the alert's labels.
    """
    root = with_timing(PolicyRoute(tree.contact_point, (MatchedPolicy(ROOT),)), tree)
    return list(_below(tree.routes, root, labels))


def with_timing(route: PolicyRoute, timing: Timing) -> PolicyRoute:
    """A way with the grouping and timing of a policy, as far as it has its own."""
    group_by = tuple(timing.group_by or route.group_by)
    return replace(
        route,
        # `...` makes a group of each alert, whatever stands beside it.
        group_by=("...",) if "..." in group_by else group_by,
        group_wait=timing.group_wait or route.group_wait,
        group_interval=timing.group_interval or route.group_interval,
        repeat_interval=timing.repeat_interval or route.repeat_interval,
    )


def _below(policies: Sequence[Route], above: PolicyRoute, labels: AlertLabels) -> Iterator[PolicyRoute]:
    """The ways through the policies below the end of another; that end itself when none of them matches."""
    is_taken, is_certain = False, above.is_certain
    for number, policy in enumerate(policies):
        conditions = open_conditions(matchers(policy.match), labels)
        if conditions is None:
            continue
        route = replace(
            _inherited(policy, number, above),
            conditions=(*above.conditions, *conditions),
            is_certain=is_certain and not conditions,
        )
        yield from _below(
            policy.routes,
            route,
            labels.assuming({one.label: one.value for one in conditions if one.operator == "="}),
        )
        if conditions:
            # An alert that it takes sees the policies after it only by `continue`, and never the one above.
            is_certain = is_certain and policy.continue_
            above = replace(above, is_certain=False)
        else:
            is_taken = True
            if not policy.continue_:
                return
    if not is_taken:
        yield replace(above, is_certain=above.is_certain and is_certain)


def _inherited(policy: Route, number: int, above: PolicyRoute) -> PolicyRoute:
    path = (*above.policies[-1].path, "routes", number)
    matched = MatchedPolicy(path, tuple(matchers(policy.match)))
    route = replace(
        above,
        contact_point=policy.contact_point or above.contact_point,
        policies=(*above.policies, matched),
        mute=tuple(as_list(policy.mute)),
        active=tuple(as_list(policy.active)),
    )
    return with_timing(route, policy)


def open_conditions(
    all_matchers: Sequence[LabelMatcher], labels: AlertLabels
) -> tuple[LabelMatcher, ...] | None:
    """The matchers whose labels are not known, when all others hold; None when one does not hold."""
    conditions = []
    for matcher in all_matchers:
        holds = None if labels.may_vary(matcher.label) else matcher.holds(labels.value(matcher.label))
        if holds is False:
            return None
        if holds is None and not matcher.holds_always:
            conditions.append(matcher)
    return tuple(conditions)
