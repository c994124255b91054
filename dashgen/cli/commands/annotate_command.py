"""``dashgen annotate``."""

import os
import sys
import time
from typing import Annotated, NamedTuple

from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions, OnlyShow, TransferOptions
from dashgen.cli.documents.small_documents import EventsDocument, ReportedEvent
from dashgen.cli.grafana_targets import TargetRun, cleaner, targets
from dashgen.cli.options import EXIT_CONFLICT, EXIT_FINDINGS, ListFormat, ListOutputFormat, usage_error
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.model.duration import milliseconds
from dashgen.model.standing_annotations import epoch_milliseconds
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.servers.grafana.permission_table import ResourceAccess
from dashgen.servers.grafana.required_permissions import Need, require_permissions
from dashgen.sync.push.apply_plan import planned_conflicts
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.event_kind import panel_id
from dashgen.sync.push.push import Push, PushRequest
from dashgen.sync.push.push_plan import WRITES, PlanOptions
from dashgen.sync.push.save_message import default_message, describe_deploy

Text = Annotated[
    str | None, Argument(metavar="TEXT", help="Text of the event; default: the events of the specs.")
]
Tags = Annotated[
    list[str] | None, Option("--tags", metavar="TAG", help="Add this tag; may be repeated, or use commas.")
]
Start = Annotated[
    str,
    Option("--from", metavar="TIME", help="Start: `2026-03-01T09:30`, or `15m` ago; default: now."),
]
End = Annotated[str, Option("--to", metavar="TIME", help="End; default: the start.")]
DashboardUid = Annotated[
    str | None, Option("--dashboard", metavar="UID", help="Show the event only on this dashboard.")
]
PanelKey = Annotated[
    str | None, Option("--panel", metavar="KEY", help="Show the event only on this panel of the dashboard.")
]
Deploy = Annotated[
    bool, Option("--deploy", help="Mark a deployment: the commit, its author and a link to the run.")
]
Force = Annotated[bool, Option("--force", help="Overwrite events of the specs that others changed.")]

_OPERATIONS = (ResourceAccess.READ, ResourceAccess.CREATE)


class EventOptions(NamedTuple):
    """An event, and how it is added."""

    tags: Tags = None
    start: Start = ""
    end: End = ""
    dashboard: DashboardUid = None
    panel: PanelKey = None
    deploy: Deploy = False
    force: Force = False
    dry_run: OnlyShow = False
    output_format: ListOutputFormat = ListFormat.TEXT


class _EventRun(TargetRun, frozen=True):
    """A run that collects its events for JSON, or prints a line for each."""

    events: list[ReportedEvent] = []

    def show(self, event: ReportedEvent, line: str) -> None:
        """Take an event, with its line for people."""
        self.events.append(event)
        if self.form is ListFormat.TEXT:
            sys.stdout.write(f"{line}\n")

    def document(self) -> EventsDocument:
        """All events."""
        return EventsDocument(events=self.events)


def annotate(
    grafanas: GrafanaOptions,
    options: EventOptions,
    certificates: CertificateOptions,
    text: Text = None,
) -> None:
    """Mark an event on the graphs of a running Grafana.

    With TEXT or --deploy, add one event, at the current time or at --from. Without, push the events of `kind:
    Annotations` in the specs; each of them is added once, however often this runs.

    Example: dashgen annotate "v2.3 launched" --tags feature-launch
    """
    if options.panel is not None and options.dashboard is None:
        usage_error("`--panel` needs a dashboard", "add `--dashboard`")
    is_single = text is not None or options.deploy
    if not is_single and (options.tags or options.start or options.end or options.dashboard):
        usage_error(
            "there is no text for the event", "give a TEXT, or nothing at all for the events of the specs"
        )
    workspace, chosen = targets(grafanas, TransferOptions(certificates=certificates))
    run = _EventRun(workspace.root, quiet=True, form=options.output_format)

    def act(target: Chosen) -> int:
        if not is_single:
            return _push_events(target, run, options)
        described = describe_deploy(workspace.root, os.environ) if text is None else text
        event = _event(described, options, _panel_id(target, run, options))
        _mark(target, event, options)
        outcome = "would mark" if options.dry_run else "marked"
        run.show(
            ReportedEvent(target.name or None, target.settings.url, None, clean(event.text), outcome),
            clean(f"{outcome} in {target.shown}: {event.text}"),
        )
        return 0

    run.for_each(chosen, act)


def _panel_id(target: Chosen, run: TargetRun, options: EventOptions) -> int:
    """The id of the panel that the event is on; 0 when it is on none, as in Grafana's API."""
    if options.panel is None or options.dashboard is None:
        return 0
    # Errors in specs are printed, and do not keep a panel of another dashboard from being found.
    run.built(target.environment, "")
    return panel_id(run.builds[target.environment].summaries, options.dashboard, options.panel)


def _event(text: str, options: EventOptions, panel: int) -> LiveAnnotation:
    if not text.strip():
        usage_error("the text is empty", "describe the event")
    start = _moment(options.start)
    end = _moment(options.end) if options.end else start
    if end < start:
        usage_error("`--to` is before `--from`", "swap the two")
    tags = [tag.strip() for listed in options.tags or () for tag in listed.split(",")]
    tags = [*filter(None, tags), *(["deploy"] if options.deploy else [])]
    return LiveAnnotation(text, start, end, tuple(dict.fromkeys(tags)), options.dashboard or "", panel)


def _moment(text: str) -> int:
    """The milliseconds since 1970 of a date, of a duration before now, or of now."""
    now = time.time_ns() // 1_000_000
    if text in ("", "now"):
        return now
    # `now-15m` is Grafana's notation for `15m` ago.
    ago = milliseconds(text.removeprefix("now-"))
    if ago is not None:
        return now - ago
    moment = epoch_milliseconds(text)
    if moment is None:
        usage_error(
            f"`{text}` is not a time", "write `2026-03-01T09:30+04:00`, or `15m` for a quarter of an hour ago"
        )
    return moment


def _mark(target: Chosen, event: LiveAnnotation, options: EventOptions) -> None:
    if not options.dry_run:
        with Grafana(target.settings) as grafana:
            capabilities = grafana.capabilities
            # In which folder the dashboard is, on which permissions depend too, is not known here.
            kind = "dashboard-event" if event.dashboard_uid else "event"
            # After a lost answer it is looked for, so that it is there once.
            needs = [Need(kind, operation, subject=event.subject) for operation in _OPERATIONS]
            require_permissions(needs, capabilities.permissions, capabilities.login, "nothing was marked")
            grafana.annotations.create(event)


def _push_events(target: Chosen, run: _EventRun, options: EventOptions) -> int:
    """Push only the events of the specs, and return the exit code."""
    built = run.built(target.environment, "")
    if built is None:
        return EXIT_FINDINGS
    request = PushRequest(PlanOptions(force=options.force), whole=False, writes=not options.dry_run)
    with run.opened(target, built.desired.events, request) as (push, _):
        if run.form is ListFormat.TEXT:
            sys.stdout.write(f"{target.shown}\n")
        outcomes, code = _planned(push) if options.dry_run else _pushed(push)
        show = cleaner(push)
        for one in outcomes:
            name, url, message = target.name or None, target.settings.url, show(one.reason or one.item.title)
            line = show(f"  {one.outcome} event `{one.item.uid}`: {one.reason or one.item.title}")
            run.show(ReportedEvent(name, url, one.item.uid, message, one.outcome), line)
    return code


class _EventOutcome(NamedTuple):
    outcome: str
    item: Item
    reason: str


def _planned(push: Push) -> tuple[list[_EventOutcome], int]:
    outcomes = {"create": "would be created", "update": "would be updated"}
    lines = [_EventOutcome(outcomes.get(step.act, step.act), step.item, step.reason) for step in push.steps]
    blocked = any(step.act not in (*WRITES, "unchanged") for step in push.steps)
    return lines, EXIT_CONFLICT if blocked else 0


def _pushed(push: Push) -> tuple[list[_EventOutcome], int]:
    applied = push.apply(default_message(push.root), lambda _: None)
    outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
    lines = [_EventOutcome("unchanged", step.item, "") for step in push.unchanged]
    lines += [_EventOutcome(outcome.end, outcome.step.item, outcome.message) for outcome in outcomes]
    return lines, max((outcome.exit_code for outcome in outcomes), default=0)
