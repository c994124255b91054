"""Write spec files for dashboards that no spec builds, beside the others."""

import os
from collections import Counter
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from dashgen.compile.outputs.dashboard_files import folder_problem
from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats import resources as kinds
from dashgen.formats.upgrade.envelope import NotADashboardError, find_dashboard
from dashgen.importer.import_dashboard import Importer
from dashgen.model.alert_rules import slug
from dashgen.servers.grafana.grafana_errors import GrafanaError
from dashgen.source.spec_text import spec_text
from dashgen.sync.pull.dashboard_search import make_goal
from dashgen.sync.pull.pull import Pull, Pulled, PullState
from dashgen.sync.pull.pull_sides import with_tag
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.dashboard_kind import live_dashboard
from dashgen.sync.push.push import Push
from dashgen.sync.push.sync_status import unmanaged

_UNFIT: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 80
_MOST: Final = 1000


def add_new(pull: Pull, project: PulledProject, push: Push, folder: str) -> None:
    """Add a spec file to a pull for each dashboard that no spec builds, in folders that specs fill.

    Args:
        pull: what is pulled; it gets the new files.
        project: the project.
        push: the Grafana.
        folder: only those in this folder, by its titles with slashes or its uid; all when empty.

    Raises:
        GrafanaError: the dashboards cannot be listed.
    """
    for entry in unmanaged(push.grafana, push.sides):
        if entry.kind != kinds.DASHBOARD:
            continue
        try:
            answer = push.grafana.dashboards.get(entry.uid)
        except GrafanaError as error:
            pull.dashboards.append(
                Pulled(Item(kinds.DASHBOARD, entry.uid, entry.title, {}), PullState.LEFT, reason=str(error))
            )
            continue
        if answer is None:
            continue
        live = live_dashboard(answer)
        # The option takes a folder as people or as addresses name it.
        titles = push.sides.titles(live.item.folder_uid)
        if not folder or folder in (titles, live.item.folder_uid):
            pull.dashboards.append(_added(pull, project, push, live, titles))


def _added(pull: Pull, project: PulledProject, push: Push, live: LiveItem, titles: str) -> Pulled:
    if live.owner:
        return Pulled(live.item, PullState.REFUSED, reason=f"it is managed by {live.owner}; {live.owner.way}")
    if titles and (wrong := folder_problem(titles)):
        return Pulled(live.item, PullState.LEFT, reason=wrong)
    try:
        source = find_dashboard({**live.item.content, "uid": live.item.uid})
    except NotADashboardError as error:
        return Pulled(live.item, PullState.LEFT, reason=str(error))
    building = project.built(pull.after)
    imported = Importer(building.compiler, keep_ids=True).dashboard(replace(source, folder=titles or None))
    name = _free_name(_folder(project, push, live.item), live.item, pull, project)
    texts = {**pull.after, name: spec_text([imported.spec])}
    new_building = project.built(texts)
    built = new_building.dashboards.get(live.item.uid)
    if new_building.problems or built is None:
        reason = new_building.problems[0].message if new_building.problems else "it would get another uid"
        return Pulled(live.item, PullState.LEFT, reason=f"its spec would be wrong: {reason}")
    # As with every edit: a build proves it, or it is left.
    rest = make_goal(built, with_tag(live.item.content), titles).rest(built)
    if rest:
        return Pulled(
            live.item, PullState.LEFT, left=sorted(rest), reason="the specs cannot be made to build it"
        )
    pull.after = texts
    return Pulled(live.item, PullState.NEW, [f"file {name}"], live=live)


def _folder(project: PulledProject, push: Push, item: Item) -> str:
    """The folder of the specs of its neighbours: most of those in its folder, else most dashboards."""
    dashboards = [one for one in push.sides.wanted if one.kind == kinds.DASHBOARD and one.spec]
    near = [one for one in dashboards if one.folder_uid == item.folder_uid] or dashboards
    folders = Counter(PurePosixPath(one.spec).parent.as_posix() for one in near)
    return folders.most_common(1)[0][0] if folders else project.workspace.project.specs[0]


def _free_name(folder: str, item: Item, pull: Pull, project: PulledProject) -> str:
    """A name of a file that is not there, whatever characters the uid has."""
    plain = _UNFIT.sub("-", item.uid).strip("-")[:_LONGEST] or slug(item.title, "dashboard")[:_LONGEST]
    for number in range(1, _MOST):
        name = f"{folder}/{plain}{f'-{number}' if number > 1 else ''}.yaml"
        # Names of files that this pull is about to write are taken too.
        if name not in pull.after and not os.path.lexists(project.workspace.root / name):
            return name
    raise DashgenError(f"there are too many files like `{folder}/{plain}.yaml`")
