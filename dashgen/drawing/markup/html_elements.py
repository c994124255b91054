"""Elements of HTML as text: every attribute and every text is escaped here."""

from collections.abc import Mapping
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.svg.elements import escaped, escaped_lines

_VOID: Final = frozenset({"br", "col", "hr", "img", "input"})
_CONTROL: Final = lazy_pattern(r"[\x00-\x20\x7f-\xa0]")
_WEB_ADDRESS: Final = lazy_pattern(r"(?:https?://|mailto:)[^\s\"'<>]+", 2)
_DASHBOARD_ADDRESS: Final = lazy_pattern(r"/?(?:d|d-solo)/([A-Za-z0-9_-]{1,40})(?:[/?#].*)?\Z")
HtmlAttribute = str | float | bool | None


def html(name: str, attributes: Mapping[str, HtmlAttribute], *children: str) -> str:
    """An element of HTML.

    Args:
        name: its tag.
        attributes: those that are None or False are left out, those that are True have no value. An
            underscore at the end of a name goes, others are hyphens.
        children: markup inside it.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escaped(_text(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{''.join(children)}</{name}>"


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def html_text(text: str) -> str:
    """A text between tags; its line feeds and tabs stay."""
    return escaped_lines(text)


def styles(**properties: str | None) -> str | None:
    """The value of a `style` attribute: two underscores make a variable, None leaves a property out.

    The values are dashgen's own or colours of a theme, which are safe in an attribute.
    """
    return (
        ";".join(
            f"{'--' if name.startswith('__') else ''}{name.strip('_').replace('_', '-')}:{value}"
            for name, value in properties.items()
            if value is not None
        )
        or None
    )


def is_web_address(address: str) -> bool:
    """Whether an address leads to a web page or a mailbox: all that a link of a panel may lead to."""
    return bool(_WEB_ADDRESS.fullmatch(address))


def dashboard_uid(address: str) -> str:
    """The uid of the dashboard that an address within Grafana leads to; empty for another address."""
    match = _DASHBOARD_ADDRESS.match(address)
    return match[1] if match else ""


def link(address: str, title: str, inner: str) -> str:
    """A link, as far as it may lead somewhere.

    Addresses within Grafana have no target on a page; those of dashboards have the dashboard's uid, so that
    the page can show it.

    Args:
        address: where it leads.
        title: what is shown on hover.
        inner: markup inside it.
    """
    address = _CONTROL.sub("", address)
    if is_web_address(address):
        return html(
            "a",
            {
                "class": "link", "href": address, "target": "_blank", "rel": "noopener noreferrer",
                "title": title or None,
            },
            inner,
        )  # fmt: skip
    uid = dashboard_uid(address)
    shown = title or address
    return html("a", {"class": "link", "data-uid": uid or None, "title": shown or None}, inner)
