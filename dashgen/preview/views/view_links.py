"""The links of a dashboard as they are followed."""

from typing import Final

from dashgen.core.json_values import Json, items, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.preview.views.panel_texts import PanelTexts
from dashgen.preview.views.viewed_dashboard import ViewedLink

_DASHBOARD: Final = lazy_pattern(r"(?:https?://[^/]+(?:/[^/]+)*?)?/?d/([A-Za-z0-9_-]{1,40})(?:[/?#].*)?")


def linked_uid(url: str) -> str:
    """The uid of the dashboard that an address leads to, such as `/d/shop/our-shop?from=now-1h`."""
    match = _DASHBOARD.fullmatch(url.strip())
    return match[1] if match else ""


def viewed_links(dashboard: Json, texts: PanelTexts) -> tuple[ViewedLink, ...]:
    """The links at the top of a dashboard, with variables filled in."""
    return tuple(_link(link, texts) for link in mappings(dashboard.get("links")))


def _link(link: Json, texts: PanelTexts) -> ViewedLink:
    is_list = link.get("type") == "dashboards"
    url = "" if is_list else texts.plain(link.get("url"))
    return ViewedLink(
        texts.title(link.get("title")),
        url,
        linked_uid(url),
        texts.plain(link.get("tooltip")),
        text(link.get("icon")),
        tuple(tag for tag in items(link.get("tags")) if isinstance(tag, str)) if is_list else (),
        is_dropdown=link.get("asDropdown") is True,
        opens_new=link.get("targetBlank") is True,
        keeps_time=link.get("keepTime") is True,
        keeps_variables=link.get("includeVars") is True,
    )
