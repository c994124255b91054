"""Pages as HTML: the templates of `templates/`, in which every text is escaped."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from dashgen.site.markdown_html import markdown_html, safe_text
from dashgen.site.site_page import SitePage
from dashgen.site.site_project import SiteLink

if TYPE_CHECKING:
    from jinja2 import Environment

CONTENT_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a page may load: pictures, style sheet and scripts of the site itself, and nothing from elsewhere."""


class SiteFrame(NamedTuple):
    """What every page has: the project's name, the pages it leads to, and the pictures by theme and uid."""

    name: str
    navigation: Sequence[SiteLink]
    pictures: Mapping[str, Sequence[tuple[str, str]]]


def page_html(page: SitePage, frame: SiteFrame) -> str:
    """A page."""
    template = _environment().get_template(page.template)
    return template.render(
        page=page, root=page.root, frame=frame, content_policy=CONTENT_POLICY, **page.values
    )


@cache
def _environment() -> "Environment":
    from jinja2 import BaseLoader, Environment, StrictUndefined  # takes longer than most commands need

    class _Templates(BaseLoader):
        def get_source(self, _environment: Environment, template: str) -> tuple[str, str, None]:
            text = (files("dashgen.site") / "templates" / template).read_text(encoding="utf-8")
            return text, template, None

    environment = Environment(
        loader=_Templates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters["markdown"] = markdown_html
    return environment


def _shown(value: object) -> object:
    """A value as it is put into a page: texts without characters that turn what follows."""
    return safe_text(value) if type(value) is str else value
