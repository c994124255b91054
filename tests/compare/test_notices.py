import pytest

from dashgen.compare import Resources, compare
from dashgen.formats.normal.normal_notifications import (
    contact_points_of_file,
    mute_timings,
    policies_resource,
    templates_of_file,
)
from dashgen.formats.normal.normal_others import data_source_resource, folder_resource, providers
from tests.compare.support import changed, details

POINT = {
    "name": "ops",
    "receivers": [
        {"uid": "a", "type": "email", "settings": {"addresses": "a@b"}},
        {"uid": "b", "type": "slack", "settings": {"url": "https://hooks/one", "title": "T"}},
    ],
}
TREE = {
    "receiver": "team",
    "group_by": ["alertname"],
    "routes": [
        {"receiver": "ops", "object_matchers": [["severity", "=", "critical"]], "repeat_interval": "1h"},
        {"object_matchers": [["team", "=~", "a|b"]], "mute_time_intervals": ["nights"]},
    ],
}
SOURCE = {
    "name": "P", "uid": "p", "type": "prometheus", "url": "http://u:pw@p:9090", "jsonData": {"timeInterval": "15s"},
    "secureJsonData": {"token": "glsa_secret"},
}  # fmt: skip


def _point(data):
    return next(iter(contact_points_of_file([data])))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("receivers.0.settings.addresses", "c@d", "email addresses a@b → c@d"),
        ("receivers.1.settings.title", ..., "slack title T removed"),
        ("receivers.1.settings.url", "https://hooks/two", "slack settings.url changed"),
        ("receivers.0.disableResolveMessage", True, "email no longer reports resolved alerts"),
        ("receivers.2", {"uid": "c", "type": "webhook", "settings": {"url": "x"}}, "webhook added"),
        ("receivers.0", ..., "email removed"),
    ],
)
def test_one_edit_of_a_contact_point_is_one_sentence(path, value, sentence):
    found = details(_point(POINT), _point(changed(POINT, path, value)))
    assert [one.sentence.replace("settings.", "") for one in found] == [sentence.replace("settings.", "")]
    assert "hooks" not in repr(found)


@pytest.mark.parametrize(
    ("path", "value", "sentences"),
    [
        ("receiver", "ops", ["contact point team → ops"]),
        ("group_by", ["a", "b"], ["grouped by alertname → a, b"]),
        ("repeat_interval", "4h", ["repeat interval set to 4h"]),
        ("routes.0.receiver", "team", ["policy severity = critical: contact point ops → team"]),
        ("routes.0.repeat_interval", "2h", ["policy severity = critical: repeat interval 1h → 2h"]),
        ("routes.0.continue", True, ["policy severity = critical: goes on to later policies on"]),
        ("routes.1.mute_time_intervals", [], ["policy team =~ a|b: muted during nights removed"]),
        ("routes.2", {"receiver": "x", "object_matchers": [["a", "=", "b"]]}, ["policy a = b: added, to x"]),
        ("routes.0", ..., ["policy severity = critical: removed, was to ops"]),
        ("routes", TREE["routes"][::-1], ["policies in another order: the first that matches counts"]),
    ],
)
def test_one_edit_of_the_policies_is_one_sentence(path, value, sentences):
    found = details(policies_resource(TREE), policies_resource(changed(TREE, path, value)))
    assert [f"{d.subject}: {d.sentence}" if d.subject else d.sentence for d in found] == sentences


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("url", "http://u:pw@q:9090", "url http://p:9090 → http://q:9090"),
        ("url", "http://u:other@p:9090", "user or password in the url changed"),
        ("isDefault", True, "default on"),
        ("jsonData.timeInterval", "30s", "timeInterval: 15s → 30s"),
        ("secureJsonData.token", "glsa_other", "secret token changed"),
        ("name", "Q", 'renamed from "P"'),
    ],
)
def test_one_edit_of_a_data_source_is_one_sentence_and_shows_no_secret(path, value, sentence):
    found = details(data_source_resource(SOURCE), data_source_resource(changed(SOURCE, path, value)))
    assert [one.sentence for one in found] == [sentence]
    assert "glsa" not in repr(found)
    assert "pw@" not in repr(found)


def test_times_of_mute_timings_are_words():
    def made(**interval):
        return Resources(mute_timings([{"name": "n", "time_intervals": [interval]}]))

    times = [{"start_time": "22:00", "end_time": "24:00"}, {"start_time": "00:00", "end_time": "07:00"}]
    (found,) = compare(made(weekdays=["saturday"]), made(times=times, location="Asia/Dubai"))
    assert found.details[0].sentence == "saturday → 00:00 to 07:00 and 22:00 to 24:00 (Asia/Dubai)"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("a\nold line\nb", "a\nnew line\nb", "text changed `old line` → `new line`"),
        ("a\nb", "c\nd\ne", "text changed: 3 lines added, 2 removed"),
        ("a\nb", "b\na", "text changed in its order or spaces"),
    ],
)
def test_a_template_shows_the_line_that_changed(before, after, sentence):
    one, other = (Resources(templates_of_file([{"name": "t", "template": text}])) for text in (before, after))
    (found,) = compare(one, other)
    assert [detail.sentence for detail in found.details] == [sentence]


def test_folders_and_providers_are_told_of_too():
    (found,) = compare(Resources([folder_resource("f", "A")]), Resources([folder_resource("f", "B", "Top")]))
    assert [d.sentence for d in found.details] == [
        'renamed from "A"',
        'moved from the root folder to folder "Top"',
    ]
    one, other = (Resources(providers([{"name": "x", "options": {"path": path}}])) for path in ("/a", "/b"))
    (found,) = compare(one, other)
    assert [d.sentence for d in found.details] == ["options.path: /a → /b"]
