"""A served page shows what the specs say now, and keeps the last good build while they have errors."""

import json

import pytest

from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_subject import project_subject
from dashgen.preview.serving.preview_session import PreviewReader, PreviewSession
from dashgen.preview.sources.sample_source import sample_source
from tests.preview.serving.conftest import SPEC


@pytest.fixture
def session(spec):
    def describe(subject):
        return "; ".join(
            f"{one.location.file}:{one.location.span.line} {one.message}" for one in subject.findings
        )

    root = spec.parent.parent
    reader = PreviewReader(
        lambda: project_subject(root, None), lambda s: sample_source(s.inspection), describe
    )
    return PreviewSession(reader, PageIndex("", []), ViewChoice())


def dashboard(session, **query):
    asked = {name.replace("var_", "var-"): [value] for name, value in query.items()}
    answer = session.answer("/dashboard.json", {"uid": ["shop"], **asked})
    return json.loads(answer.content)


def titles(data):
    (view,) = data["views"]
    return [panel["title"] for section in view["sections"] for panel in section["panels"]]


def test_a_saved_change_is_in_the_next_answer(session, spec):
    assert titles(dashboard(session)) == ["Orders"]
    spec.write_text(SPEC.replace("title: Orders", "title: Orders per second"))
    assert session.reload().revision == 1
    assert titles(dashboard(session)) == ["Orders per second"]


def test_the_last_good_build_stays_while_specs_have_errors(session, spec):
    spec.write_text(SPEC.replace("query:", "querry:").replace("title: Orders", "title: Broken"))
    state = session.reload()
    assert state.revision == 0
    assert "specs/shop.yaml:16" in state.errors
    assert titles(dashboard(session)) == ["Orders"]
    spec.write_text(SPEC)
    assert session.reload().errors == ""


def test_any_time_and_any_value_is_computed_when_it_is_chosen(session):
    (view,) = dashboard(session, **{"from": "now-3h", "to": "now-1h", "var_status": "failed"})["views"]
    assert (view["start"], view["end"]) == ("now-3h", "now-1h")
    assert view["range"][1] - view["range"][0] == 2 * 3_600_000
    assert view["variables"] == {"status": ["failed"]}
    assert 'status=~"failed"' in view["sections"][0]["panels"][0]["queries"][0]["expr"]


def test_one_theme_is_sent_at_a_time(session):
    dark, light = dashboard(session), dashboard(session, theme="light")
    assert all("light_html" not in content for content in (*dark["contents"], *light["contents"]))
    assert dark["contents"] != light["contents"]


@pytest.mark.parametrize("path", ["/dashboard.json", "/specs/shop.yaml", "/../dashgen.yaml", ""])
def test_there_is_nothing_else(session, path):
    assert session.answer(path, {"uid": ["none"]}) is None


def test_its_page_may_connect_to_its_own_server_alone(session):
    page = session.answer("/", {}).content.decode()
    assert "connect-src &#39;self&#39;" in page
    assert json.loads(session.answer("/index.json", {}).content)["served"] is True
