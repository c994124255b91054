"""``dashgen annotate``."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, TargetNames, Url
from dashgen.cli.grafana_targets import Builds, cleaner, note, targets
from dashgen.cli.options import Environment, ProjectFolder, usage_error
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.model.duration import milliseconds
from dashgen.model.standing_annotations import epoch_milliseconds
from dashgen.project.targets import Chosen, Connection
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.annotations_api import Annotation
from dashgen.sync.push.apply_plan import planned_conflicts
from dashgen.sync.push.deploy_annotation import describe_deploy
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.event_kind import panel_id
from dashgen.sync.push.push import Push, Request, open_push
from dashgen.sync.push.push_plan import WRITES, Options
from dashgen.sync.push.save_message import default_message
from dashgen.sync.push.spec_locations import Built

EXIT_CONFLICT = 4


Text = Annotated[
    str | None, Argument(metavar="TEXT", help="What happened; the events of the specs when absent.")
]
Tags = Annotated[
    list[str] | None, Option("--tags", metavar="TAG", help="A tag; may be repeated, or use commas.")
]
Start = Annotated[
    str, Option("--from", metavar="TIME", help="When it began: `2026-03-01T09:30`, or `15m` ago.")
]
End = Annotated[str, Option("--to", metavar="TIME", help="When it ended.")]
DashboardUid = Annotated[str | None, Option("--dashboard", metavar="UID", help="Only on this dashboard.")]
PanelKey = Annotated[
    str | None, Option("--panel", metavar="KEY", help="Only on this panel of the dashboard.")
]
Deploy = Annotated[
    bool, Option("--deploy", help="A deployment: the commit, its author and a link to the run.")
]
Force = Annotated[bool, Option("--force", help="Overwrite events of the specs that others changed.")]


def annotate(
    text: Text = None,
    project: ProjectFolder = Path(),
    url: Url = "",
    target: TargetNames = None,
    env: Environment = None,
    tags: Tags = None,
    start: Start = "",
    end: End = "",
    dashboard: DashboardUid = None,
    panel: PanelKey = None,
    deploy: Deploy = False,
    force: Force = False,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Say what would be done; do nothing.")] = False,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
) -> None:
    """Mark an event on the graphs of a running Grafana.

    With TEXT (or --deploy) one event, now or at the given times. Without, the events that `kind: Annotations` lists in the
    specs: each is there once, however often this runs.

    Example: dashgen annotate "v2.3 launched" --tags feature-launch
    """
    if panel is not None and dashboard is None:
        usage_error("`--panel` needs to know of which dashboard", "add `--dashboard`")
    single = text is not None or deploy
    if not single and (tags or start or end or dashboard):
        usage_error(
            "it is not said what happened", "give a TEXT, or nothing at all for the events of the specs"
        )
    connection = Connection(url, ca_cert, client_cert, client_key)
    workspace, chosen = targets(project, env, target, connection)
    builds = Builds(workspace.root)
    code = 0
    for one in chosen:
        if not single:
            code = max(code, _standing(workspace.root, one, builds, force=force, dry_run=dry_run))
            continue
        said = _deployment(workspace.root) if text is None else text
        built = builds.of(one.environment) if panel is not None else None
        made = _event(said, _tags(tags, deploy=deploy), start, end, _place(built, dashboard, panel))
        _mark(one, made, dry_run=dry_run)
    if code:
        raise SystemExit(code)


def _deployment(root: Path) -> str:

    return describe_deploy(root, os.environ)


def _tags(given: list[str] | None, *, deploy: bool) -> tuple[str, ...]:
    split = [tag.strip() for some in given or () for tag in some.split(",")]
    return tuple(dict.fromkeys([*(tag for tag in split if tag), *(["deploy"] if deploy else [])]))


def _place(built: Built | None, dashboard: str | None, panel: str | None) -> tuple[str, int]:

    if dashboard is None or built is None:
        return dashboard or "", 0
    return dashboard, panel_id(built.summaries, dashboard, panel)


def _event(text: str, tags: tuple[str, ...], start: str, end: str, place: tuple[str, int]) -> Annotation:

    if not text.strip():
        usage_error("the text is empty", "say what happened")
    begun = _moment(start)
    ended = _moment(end) if end else begun
    if ended < begun:
        usage_error("it ends before it begins", "exchange `--from` and `--to`")
    return Annotation(text, begun, ended, tags, *place)


def _moment(text: str) -> int:
    """A time as Grafana stores it: now, so long ago, or a date."""
    now = time.time_ns() // 1_000_000
    if text in ("", "now"):
        return now
    ago = milliseconds(text.removeprefix("now-"))
    if ago is not None:
        return now - ago
    moment = epoch_milliseconds(text)
    if moment is None:
        usage_error(
            f"`{text}` is no time", "write `2026-03-01T09:30+04:00`, or `15m` for a quarter of an hour ago"
        )
    return moment


def _mark(chosen: Chosen, made: Annotation, *, dry_run: bool) -> None:

    word = "would mark" if dry_run else "marked"
    if not dry_run:
        with Grafana(chosen.settings) as grafana:
            grafana.annotations.create(made)
    sys.stdout.write(clean(f"{word} in {chosen.shown}: {made.text}") + "\n")


def _standing(root: Path, chosen: Chosen, builds: Builds, *, force: bool, dry_run: bool) -> int:
    """Push the events of the specs alone; the exit code that it calls for."""
    built = builds.of(chosen.environment)
    if built.failed:
        return 1
    request = Request(Options(force=force), whole=False, writes=not dry_run)
    with open_push(root, chosen, built.desired.events, os.environ, request) as push:
        note(push.notes, builds.notes)
        sys.stdout.write(f"{chosen.shown}\n")
        lines, code = _planned(push) if dry_run else _pushed(push)
        show = cleaner(push)
        sys.stdout.writelines(f"{show(line)}\n" for line in lines)
    return code


def _planned(push: Push) -> tuple[list[str], int]:

    words = {"create": "would be created", "update": "would be updated"}
    lines = [_line(words.get(step.act, step.act), step.item, step.reason) for step in push.steps]
    blocked = any(step.act not in (*WRITES, "unchanged") for step in push.steps)
    return lines, EXIT_CONFLICT if blocked else 0


def _pushed(push: Push) -> tuple[list[str], int]:

    applied = push.apply(default_message(push.root), lambda _: None)
    outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
    lines = [_line("unchanged", step.item, "") for step in push.unchanged]
    lines += [_line(one.end, one.step.item, one.message) for one in outcomes]
    return lines, max((one.exit_code for one in outcomes), default=0)


def _line(end: str, item: Item, why: str) -> str:
    return f"  {end} event `{item.uid}`: {why or item.title}"
