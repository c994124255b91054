"""Two dashboards in different folders have one title.

Search shows both, a link by its name may mean either, and in a call nobody knows which one the other has
open.

Put what differs into the title: the service, the region, the reader.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule


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
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard with the title of another in another folder."""
    if not dashboard.is_spec:
        return
    title = dashboard.title.casefold().strip()
    for other in project.dashboards:
        alike = other.title.casefold().strip() == title and other.folder != dashboard.folder
        # Of an overlay or an environment the same dashboard may be there twice.
        if alike and other.uid != dashboard.uid:
            folder = f"the folder `{other.folder}`" if other.folder else "the top level"
            message = f"another dashboard, in {folder}, is called `{dashboard.title}` too"
            yield dashboard.problem(message, "title", hint="put what differs into the title")
            return
