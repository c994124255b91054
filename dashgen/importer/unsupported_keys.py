"""Turn links to dashboards outside the project into addresses: the build would look for their specs."""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from dashgen.compile.lower.lower_links import LinkScope, dashboard_url
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.panel_spec import Link

_UID: Final = lazy_pattern(r"^uid:\s*[\"']?([A-Za-z0-9_-]+)", re.MULTILINE)
_LISTS: Final = frozenset(("links", "panel_links"))


def uids_in(texts: Iterable[str]) -> set[str]:
    """The uids that spec texts give their documents."""
    return {uid for text in texts for uid in _UID.findall(text)}


def uids_of(data: object) -> set[str]:
    """The uids in something to import: of a dashboard, or of the one in an envelope."""
    parts = [mapping(data), *(mapping(mapping(data).get(key)) for key in ("dashboard", "spec", "metadata"))]
    return {value for part in parts for key in ("uid", "name") if (value := text(part.get(key)))}


def with_addresses(spec: Json, known_uids: frozenset[str]) -> Json:
    """A spec whose links to unknown dashboards are addresses.

    Args:
        spec: the spec of a dashboard.
        known_uids: the uids of the dashboards that the project has, or gets.
    """
    names = tuple(str(variable.get("name")) for variable in mappings(spec.get("variables")))
    scope = LinkScope(names)
    top = [_top_link(link, known_uids) for link in mappings(spec.get("links"))]
    rest = {
        key: _with_addresses_below(value, known_uids, scope) for key, value in spec.items() if key != "links"
    }
    return {key: top if key == "links" else rest[key] for key in spec}


def _top_link(link: Json, known_uids: frozenset[str]) -> Json:
    uid = link.get("dashboard")
    return link if not isinstance(uid, str) or uid in known_uids else _with_url(link, f"/d/{uid}")


def _with_url(link: Json, url: str) -> Json:
    """A link with an address where its dashboard was."""
    return {("url" if key == "dashboard" else key): url if key == "dashboard" else link[key] for key in link}


def _with_addresses_below(value: object, known_uids: frozenset[str], scope: LinkScope) -> Any:
    if isinstance(value, list):
        return [_with_addresses_below(item, known_uids, scope) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [_link(link, known_uids, scope) for link in child]
        if key in _LISTS and isinstance(child, list)
        else _with_addresses_below(child, known_uids, scope)
        for key, child in value.items()
    }


def _link(link: Any, known_uids: frozenset[str], scope: LinkScope) -> Any:
    uid = mapping(link).get("dashboard")
    if not isinstance(uid, str) or uid in known_uids:
        return link
    try:
        url = dashboard_url(msgspec.convert(link, Link), scope)
    except msgspec.ValidationError:
        return link
    # The address has the time and the variables in it, which these keys would add to a link to a dashboard.
    in_url = ("keep_time", "keep_variables", "variables")
    return _with_url({key: value for key, value in link.items() if key not in in_url}, url)
