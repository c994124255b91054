"""Dashboard list: links to other dashboards."""

from typing import Annotated, Any, ClassVar

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import DashboardListObject as Lowered
from dashgen.compile.lower.panel_type import PanelType
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

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A dashboard list of grafanalib; what it has no argument for is put over it."""
        options: dict[str, Any] = {
            "includeVars": self.keep_variables,
            "keepTime": self.keep_time,
            "showFolderNames": self.folder_names,
        }
        if self.folder is not None:
            options["folderUID"] = self.folder
        return Lowered(
            showHeadings=self.headings,
            showSearch=self.search,
            showRecent=self.recent,
            showStarred=self.starred,
            maxItems=self.limit,
            searchQuery=self.search_text,
            searchTags=list(self.tags),
            moreOptions=options,
            **self.common(settled, scope),
        )
