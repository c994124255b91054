"""Two dashboards in different folders have one title.

Search shows both, a link by its name may mean either, and in a call nobody knows which one the other has
open.

Put what differs into the title: the service, the region, the reader.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule

if TYPE_CHECKING:
    from dashgen.check.lint.subjects import DashboardFacts


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Overview
        uid: shop-overview
        folder: Shop
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Overview
        uid: bank-overview
        folder: Bank
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Shop overview
        folder: Shop
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Bank overview
        folder: Bank
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each dashboard with the title of another in another folder."""
    by_title: dict[str, list[DashboardFacts]] = {}
    for dashboard in project.dashboards:
        if dashboard.is_spec:
            by_title.setdefault(dashboard.title.casefold().strip(), []).append(dashboard)
    for alike in by_title.values():
        for dashboard in alike:
            # Of an overlay or an environment the same dashboard may be there twice.
            others = (one for one in alike if one.folder != dashboard.folder and one.uid != dashboard.uid)
            if (other := next(others, None)) is not None:
                folder = f"the folder `{other.folder}`" if other.folder else "the top level"
                message = f"another dashboard, in {folder}, is called `{dashboard.title}` too"
                yield dashboard.problem(message, "put what differs into the title")
