"""The tree of notification policies."""

import re

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries
from dashgen.check.provisioning.provisioned_values import NO_START, check_duration
from dashgen.check.provisioning_references import check_dollars, is_reference
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import each
from dashgen.model.duration import milliseconds
from dashgen.query.query_texts import regex_problem

ROUTE: Fields = {
    **each(ValueKind.TEXT, "receiver group_wait group_interval repeat_interval"),
    **each(ValueKind.TEXTS, "group_by mute_time_intervals active_time_intervals"),
    "match": ValueKind.TEXT_MAPPING,
    "match_re": ValueKind.TEXT_MAPPING,
    **each(ValueKind.LIST, "matchers object_matchers routes"),
    "continue": ValueKind.BOOLEAN,
}
_ROOT: Fields = {"orgId": ValueKind.NUMBER, **ROUTE}
_MATCHING = ("match", "match_re", "matchers", "object_matchers")
_OPERATORS = ("=", "!=", "=~", "!~")
_MATCHER = lazy_pattern(r'\s*"?[^"=~!{},]+"?\s*(=~|!~|!=|=)\s*(.*)\Z', re.DOTALL)


def check_policies(report: Report) -> None:
    """Check the policy trees of one file."""
    for path, root in check_entries(report, ("policies",), _ROOT, "the root of a policy tree", "policy"):
        if not text_of(root.get("receiver")):
            message = f"{NO_START}: root route must specify a default receiver"
            report.error("policy/receiver", path, message, "add `receiver:` with the name of a contact point")
        for key, what in (
            *((key, "matchers") for key in _MATCHING),
            ("mute_time_intervals", "mute time intervals"),
            ("active_time_intervals", "active time intervals"),
        ):
            if root.get(key):
                message = f"{NO_START}: root route must not have any {what}"
                report.error(
                    "policy/root", (*path, key), message, "move it to a route below `routes:`", key=True
                )
        check_dollars(report, path, root, "a policy")
        _check_route(report, path, root)


def _check_route(report: Report, path: Path, route: Json) -> None:
    _check_grouping(report, path, route)
    for key in ("group_wait", "group_interval", "repeat_interval"):
        text = text_of(route.get(key))
        if key not in route or not check_duration(report, (*path, key), text, key) or is_reference(text):
            continue
        if key != "group_wait" and milliseconds(text) == 0:
            report.error(
                "policy/interval", (*path, key), f"{NO_START}: {key} cannot be zero", "write a longer one"
            )
    _check_matchers(report, path, route)
    children = list(check_entries(report, (*path, "routes"), ROUTE, "a policy", "policy"))
    for where, child in children:
        if (
            child
            and where != children[-1][0]
            and not child.get("continue")
            and not any(child.get(k) for k in _MATCHING)
        ):
            message = "this policy has no matchers, so it takes every alert and those after it get none"
            report.warning("policy/catch-all", where, message, "add `object_matchers`, or move it to the end")
        _check_route(report, where, child)


def _check_grouping(report: Report, path: Path, route: Json) -> None:
    labels = [text_of(label) for label in route.get("group_by") or []]
    if "..." in labels and len(labels) > 1:
        message = f"{NO_START}: cannot have wildcard group_by (`...`) and other labels at the same time"
        report.error("policy/group-by", (*path, "group_by"), message, "write `['...']` alone, or only labels")
    for index, label in enumerate(labels):
        if label in labels[:index]:
            message = f'{NO_START}: duplicated label "{label}" in group_by'
            report.error("policy/group-by", (*path, "group_by", index), message, "remove it")


def _check_matchers(report: Report, path: Path, route: Json) -> None:
    for index, matcher in enumerate(route.get("object_matchers") or []):
        _check_object_matcher(report, (*path, "object_matchers", index), matcher)
    for index, matcher in enumerate(route.get("matchers") or []):
        where: Path = (*path, "matchers", index)
        match = _MATCHER.match(matcher) if isinstance(matcher, str) else None
        if match is None:
            report.error(
                "policy/matcher", where, 'a matcher is a text such as `team="web"`', "write it like that"
            )
        elif match[1] in ("=~", "!~"):
            check_regex(report, where, match[2].strip().strip('"'), "policy/matcher")
    for name, pattern in mapping(route.get("match_re")).items():
        check_regex(report, (*path, "match_re", name), text_of(pattern), "policy/matcher")


def _check_object_matcher(report: Report, path: Path, matcher: object) -> None:
    if not (
        isinstance(matcher, list)
        and len(matcher) == 3
        and all(not isinstance(x, (list, dict)) for x in matcher)
    ):
        message = f"{NO_START}: a matcher is a list of a label, an operator and a value"
        report.error("policy/matcher", path, message, 'write `[team, "=", web]`')
        return
    label, operator, value = (text_of(part) for part in matcher)
    if operator not in _OPERATORS:
        message = f"{NO_START}: `{operator}` is not an operator of a matcher"
        report.error("policy/matcher", (*path, 1), message, "use one of: `=`, `!=`, `=~`, `!~`")
    if not label:
        report.error("policy/matcher", (*path, 0), "the matcher names no label", "write a label's name")
    if operator in ("=~", "!~"):
        check_regex(report, (*path, 2), value, "policy/matcher")


def check_regex(report: Report, path: Path, pattern: str, rule: str) -> None:
    """Report a regular expression that does not compile."""
    problem = "" if is_reference(pattern) else regex_problem(pattern)
    if problem:
        message = f"`{pattern}` is not a regular expression: {problem}"
        report.error(rule, path, message, "correct it")


def receivers(route: object, path: Path) -> list[tuple[Path, str]]:
    """The contact points that a route and those below it name, with the paths of the names."""
    return _named(route, path, ("receiver",))


def intervals(route: object, path: Path) -> list[tuple[Path, str]]:
    """The mute timings that a route and those below it name, with the paths of the names."""
    return _named(route, path, ("mute_time_intervals", "active_time_intervals"))


def _named(route: object, path: Path, keys: tuple[str, ...]) -> list[tuple[Path, str]]:
    names: list[tuple[Path, str]] = []
    todo = [(mapping(route), path)]
    while todo:
        here, where = todo.pop()
        for key in keys:
            value = here.get(key)
            if isinstance(value, list):
                names += [((*where, key, i), text_of(item)) for i, item in enumerate(value)]
            elif value is not None:
                names.append(((*where, key), text_of(value)))
        todo += [(child, (*where, "routes", index)) for index, child in entries(here.get("routes"))]
    return [(where, name) for where, name in names if name]
