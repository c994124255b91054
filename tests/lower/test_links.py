"""Links on values, in headers, and at the top of dashboards."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from dashgen.compile.lower.lower_links import LinkScope, address, dashboard_link, encode
from dashgen.model.dashboard_spec import DashboardLink
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Link
from dashgen.model.settled_dashboard import SettledLink

SCOPE = LinkScope(
    ("tier", "model"), {"loki": DataSourceRef("loki", "loki-uid"), "tempo": DataSourceRef("tempo", "t")}
)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b&c", "a%20b%26c"),
        ("${__field.labels.tier} x", "${__field.labels.tier}%20x"),
        ("$tier/[[model]]", "$tier%2F[[model]]"),
        ("100%$", "100%25%24"),
        ("имя", "%D0%B8%D0%BC%D1%8F"),
    ],
)
def test_text_is_encoded_but_for_grafanas_variables(text: str, encoded: str) -> None:
    assert encode(text) == encoded


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link(title="x", dashboard="ai"), "/d/ai?${__url_time_range}&${__all_variables}"),
        (Link(title="x", dashboard="ai", keep_time=False, keep_variables=False), "/d/ai"),
        (Link(title="x", dashboard="ai", variables={"tier": "a b"}), "/d/ai?${__url_time_range}&${model:queryparam}&var-tier=a%20b"),
        (Link(title="x", dashboard="ai", keep_variables=False, variables={"tier": "$t"}), "/d/ai?${__url_time_range}&var-tier=$t"),
        (Link(title="x", url="https://wiki/${__field.name}"), "https://wiki/${__field.name}"),
    ],
)  # fmt: skip
def test_a_link_leads_where_it_says(link: Link, expected: str) -> None:
    assert address(link, SCOPE) == expected


@pytest.mark.parametrize(
    ("source", "query", "expected"),
    [
        ("loki", '{a="${__value.raw}"}', {"expr": '{a="${__value.raw}"}', "queryType": "range", "editorMode": "code",
                                          "datasource": {"type": "loki", "uid": "loki-uid"}}),
        ("tempo", "${__value.raw}", {"query": "${__value.raw}", "queryType": "traceql", "datasource": {"type": "tempo", "uid": "t"}}),
        ("unknown", "up", {"expr": "up"}),
    ],
)  # fmt: skip
def test_a_link_into_explore_holds_the_query(source: str, query: str, expected: dict[str, Any]) -> None:
    url = address(Link(title="x", explore=source, query=query), SCOPE)
    start, _, panes = url.partition("&panes=")
    assert start == "/explore?schemaVersion=1"
    pane = json.loads(unquote(panes))["a"]
    assert pane["queries"] == [{"refId": "A", **expected}]
    assert pane["range"] == {"from": "${__from}", "to": "${__to}"}


def test_a_link_into_explore_without_the_time_looks_at_the_last_hour() -> None:
    url = address(Link(title="x", explore="loki", keep_time=False), SCOPE)
    assert json.loads(unquote(url.partition("&panes=")[2]))["a"]["range"] == {"from": "now-1h", "to": "now"}


@pytest.mark.parametrize(
    ("link", "changed"),
    [
        (DashboardLink(dashboard="ai"), {"type": "link", "url": "/d/ai"}),
        (DashboardLink(url="https://wiki", new_tab=True, keep_time=False, tooltip="t", icon="doc"),
         {"type": "link", "url": "https://wiki", "targetBlank": True, "keepTime": False, "tooltip": "t", "icon": "doc"}),
        (DashboardLink(tags=["a"], dropdown=True, keep_variables=False),
         {"type": "dashboards", "tags": ["a"], "asDropdown": True, "includeVars": False}),
    ],
)  # fmt: skip
def test_a_link_at_the_top_of_a_dashboard(link: DashboardLink, changed: dict[str, Any]) -> None:
    plain = {
        "asDropdown": False, "icon": "external link", "includeVars": True, "keepTime": True, "tags": [],
        "targetBlank": False, "title": "T", "tooltip": "", "url": "",
    }  # fmt: skip
    assert dashboard_link(SettledLink(link, "T")).to_json_data() == {**plain, **changed}
