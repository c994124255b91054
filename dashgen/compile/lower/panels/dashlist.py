"""Dashboard list: links to other dashboards."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class DashboardList(PanelType, kw_only=True):
    """Links to other dashboards: starred ones, recent ones, or those that a search finds."""

    type_id: ClassVar[str] = "dashlist"
    example: ClassVar[str] = """
    title: More about the checkout
    type: dashlist
    tags: [checkout]
    """
    takes_queries: ClassVar[bool] = False

    starred: Annotated[bool, doc("Those that the reader starred.")] = False
    recent: Annotated[bool, doc("Those that the reader opened last.")] = False
    search: Annotated[bool, doc("Those that match `search_text`, `tags` and `folder`.")] = True
    search_text: Annotated[str, doc("Words of the title.", "cost")] = ""
    tags: Annotated[list[str], doc("Tags that they have.", ["shop"])] = []
    folder: Annotated[str | None, doc("The uid of their folder.", "shop")] = None
    headings: Annotated[bool, doc("A heading over each list.")] = True
    folder_names: Annotated[bool, doc("The folder of each dashboard.")] = True
    limit: Annotated[Count, doc("At most so many in each list.")] = 10
    keep_time: Annotated[bool, doc("Take the time range along.")] = True
    keep_variables: Annotated[bool, doc("Take the variables' values along.")] = True

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """Which dashboards are listed, and what links to them take along."""
        options: Json = {
            "includeVars": self.keep_variables,
            "keepTime": self.keep_time,
            "maxItems": self.limit,
            "query": self.search_text,
            "showFolderNames": self.folder_names,
            "showHeadings": self.headings,
            "showRecentlyViewed": self.recent,
            "showSearch": self.search,
            "showStarred": self.starred,
            "tags": list(self.tags),
        }
        if self.folder is not None:
            options["folderUID"] = self.folder
        return options
