"""Afterwards: what was taken over counts as pushed, so that the next push may write over it."""

from collections.abc import Iterable
from pathlib import Path

from dashgen.project.targets import Chosen
from dashgen.sync.pull.pull import Pulled
from dashgen.sync.push.normal_items import digest
from dashgen.sync.push.push_state import Pushed, open_state


def remember(root: Path, chosen: Chosen, dashboards: Iterable[Pulled]) -> None:
    """Remember that the specs have everything that is in Grafana now.

    Args:
        root: the project's folder.
        chosen: the Grafana.
        dashboards: what became of dashboards; only those that were taken over as a whole count.

    Raises:
        DashgenError: it cannot be remembered, or a push is running.
    """
    taken = [one for one in dashboards if one.live is not None]
    if not taken:
        return
    with open_state(root, *chosen.memory, writes=True) as state:
        for one in taken:
            if one.live is None:
                continue
            last_push = state.get(one.live.key) or Pushed()
            dropped = digest(one.before) if one.before else ""
            pushed = Pushed(
                digest(one.live.item),
                one.live.version,
                owned=last_push.owned,
                title=one.live.item.title,
                undone=dropped,
            )
            state.remember(one.live.key, pushed)
