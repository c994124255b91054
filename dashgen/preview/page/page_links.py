"""Links as the page follows them: to the web, and to other dashboards of the page."""

from dashgen.core.json_values import Json, text
from dashgen.drawing.markup.html_elements import dashboard_uid, is_web_address
from dashgen.preview.page.page_data import PageLink
from dashgen.preview.views.viewed_dashboard import ViewedLink


def dashboard_link(link: ViewedLink) -> PageLink | None:
    """A link at the top of a dashboard; None for one that leads nowhere from a page.

    An address of Grafana's own that is no dashboard's, such as that of its explorer, has no page to lead to.
    """
    keeps = [
        name for name, is_kept in (("time", link.keeps_time), ("variables", link.keeps_variables)) if is_kept
    ]
    if not link.url and not link.uid:
        return PageLink(
            link.title, tooltip=link.tooltip, lists=True, tags=link.tags, drops=link.is_dropdown, keeps=keeps
        )
    uid = "" if is_web_address(link.url) else link.uid
    if not uid and not is_web_address(link.url):
        return None
    return PageLink(link.title or link.url, "" if uid else link.url, uid, link.tooltip, keeps=keeps)


def panel_link(link: Json) -> PageLink | None:
    """A link of a panel; None for one that leads nowhere from a page."""
    url = text(link.get("url"))
    title = text(link.get("title")) or url
    if is_web_address(url):
        return PageLink(title, url)
    uid = dashboard_uid(url)
    return PageLink(title, uid=uid) if uid else None
