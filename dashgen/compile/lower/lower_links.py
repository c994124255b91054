"""Links: on values, in panel headers and at the top of a dashboard."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from grafanalib import core
from msgspec import Struct

from dashgen.compile.lower.objects import DataLink
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.data_source_spec import DataSourceRef, reference
from dashgen.model.panel_spec import Link
from dashgen.model.settled_dashboard import SettledLink

_PLACEHOLDER = lazy_pattern(r"(\$\{[^}]*\}|\[\[[^\]]*\]\]|\$\w+)")


class LinkScope(Struct, frozen=True):
    """What links need of their dashboard: the names of its variables, and data sources by alias and uid."""

    variables: tuple[str, ...] = ()
    datasources: Mapping[str, DataSourceRef] = {}


def encode(text: str) -> str:
    """Percent-encoded text in which Grafana's variables stay as they are."""
    parts = _PLACEHOLDER.split(text)
    # re.split with a group: every second part is a placeholder.
    return "".join(part if i % 2 else quote(part, safe="") for i, part in enumerate(parts))


def dashboard_url(link: Link, scope: LinkScope) -> str:
    """The address of another dashboard, with the time range and the variables' values of this one.

    A variable that the link itself sets must not come along as well: Grafana would take both values.
    """
    # Grafana fills these in when the link is followed.
    arguments = []
    if link.keep_time:
        arguments.append("${__url_time_range}")
    if link.keep_variables:
        if link.variables:
            arguments += [f"${{{name}:queryparam}}" for name in scope.variables if name not in link.variables]
        else:
            arguments.append("${__all_variables}")
    arguments += [f"var-{encode(name)}={encode(value)}" for name, value in link.variables.items()]
    address = f"/d/{link.dashboard}"
    return f"{address}?{'&'.join(arguments)}" if arguments else address


def explore_url(link: Link, scope: LinkScope) -> str:
    """The address of Explore with a query; variables in the query are filled in when the link is followed."""
    name = link.explore or ""
    ref = scope.datasources.get(name) or reference(name)
    query: Json = {"refId": "A"}
    if ref is None:
        query["expr"] = link.query
    else:
        query["datasource"] = {"type": ref.type, "uid": ref.uid}
        query.update(_explore_query(ref.type, link.query))
    span = {"from": "${__from}", "to": "${__to}"} if link.keep_time else {"from": "now-1h", "to": "now"}
    pane = {"datasource": ref.uid if ref else name, "queries": [query], "range": span}
    panes = json.dumps({"a": pane}, separators=(",", ":"), ensure_ascii=False)
    return f"/explore?schemaVersion=1&panes={encode(panes)}"


def _explore_query(kind: str, text: str) -> dict[str, str]:
    if kind == "tempo":
        return {"query": text, "queryType": "traceql"}
    if kind == "loki":
        return {"expr": text, "queryType": "range", "editorMode": "code"}
    return {"expr": text, "editorMode": "code"}


def address(link: Link, scope: LinkScope) -> str:
    """Where a link leads."""
    if link.dashboard is not None:
        return dashboard_url(link, scope)
    if link.explore is not None:
        return explore_url(link, scope)
    return link.url or ""


def data_link(link: Link, scope: LinkScope) -> DataLink:
    """A link as grafanalib's object."""
    return DataLink(link.title, address(link, scope), link.new_tab, oneClick=link.one_click)


def data_links(links: list[Link], scope: LinkScope) -> list[Json]:
    """Links on values, as JSON: they stand inside field options, which are plain data."""
    return [data_link(link, scope).to_json_data() for link in links]


def dashboard_link(settled: SettledLink) -> core.DashboardLink:
    """A link at the top of a dashboard."""
    link = settled.link
    by_tags = bool(link.tags) and link.dashboard is None and link.url is None
    return core.DashboardLink(
        asDropdown=by_tags and link.dropdown,
        icon=link.icon,
        includeVars=link.keep_variables,
        keepTime=link.keep_time,
        tags=list(link.tags) if by_tags else [],
        targetBlank=link.new_tab,
        title=settled.title,
        tooltip=link.tooltip,
        type="dashboards" if by_tags else "link",
        uri=f"/d/{link.dashboard}" if link.dashboard is not None else link.url or "",
    )
