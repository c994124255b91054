"""A page of a site before its template is filled in."""

from collections.abc import Mapping

from msgspec import Struct


class SitePage(Struct, frozen=True):
    """A page.

    Attributes:
        path: where it is below the site.
        title: its title.
        kind: what it shows, in a word or two, for the search.
        template: the template that draws it.
        values: what the template shows.
        search: other texts by which it is found.
    """

    path: str
    title: str
    kind: str
    template: str
    values: Mapping[str, object]
    search: str = ""

    @property
    def root(self) -> str:
        """What leads from the page to the folder of the site."""
        return "../" * self.path.count("/")
