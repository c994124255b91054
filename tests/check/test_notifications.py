"""Contact points, policies, mute timings and templates."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.query.query_texts import regex_problem

from .conftest import Check, expect
from .samples import ALERTING, REMOVED, changed

_FILE = "provisioning/alerting/a.yaml"
_MAIL = "contactPoints.0.receivers.0"
_SLACK = "contactPoints.0.receivers.1"
_ROUTE = "policies.0.routes.0"
_TIMES = "muteTimes.0.time_intervals.0"

BROKEN: list[tuple[str, str, Any, str, str]] = [
    # contact points
    ("point key", "contactPoints.0.receiver", [], "contact/unknown-key",
     "unknown key `receiver` in a contact point"),
    ("receiver key", f"{_MAIL}.setting", {}, "contact/unknown-key", "unknown key `setting` in a receiver"),
    ("no receivers", "contactPoints.0.receivers", [], "contact/no-receivers", "`ops` has no receivers"),
    ("no uid", f"{_MAIL}.uid", " ", "contact/uid", "Grafana does not start: ops: no uid is set"),
    ("bad uid", f"{_MAIL}.uid", "a b", "contact/uid", "characters other than"),
    ("uid twice", f"{_MAIL}.uid", "ops-slack", "contact/duplicate-uid", "`ops-slack` is used twice"),
    ("no type", f"{_MAIL}.type", REMOVED, "contact/type", "Grafana does not start: ops: no type is set"),
    ("unknown type", f"{_MAIL}.type", "mail", "contact/type", "`mail` is not a type of receiver"),
    ("no settings", f"{_MAIL}.settings", REMOVED, "contact/no-settings",
     "Grafana does not start: ops: no settings are set"),
    ("setting that is not known", f"{_MAIL}.settings.singleMail", True, "contact/unknown-key",
     "unknown setting `singleMail`"),
    ("no addresses", f"{_MAIL}.settings", {"subject": "x"}, "contact/setting",
     "could not find addresses in settings"),
    ("bad address", f"{_MAIL}.settings.addresses", "a@example.com, ops", "contact/address",
     "`ops` is not an e-mail address"),
    ("no scheme", f"{_SLACK}.settings.endpointUrl", "slack.example/api", "contact/address",
     "`slack.example/api` is not an address"),
    ("misspelt scheme", f"{_SLACK}.settings.endpointUrl", "htp://slack.example", "contact/address", "`htp://slack.example`"),
    ("no server", f"{_SLACK}.settings.endpointUrl", "https:///a.b", "contact/address", "`https:///a.b` is not"),
    ("plain Slack URL", f"{_SLACK}.settings.url", "https://hooks.slack.example/x", "secret/plain-text",
     "`url` is a secret"),
    ("Slack without recipient", f"{_SLACK}.settings", {"token": "$TOKEN"}, "contact/setting",
     "recipient must be specified"),
    ("Slack without token", f"{_SLACK}.settings", {"recipient": "#ops"}, "contact/setting",
     "token must be specified"),
    ("Slack mention", f"{_SLACK}.settings.mentionChannel", "all", "contact/setting",
     'invalid value for mentionChannel: "all"'),
    ("dollar in a title", f"{_SLACK}.settings.title", "{{ $x := .Alerts }}", "provisioning/dollar",
     "`$x` in `title`"),
    ("unknown template", f"{_SLACK}.settings.title", '{{ template "ops.titel" . }}', "template/unknown",
     "defines `ops.titel`"),
    ("open template", f"{_SLACK}.settings.title", "{{ if .Status }}a", "template/syntax",
     "is not closed by `{{ end }}`"),
    # policies
    ("policy key", f"{_ROUTE}.matcher", [], "policy/unknown-key", "unknown key `matcher` in a policy"),
    ("no receiver", "policies.0.receiver", REMOVED, "policy/receiver",
     "root route must specify a default receiver"),
    ("matchers at the root", "policies.0.object_matchers", [["a", "=", "b"]], "policy/root",
     "must not have any matchers"),
    ("mute at the root", "policies.0.mute_time_intervals", ["weekends"], "policy/root",
     "any mute time intervals"),
    ("active at the root", "policies.0.active_time_intervals", ["weekends"], "policy/root",
     "any active time intervals"),
    ("unknown receiver", f"{_ROUTE}.receiver", "opps", "contact/unknown", "receiver 'opps' does not exist"),
    ("unknown mute timing", f"{_ROUTE}.mute_time_intervals", ["x"], "mute/unknown",
     "mute time interval 'x' does not exist"),
    ("wildcard and label", "policies.0.group_by", ["...", "a"], "policy/group-by",
     "cannot have wildcard group_by"),
    ("label twice", "policies.0.group_by", ["a", "a"], "policy/group-by", 'duplicated label "a" in group_by'),
    ("group_by as text", "policies.0.group_by", "alertname", "policy/wrong-type",
     "`group_by` has to be a list of texts"),
    ("bad wait", "policies.0.group_wait", "x", "provisioning/duration", "not a valid duration string"),
    ("no interval", "policies.0.group_interval", "0s", "policy/interval", "group_interval cannot be zero"),
    ("no repetition", f"{_ROUTE}.repeat_interval", "0", "policy/interval", "repeat_interval cannot be zero"),
    ("matcher as text", f"{_ROUTE}.object_matchers", ["a=b"], "policy/matcher",
     "a list of a label, an operator and a value"),
    ("matcher of two", f"{_ROUTE}.object_matchers", [["a", "b"]], "policy/matcher", "a list of a label"),
    ("operator", f"{_ROUTE}.object_matchers", [["a", "==", "b"]], "policy/matcher",
     "`==` is not an operator"),
    ("pattern", f"{_ROUTE}.object_matchers", [["a", "=~", "(b"]], "policy/matcher",
     "is not a regular expression"),
    ("text matcher", f"{_ROUTE}.matchers", ["team"], "policy/matcher", "a matcher is a text such as"),
    ("text pattern", f"{_ROUTE}.matchers", ['a=~"(?=b)"'], "policy/matcher", "RE2 has neither lookarounds"),
    ("old pattern", f"{_ROUTE}.match_re", {"a": "["}, "policy/matcher", "is not a regular expression"),
    # mute timings
    ("timing key", "muteTimes.0.intervals", [], "mute/unknown-key",
     "unknown key `intervals` in a mute timing"),
    ("interval key", f"{_TIMES}.days", [], "mute/unknown-key", "unknown key `days` in a time interval"),
    ("time key", f"{_TIMES}.times.0.start", "01:00", "mute/unknown-key",
     "unknown key `start` in a time range"),
    ("never mutes", "muteTimes.0.time_intervals", [], "mute/empty", "it never mutes"),
    ("time", f"{_TIMES}.times.0.start_time", "6:00", "mute/time", "`6:00` is not a time of day"),
    ("late time", f"{_TIMES}.times.0.end_time", "24:01", "mute/time", "`24:01` is not a time of day"),
    ("no end", f"{_TIMES}.times.0.end_time", REMOVED, "mute/time", "no `end_time`"),
    ("over midnight", f"{_TIMES}.times.0", {"start_time": "22:00", "end_time": "06:00"}, "mute/time",
     "start time cannot be"),
    ("weekday", f"{_TIMES}.weekdays", ["mon"], "mute/range", "`mon` is not a range of weekdays"),
    ("weekday number", f"{_TIMES}.weekdays", ["1:5"], "mute/range", "`1:5` is not a range of weekdays"),
    ("weekdays turned", f"{_TIMES}.weekdays", ["friday:monday"], "mute/range", "ends before it starts"),
    ("day", f"{_TIMES}.days_of_month", ["32"], "mute/range", "`32` is not a range of days of month"),
    ("month", f"{_TIMES}.months", ["13"], "mute/range", "`13` is not a range of months"),
    ("year", f"{_TIMES}.years", ["26"], "mute/range", "`26` is not a range of years"),
    ("place", f"{_TIMES}.location", "Asia/Dubay", "mute/location", "`Asia/Dubay` is not a time zone"),
    # templates
    ("template key", "templates.0.content", "x", "template/unknown-key", "unknown key `content`"),
    ("template name", "templates.0.name", "", "template/name", "template must have a name"),
    ("template braces", "templates.0.template", '{{ define "ops.title" }}{{ end }', "template/syntax",
     "is not closed"),
    ("template end", "templates.0.template", '{{ define "ops.title" }}{{ end }}{{ end }}', "template/syntax",
     "`{{ end }}` too many"),
    ("template else", "templates.0.template", '{{ define "ops.title" }}{{ else }}{{ end }}',
     "template/syntax", "outside `if`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    found = expect(check({_FILE: changed(ALERTING, path, value)}), rule, fragment)
    assert found.severity is Severity.ERROR
    assert found.location is not None
    assert found.location.span is not None


FINE: list[tuple[str, str, Any]] = [
    ("a name with its address", f"{_MAIL}.settings.addresses", "Ops <ops@example.com>\nb@example.com"),
    ("a Slack token", f"{_SLACK}.settings", {"token": "$SLACK_TOKEN", "recipient": "#ops"}),
    ("a secret from a file", f"{_SLACK}.settings.url", "$__file{/run/secrets/slack}"),
    ("a secret from the environment", f"{_SLACK}.settings.url", "$__env{SLACK_URL}"),
    ("a doubled dollar", f"{_SLACK}.settings.title", "{{ $$x := .Alerts }}{{ $$x }}"),
    ("a built-in template", f"{_SLACK}.settings.title", '{{ template "default.title" . }}'),
    ("a pattern that ends in a dollar", f"{_ROUTE}.object_matchers", [["a", "=~", "b$"]]),
    ("a pattern with flags", f"{_ROUTE}.object_matchers", [["a", "=~", "x(?i)b"]]),
    ("matchers may be empty at the end", "policies.0.routes.1.matchers", REMOVED),
    ("all labels", "policies.0.group_by", ["..."]),
    ("a receiver from the environment", "policies.0.receiver", "${RECEIVER}"),
    ("no wait", "policies.0.group_wait", "0s"),
    ("universal time", f"{_TIMES}.location", "UTC"),
    ("single days", f"{_TIMES}.days_of_month", ["1", "-1"]),
    ("upper case", f"{_TIMES}.weekdays", ["Monday"]),
]


@pytest.mark.parametrize(("path", "value"), [f[1:] for f in FINE], ids=[f[0] for f in FINE])
def test_what_grafana_takes_is_fine(check: Check, path: str, value: Any) -> None:
    assert check({_FILE: changed(ALERTING, path, value)}) == []


WARNED: list[tuple[str, str, Any, str, str]] = [
    ("catch-all", f"{_ROUTE}.object_matchers", REMOVED, "policy/catch-all", "takes every alert"),
    ("mutes always", _TIMES, {"location": "UTC"}, "mute/empty", "it mutes always"),
]


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [w[1:] for w in WARNED], ids=[w[0] for w in WARNED]
)
def test_what_surprises_is_a_warning(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    found = expect(check({_FILE: changed(ALERTING, path, value)}), rule, fragment)
    assert found.severity is Severity.WARNING


def test_a_template_that_defines_nothing_is_a_warning(check: Check) -> None:
    template = {"name": "plain", "template": "{{ len .Alerts }} alerts"}
    found = expect(
        check({_FILE: changed(ALERTING, "templates.1", template)}), "template/no-define", "defines no name"
    )
    assert found.severity is Severity.WARNING


def test_an_empty_template_is_an_error(check: Check) -> None:
    found = check({_FILE: changed(ALERTING, "templates.1", {"name": "empty", "template": ""})})
    expect(found, "template/empty", "template must have content")


TWICE = [
    (
        "mute timing",
        "muteTimes.1",
        {"name": "weekends", "time_intervals": [{"weekdays": ["sunday"]}]},
        "mute/duplicate",
    ),
    (
        "template",
        "templates.1",
        {"name": "ops", "template": '{{ define "x" }}{{ end }}'},
        "template/duplicate",
    ),
    ("policy tree", "policies.1", {"receiver": "ops"}, "policy/second-tree"),
]


@pytest.mark.parametrize(("path", "value", "rule"), [t[1:] for t in TWICE], ids=[t[0] for t in TWICE])
def test_what_exists_once_is_not_defined_twice(check: Check, path: str, value: Any, rule: str) -> None:
    found = expect(check({_FILE: changed(ALERTING, path, value)}), rule, "")
    assert found.related


def test_other_organizations_have_their_own_policy_tree(check: Check) -> None:
    assert check({_FILE: changed(ALERTING, "policies.1", {"orgId": 2, "receiver": "ops"})}) == []


_SAMPLES: dict[str, Any] = {"chatid": "-100123"}
_SECRETS_OF_NEED = {"sns": {"topic_arn": "arn:x"}, "webex": {"bot_token": "$T"}, "wecom": {"url": "$U"}}


def _settings(kind: str) -> dict[str, Any]:
    known = CONTACT_TYPES[kind]
    if kind == "email":
        return {"addresses": "ops@example.com"}
    if kind == "slack":
        return {"url": "$SLACK_URL"}
    needed = {key: "$SECRET" if key in known.secret else _SAMPLES.get(key, "x") for key in known.needed}
    return needed or dict(_SECRETS_OF_NEED[kind])


def _point(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    receiver = {"uid": "r", "type": kind, "settings": settings}
    return {"apiVersion": 1, "contactPoints": [{"name": "point", "receivers": [receiver]}]}


@pytest.mark.parametrize("kind", CONTACT_TYPES)
def test_every_type_is_fine_with_what_it_needs(check: Check, kind: str) -> None:
    assert check({_FILE: _point(kind, _settings(kind))}) == []


NEEDED = [(kind, key) for kind, known in CONTACT_TYPES.items() for key in known.needed]


@pytest.mark.parametrize(("kind", "key"), NEEDED, ids=[f"{kind} {key}" for kind, key in NEEDED])
def test_every_needed_setting_is_missed(check: Check, kind: str, key: str) -> None:
    settings = {name: value for name, value in _settings(kind).items() if name != key}
    filler = next(iter(sorted(CONTACT_TYPES[kind].optional)))
    found = check({_FILE: _point(kind, settings or {filler: "x"})})
    expect(found, "contact/setting", f"Grafana does not start: point: {CONTACT_TYPES[kind].needed[key]}")


SECRETS = [(kind, key) for kind, known in CONTACT_TYPES.items() for key in sorted(known.secret)]


@pytest.mark.parametrize(("kind", "key"), SECRETS, ids=[f"{kind} {key}" for kind, key in SECRETS])
def test_every_secret_has_to_come_from_elsewhere(check: Check, kind: str, key: str) -> None:
    settings = _settings(kind)
    first, _dot, second = key.partition(".")
    settings[first] = {second: "hunter2"} if second else "hunter2"
    expect(check({_FILE: _point(kind, settings)}), "secret/plain-text", f"`{key}` is a secret")


OTHERS: list[tuple[str, str, dict[str, Any], str]] = [
    ("both ways to sign in", "webhook", {"url": "http://x", "username": "u", "password": "$P",
     "authorization_credentials": "$T"},
     "both HTTP Basic Authentication and Authorization Header are set"),
    ("method", "webhook", {"url": "http://x", "httpMethod": "GET"}, "`GET` is not a method"),
    ("tags", "opsgenie", {"apiKey": "$K", "sendTagsAs": "all"}, 'invalid value for sendTagsAs: "all"'),
    ("responder type", "opsgenie", {"apiKey": "$K", "responders": [{"type": "group", "name": "x"}]},
     "unsupported type"),
    ("responder name", "opsgenie", {"apiKey": "$K", "responders": [{"type": "team"}]},
     "at least one of id, username or name"),
    ("mode", "telegram", {"bottoken": "$T", "chatid": "-1", "parse_mode": "rtf"}, "unknown parse_mode"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "settings", "fragment"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS]
)
def test_settings_have_to_agree(check: Check, kind: str, settings: dict[str, Any], fragment: str) -> None:
    expect(check({_FILE: _point(kind, settings)}), "contact/setting", fragment)


@pytest.mark.parametrize("pattern", ["a|b", "^x.*$", r"\pL+", "(?i)x", "(?P<n>a)", "[[:alpha:]]", ""])
def test_patterns_that_re2_takes_are_fine(pattern: str) -> None:
    assert regex_problem(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?!x)", r"(a)\1", "(?<=a)b"])
def test_patterns_that_re2_refuses_are_named(pattern: str) -> None:
    assert regex_problem(pattern) != ""
