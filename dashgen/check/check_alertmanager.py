"""Alertmanager's configuration file: what keeps it from starting.

Sources: `Config.UnmarshalYAML`, `Route.UnmarshalYAML`, `checkReceiver` and `checkTimeInterval` of
config/config.go, config/notifiers.go, config/common/inhibitrule.go and pkg/labels/parse.go of
prometheus/alertmanager (to commit 00b2b058). It reads its file strictly: an unknown field is an error.
"""

from collections.abc import Collection
from typing import Final

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import described
from dashgen.check.provisioning.mute_times import check_interval
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, items, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import names
from dashgen.model.alertmanager_types import SECTION_FIELDS
from dashgen.model.duration import duration_problem, milliseconds
from dashgen.query.query_texts import regex_problem

_STOPS: Final = "Alertmanager does not start"
_TOP: Final = names(
    "global route inhibit_rules receivers templates mute_time_intervals time_intervals tracing event_recorder"
)
_ROUTE: Final = names(
    "receiver group_by match match_re matchers mute_time_intervals active_time_intervals continue routes "
    "group_wait",
    "group_interval repeat_interval labels",
)
_ROOT_LACKS: Final = (
    "match",
    "match_re",
    "matchers",
    "mute_time_intervals",
    "active_time_intervals",
    "continue",
)
_INHIBITION: Final = names(
    "name source_match source_match_re source_matchers sources target_match target_match_re target_matchers "
    "equal"
)
_NEEDED: Final = {
    "discord_configs": (("webhook_url", "webhook_url_file"),),
    "email_configs": (("to",),),
    "jira_configs": (("project",), ("issue_type",)),
    "msteams_configs": (("webhook_url", "webhook_url_file"),),
    "msteamsv2_configs": (("webhook_url", "webhook_url_file"),),
    "pagerduty_configs": (("routing_key", "routing_key_file", "service_key", "service_key_file"),),
    "pushover_configs": (("user_key", "user_key_file"), ("token", "token_file")),
    "sns_configs": (("topic_arn", "phone_number", "target_arn"),),
    "telegram_configs": (("chat_id", "chat_id_file"),),
    "victorops_configs": (("routing_key",),),
    "webex_configs": (("room_id",), ("http_config",)),
    "webhook_configs": (("url", "url_file"),),
}
"""What a receiver needs: of each group one."""
_MATCHER: Final = lazy_pattern(r'\s*("(?:[^"\\]|\\.)*"|[^\s{}!=~,\\"\'`]+)\s*(=~|!~|!=|=)\s*(.*?)\s*')


def is_alertmanager_config(data: object) -> bool:
    """Whether data is a configuration of Alertmanager."""
    config = mapping(data)
    return isinstance(config.get("route"), dict) and isinstance(config.get("receivers"), list)


def check_alertmanager(report: Report) -> None:
    """Check a configuration file."""
    data = mapping(report.data)
    _strict(report, (), data, _TOP, "the configuration")
    points = _check_receivers(report, data)
    intervals = _check_intervals(report, data)
    route = mapping(data.get("route"))
    if not text_of(route.get("receiver")):
        report.error(
            "alertmanager-file/route",
            ("route",),
            f"{_STOPS}: the root route has no receiver",
            "add `receiver:`",
        )
    for key in _ROOT_LACKS:
        if route.get(key):
            message = f"{_STOPS}: the root route must not have `{key}`"
            report.error(
                "alertmanager-file/route",
                ("route", key),
                message,
                "move it to a route below `routes:`",
                key=True,
            )
    _check_route(report, ("route",), route, points, intervals)
    for index, rule in entries(data.get("inhibit_rules")):
        _check_inhibition(report, ("inhibit_rules", index), rule)


def _strict(report: Report, path: Path, value: Json, keys: Collection[str], what: str) -> None:
    for key in value:
        if key not in keys:
            message = f"{_STOPS}: {what} has no field `{key}`"
            report.error(
                "alertmanager-file/unknown-key", (*path, key), message, nearest(str(key), keys), key=True
            )


def _check_receivers(report: Report, data: Json) -> set[str]:
    seen: set[str] = set()
    has_mail = bool(mapping(data.get("global")).get("smtp_smarthost"))
    for index, receiver in entries(data.get("receivers")):
        path: Path = ("receivers", index)
        name = text_of(receiver.get("name"))
        if not name:
            report.error("alertmanager-file/name", path, f"{_STOPS}: a receiver has no name", "add `name:`")
        elif name in seen:
            message = f"{_STOPS}: two receivers are called `{name}`"
            report.error("alertmanager-file/name", (*path, "name"), message, "rename one of them")
        seen.add(name)
        _strict(report, path, receiver, ("name", *SECTION_FIELDS), "a receiver")
        for section, fields in SECTION_FIELDS.items():
            for number, config in entries(receiver.get(section)):
                where = (*path, section, number)
                _strict(report, where, config, fields, f"an entry of `{section}`")
                _check_needed(report, where, config, section, has_mail=has_mail)
    return seen


def _check_needed(report: Report, path: Path, config: Json, section: str, *, has_mail: bool) -> None:
    needed = _NEEDED.get(section, ())
    if section == "email_configs" and not has_mail:
        needed = (*needed, ("smarthost",))
    for group in needed:
        present = [field for field in group if config.get(field) not in (None, "")]
        if not present:
            message = f"{_STOPS}: an entry of `{section}` needs `{'` or `'.join(group)}`"
            report.error("alertmanager-file/missing", path, message, f"add `{group[0]}:`")
    for field in config:
        if f"{field}_file" in config:
            message = f"{_STOPS}: at most one of `{field}` and `{field}_file` may be there"
            report.error("alertmanager-file/missing", (*path, field), message, "remove one of them", key=True)


def _check_intervals(report: Report, data: Json) -> set[str]:
    seen: set[str] = set()
    for section in ("time_intervals", "mute_time_intervals"):
        for index, timing in entries(data.get(section)):
            path: Path = (section, index)
            name = text_of(timing.get("name"))
            if not name or name in seen:
                what = f"two time intervals are called `{name}`" if name else "a time interval has no name"
                report.error("alertmanager-file/name", path, f"{_STOPS}: {what}", "give it a name of its own")
            seen.add(name)
            for number, interval in entries(timing.get("time_intervals")):
                check_interval(report, (*path, "time_intervals", number), interval, _STOPS)
    return seen


def _check_route(report: Report, path: Path, route: Json, points: set[str], intervals: set[str]) -> None:
    _strict(report, path, route, _ROUTE, "a route")
    receiver = text_of(route.get("receiver"))
    if receiver and receiver not in points:
        message = f"{_STOPS}: there is no receiver `{receiver}`"
        report.error("alertmanager-file/unknown", (*path, "receiver"), message, nearest(receiver, points))
    for key in ("mute_time_intervals", "active_time_intervals"):
        for number, name in enumerate(items(route.get(key))):
            if text_of(name) not in intervals:
                message = f"{_STOPS}: there is no time interval `{text_of(name)}`"
                report.error(
                    "alertmanager-file/unknown",
                    (*path, key, number),
                    message,
                    nearest(text_of(name), intervals),
                )
    labels = [text_of(label) for label in items(route.get("group_by"))]
    if len(set(labels)) != len(labels) or ("..." in labels and len(labels) > 1):
        message = f"{_STOPS}: `group_by` has a label twice, or `...` beside others"
        report.error(
            "alertmanager-file/route", (*path, "group_by"), message, "write each label once, or `['...']`"
        )
    for key in ("group_wait", "group_interval", "repeat_interval"):
        _check_time(report, (*path, key), route.get(key), key)
    _check_sides(report, path, route, ("match", "match_re", "matchers"))
    for index, child in entries(route.get("routes")):
        _check_route(report, (*path, "routes", index), child, points, intervals)


def _check_time(report: Report, path: Path, value: object, key: str) -> None:
    if value is None:
        return
    problem = duration_problem(text_of(value))
    if problem:
        message = f"{_STOPS}: `{key}` is not a duration: {problem}"
        report.error("alertmanager-file/route", path, message, "write a number and a unit, such as `5m`")
    elif key != "group_wait" and milliseconds(text_of(value)) == 0:
        report.error(
            "alertmanager-file/route", path, f"{_STOPS}: `{key}` cannot be zero", "write a longer one"
        )


def _check_inhibition(report: Report, path: Path, rule: Json) -> None:
    _strict(report, path, rule, _INHIBITION, "an inhibition rule")
    for side in ("source", "target"):
        keys = (f"{side}_match", f"{side}_match_re", f"{side}_matchers")
        _check_sides(report, path, rule, keys)
        if not any(rule.get(key) for key in (*keys, *(["sources"] if side == "source" else []))):
            message = f"the inhibition rule has no matchers for its {side}, so every alert is one"
            report.warning("alertmanager-file/inhibition", path, message, f"add `{side}_matchers:`")


def _check_sides(report: Report, path: Path, value: Json, keys: tuple[str, str, str]) -> None:
    """Check the matchers of a route or of one side: equal values, regular expressions, and texts."""
    _, regexes, matchers = keys
    for name, pattern in mapping(value.get(regexes)).items():
        _check_regex(report, (*path, regexes, name), text_of(pattern))
    for index, matcher in enumerate(items(value.get(matchers))):
        where = (*path, matchers, index)
        match = _MATCHER.fullmatch(matcher) if isinstance(matcher, str) else None
        if match is None:
            shown = matcher if isinstance(matcher, str) else described(matcher)
            message = f"{_STOPS}: `{shown}` is not a matcher"
            report.error("alertmanager-file/matcher", where, message, 'write it as `team="web"`')
        elif match[2] in ("=~", "!~"):
            _check_regex(report, where, match[3].strip('"').replace('\\"', '"').replace("\\\\", "\\"))


def _check_regex(report: Report, path: Path, pattern: str) -> None:
    problem = regex_problem(pattern)
    if problem:
        message = f"{_STOPS}: `{pattern}` is not a regular expression: {problem}"
        report.error("alertmanager-file/matcher", path, message, "correct it")
