"""What an organisation demands of alerts and recorded series, and what meets it."""

import pytest

from dashgen.check.lint import LintProject, LintRuleSubject
from dashgen.model.lint_settings import Policy
from tests.lint.lint_dashboards import findings
from tests.lint.lint_queries import PLACE, alert_query


def rule(name: str = "Busy", kind: str = "alert", **more: object) -> LintRuleSubject:
    """A rule of the file ``.``."""
    subject = alert_query("x > 1", kind=kind).rule
    assert subject is not None
    subject.name = name
    for key, value in more.items():
        setattr(subject, key, value)
    return subject


LABELS = Policy(labels={"team": "[a-z]+"})
ANNOTATIONS = Policy(annotations={"runbook_url": "https://wiki/[a-z]+"})
OWNERS = Policy(owners={"**": "shop", ".": "bank"})


@pytest.mark.parametrize(
    ("name", "policy", "subject", "count"),
    [
        ("policy/alert-label", LABELS, rule(labels={"team": "shop"}), 0),
        ("policy/alert-label", LABELS, rule(labels={"team": "{{ $labels.team }}"}), 0),
        ("policy/alert-label", LABELS, rule(kind="record"), 0),
        ("policy/alert-label", Policy(labels={"team": "(unclosed"}), rule(labels={"team": "1"}), 0),
        ("policy/alert-label", LABELS, rule(), 1),
        ("policy/alert-label", LABELS, rule(labels={"team": "shop-2"}), 1),
        ("policy/alert-label", LABELS, rule(labels={"team": ""}), 1),
        ("policy/alert-annotation", ANNOTATIONS, rule(annotations={"runbook_url": "https://wiki/busy"}), 0),
        ("policy/alert-annotation", ANNOTATIONS, rule(annotations={"runbook_url": "https://wiki/{{ $labels.job }}"}), 0),
        ("policy/alert-annotation", ANNOTATIONS, rule(kind="record"), 0),
        ("policy/alert-annotation", ANNOTATIONS, rule(), 1),
        ("policy/alert-annotation", ANNOTATIONS, rule(annotations={"runbook_url": "https://wiki/Busy"}), 1),
        ("policy/alert-name", Policy(alert_names="[A-Z][a-z]+"), rule("Busy"), 0),
        ("policy/alert-name", Policy(alert_names="[A-Z][a-z]+"), rule("busy", "record"), 0),
        ("policy/alert-name", Policy(), rule("busy"), 0),
        ("policy/alert-name", Policy(alert_names="[A-Z][a-z]+"), rule("VeryBusy"), 1),
        ("alert/name-form", Policy(), rule("Busy"), 0),
        ("alert/name-form", Policy(alert_names="[a-z]+"), rule("busy"), 0),
        ("alert/name-form", Policy(), rule("very busy"), 1),
        ("policy/recording-name", Policy(recording_names="shop:.+"), rule("shop:x", "record"), 0),
        ("policy/recording-name", Policy(recording_names="shop:.+"), rule("Busy"), 0),
        ("policy/recording-name", Policy(recording_names="shop:.+"), rule("bank:x", "record"), 1),
        ("policy/owner", OWNERS, rule(labels={"team": "bank"}), 0),
        ("policy/owner", OWNERS, rule(kind="record"), 0),
        ("policy/owner", Policy(owners={"other/**": "shop"}), rule(), 0),
        ("policy/owner", OWNERS, rule(labels={"team": "shop"}), 1),
        ("policy/owner", OWNERS, rule(), 1),
    ],
)  # fmt: skip
def test_a_rule_is_found_when_the_policy_demands_another(
    name: str, policy: Policy, subject: LintRuleSubject, count: int
) -> None:
    assert len(findings(name, subject, LintProject(place=PLACE, policy=policy))) == count
