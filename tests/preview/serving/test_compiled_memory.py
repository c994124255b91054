"""A dashboard is compiled again only where something that it depends on changed."""

import pytest

from dashgen.preview import shown_dashboard
from dashgen.preview.preview_subject import project_subject
from tests.preview.serving.conftest import SPEC

OTHER = "kind: Dashboard\nuid: other\ntitle: Other\npanels:\n  - {title: Up, query: up}\n"


@pytest.fixture
def compiled(spec, monkeypatch):
    """Reads the project, and gives the uids of the dashboards that were compiled for it."""
    memory, names = {}, []
    (spec.parent / "other.yaml").write_text(OTHER)
    compile_one = shown_dashboard._compiled
    monkeypatch.setattr(
        shown_dashboard, "_compiled", lambda i, one: (names.append(one.settled.uid), compile_one(i, one))[1]
    )

    def read(text=SPEC):
        spec.write_text(text)
        names.clear()
        subject = project_subject(spec.parent.parent, None, (), memory)
        again = project_subject(spec.parent.parent, None)
        assert subject.dashboards == again.dashboards
        assert subject.findings == again.findings
        return names[: -len(again.dashboards)]

    return read


def test_the_first_time_all_are_compiled(compiled):
    assert compiled() == ["other", "shop"]


def test_only_the_one_that_changed_is_compiled_again(compiled):
    compiled()
    assert compiled(SPEC.replace("title: Orders", "title: Placed orders")) == ["shop"]
    assert compiled(SPEC.replace("title: Orders", "title: Placed orders")) == []


def test_lines_that_moved_compile_nothing_and_are_known(compiled):
    compiled()
    assert compiled(f"# shop\n\n{SPEC}") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://prometheus:9090", "http://prometheus:9091"),
        ("help: Orders placed.", "help: Orders placed., unit: s"),
    ],
)
def test_what_dashboards_share_compiles_all_of_them(compiled, before, after):
    compiled()
    assert compiled(SPEC.replace(before, after)) == ["other", "shop"]
