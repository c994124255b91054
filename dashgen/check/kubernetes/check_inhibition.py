"""The matchers of Grafana's inhibition rules, beyond what their schema says."""

from dashgen.check.check_report import Report, text_of
from dashgen.check.provisioning.provisioned_policies import check_regex
from dashgen.core.json_values import Json, items, mapping


def check_inhibition_rule(report: Report, spec: Json) -> None:
    """Report regular expressions that do not compile."""
    for side in ("source_matchers", "target_matchers"):
        for index, entry in enumerate(items(spec.get(side))):
            matcher = mapping(entry)
            if matcher.get("type") in ("=~", "!~"):
                path = ("spec", side, index, "value")
                check_regex(report, path, text_of(matcher.get("value")), "kubernetes/unknown-value")
