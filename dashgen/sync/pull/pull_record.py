"""What was pulled, recorded as pushed."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from dashgen.project.targets import Chosen
from dashgen.sync.pull.pull import Pulled
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.normal_items import digest
from dashgen.sync.push.push_state import Pushed, open_state


def record_pulled(root: Path, chosen: Chosen, dashboards: Iterable[Pulled]) -> None:
    """Record pulled dashboards and rule groups as pushed, so that the next push may overwrite them.

    Args:
        root: the project's folder.
        chosen: the Grafana.
        dashboards: what became of each; only those that were taken over as a whole count.

    Raises:
        DashgenError: it cannot be recorded, or a push is running.
    """
    taken = [(one.live, one.before) for one in dashboards if one.live is not None]
    if not taken:
        return
    with open_state(root, *chosen.memory, writes=True) as state:
        for live, before in taken:
            last_push = state.get(live.key) or Pushed()
            # With the checksum of the specs before: if they come back to it, the pull was thrown away.
            undone = digest(before) if before else ""
            checksum, title = digest(live.item), live.item.title
            pushed = Pushed(checksum, live.version, owned=last_push.owned, title=title, undone=undone)
            parts = kind_of(live.item).parts(live.item)
            state.remember(live.key, replace(pushed, parts=parts))
