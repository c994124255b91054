"""``dashgen annotate``."""

import os
import sys
import time
from typing import Annotated, NamedTuple

from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions
from dashgen.cli.grafana_targets import Builds, cleaner, for_each_target, note, targets
from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.model.duration import milliseconds
from dashgen.model.standing_annotations import epoch_milliseconds
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.sync.push.apply_plan import planned_conflicts
from dashgen.sync.push.deploy_annotation import describe_deploy
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.event_kind import panel_id
from dashgen.sync.push.push import Push, PushRequest, open_push
from dashgen.sync.push.push_plan import WRITES, PlanOptions
from dashgen.sync.push.save_message import default_message

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


OnlyShow = Annotated[bool, Option("--dry-run", "-n", help="Say what would be done; do nothing.")]


class EventOptions(NamedTuple):
    """An event, and what is done with it."""

    tags: Tags = None
    start: Start = ""
    end: End = ""
    dashboard: DashboardUid = None
    panel: PanelKey = None
    deploy: Deploy = False
    force: Force = False
    dry_run: OnlyShow = False


def annotate(
    grafanas: GrafanaOptions,
    options: EventOptions,
    certificates: CertificateOptions,
    text: Text = None,
) -> None:
    """Mark an event on the graphs of a running Grafana.

    With TEXT (or --deploy) one event, now or at the given times. Without, the events that `kind: Annotations` lists in the
    specs: each is there once, however often this runs.

    Example: dashgen annotate "v2.3 launched" --tags feature-launch
    """
    if options.panel is not None and options.dashboard is None:
        usage_error("`--panel` needs to know of which dashboard", "add `--dashboard`")
    is_single = text is not None or options.deploy
    if not is_single and (options.tags or options.start or options.end or options.dashboard):
        usage_error(
            "there is no text for the event", "give a TEXT, or nothing at all for the events of the specs"
        )
    workspace, chosen = targets(grafanas, certificates)
    builds = Builds(workspace.root)

    def act(target: Chosen) -> int:
        if not is_single:
            return _push_events(target, builds, options)
        described = describe_deploy(workspace.root, os.environ) if text is None else text
        _mark(target, _event(described, options, _panel_id(target, builds, options)), options)
        return 0

    for_each_target(chosen, act)


def _panel_id(target: Chosen, builds: Builds, options: EventOptions) -> int:
    """The number of the panel that the event is on; 0 when it is on none."""
    if options.panel is None or options.dashboard is None:
        return 0
    return panel_id(builds.of(target.environment).summaries, options.dashboard, options.panel)


def _event(text: str, options: EventOptions, panel: int) -> LiveAnnotation:
    if not text.strip():
        usage_error("the text is empty", "say what happened")
    start = _moment(options.start)
    end = _moment(options.end) if options.end else start
    if end < start:
        usage_error("it ends before it begins", "exchange `--from` and `--to`")
    tags = [tag.strip() for listed in options.tags or () for tag in listed.split(",")]
    tags = [*filter(None, tags), *(["deploy"] if options.deploy else [])]
    return LiveAnnotation(text, start, end, tuple(dict.fromkeys(tags)), options.dashboard or "", panel)


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
            f"`{text}` is not a time", "write `2026-03-01T09:30+04:00`, or `15m` for a quarter of an hour ago"
        )
    return moment


def _mark(chosen: Chosen, event: LiveAnnotation, options: EventOptions) -> None:
    word = "would mark" if options.dry_run else "marked"
    if not options.dry_run:
        with Grafana(chosen.settings) as grafana:
            grafana.annotations.create(event)
    sys.stdout.write(clean(f"{word} in {chosen.shown}: {event.text}") + "\n")


def _push_events(chosen: Chosen, builds: Builds, options: EventOptions) -> int:
    """Push the events of the specs alone; the exit code that it calls for."""
    built = builds.of(chosen.environment)
    if built.failed:
        return 1
    request = PushRequest(PlanOptions(force=options.force), whole=False, writes=not options.dry_run)
    with open_push(builds.root, chosen, built.desired.events, os.environ, request) as push:
        note(push.notes, builds.notes)
        sys.stdout.write(f"{chosen.shown}\n")
        lines, code = _planned(push) if options.dry_run else _pushed(push)
        show = cleaner(push)
        sys.stdout.writelines(f"{show(line)}\n" for line in lines)
    return code


def _planned(push: Push) -> tuple[list[str], int]:
    act_texts = {"create": "would be created", "update": "would be updated"}
    lines = [_line(act_texts.get(step.act, step.act), step.item, step.reason) for step in push.steps]
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
