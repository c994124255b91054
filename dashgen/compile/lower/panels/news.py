"""News: a feed."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class News(PanelType, kw_only=True):
    """A feed of news, such as a provider's status page."""

    type_id: ClassVar[str] = "news"
    example: ClassVar[str] = """
    title: Incidents of the provider
    type: news
    feed: https://status.example.com/feed.rss
    """
    takes_queries: ClassVar[bool] = False

    feed: Annotated[
        str, doc("The address of an RSS or Atom feed.", "https://status.example.com/feed.rss")
    ] = ""
    images: Annotated[bool, doc("Show the pictures.")] = True

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The feed."""
        return {"feedUrl": self.feed, "showImage": self.images}
