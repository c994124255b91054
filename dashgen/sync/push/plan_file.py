"""A plan as a file: what a push would do, for people to review and for `dashgen apply` to do exactly.

The file has what specs define, never what is in Grafana: of that it has checksums and versions, by which
`dashgen apply` sees whether anything moved. References to the environment stay references.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import orjson

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import replace_file
from dashgen.core.json_values import Json
from dashgen.core.version import VERSION
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.normal_items import SCHEME, digest
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import WRITES, PushStep, StepAction
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

FORMAT: Final = 1
_MOST_BYTES: Final = 512 * 2**20
_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_AGAIN: Final = "make it again with `dashgen push --plan-out`"


class PlannedState(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource was when the plan was made; it has to be so still when the plan is applied."""

    fingerprint: str
    version: str = ""


class PlannedStep(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happens to one resource.

    Attributes:
        changes: what that changes, in words.
        theirs: what somebody else changed since the last push, in words.
        wanted: the checksum of what the spec says.
        seen: the resource as it was; nothing when it was not there.
        verdict: whether it was as pushed last.
        early: whether a deletion comes before what is created.
        form: the form that a dashboard is stored in afterwards.
        content: what is written; nothing when the step writes nothing.
        specs: what the specs define, where what is written keeps edits made in Grafana.
    """

    kind: str
    uid: str
    title: str
    action: StepAction
    reason: str = ""
    changes: list[str] = []
    theirs: list[str] = []
    spec: str = ""
    folder: list[str] = []
    folder_uid: str = ""
    wanted: str = ""
    seen: PlannedState | None = None
    verdict: Verdict = Verdict.OURS
    early: bool = False
    form: str = ""
    content: Json | None = None
    specs: Json | None = None

    @property
    def item(self) -> Item:
        """The resource."""
        return self._item(self.content or {})

    @property
    def specs_item(self) -> Item | None:
        """The resource as the specs define it, where what is written keeps edits made in Grafana."""
        return None if self.specs is None else self._item(self.specs)

    def _item(self, content: Json) -> Item:
        folder_and_spec = (self.folder_uid, tuple(self.folder), self.spec)
        return Item(self.kind, self.uid, self.title, content, *folder_and_spec, form=self.form)


class PlannedTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The Grafana that a plan is for."""

    url: str
    name: str = ""
    organization: int | None = None
    version: str = ""


class PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    """A plan.

    Attributes:
        format: the version of this form.
        dashgen: the version of dashgen that made it.
        target: the Grafana.
        environment: the environment that the specs were built for.
        specs: the fingerprint of all specs.
        message: why, for the history in Grafana.
        steps: what happens, in this order.
        unchanged: how many resources are as they should be.
    """

    target: PlannedTarget
    steps: list[PlannedStep]
    specs: str
    message: str
    unchanged: int = 0
    environment: str | None = None
    format: int = FORMAT
    dashgen: str = VERSION


def planned(push: Push, specs: str, message: str, show: Callable[[str], str]) -> PlanFile:
    """The plan of a push.

    Args:
        push: the push; nothing of it is applied.
        specs: the fingerprint of the specs that it is made from.
        message: why, for the history in Grafana.
        show: takes secrets and control characters out of a sentence.
    """
    settings = push.chosen.settings
    version = push.grafana.capabilities.version
    target = PlannedTarget(
        url=settings.url,
        name=push.chosen.name,
        organization=settings.org_id,
        version=str(version) if version else "",
    )
    return PlanFile(
        target=target,
        steps=[_planned_step(step, show) for step in push.steps if step.act is not StepAction.UNCHANGED],
        specs=specs,
        message=show(message),
        unchanged=len(push.unchanged),
        environment=push.chosen.environment,
    )


def _planned_step(step: PushStep, show: Callable[[str], str]) -> PlannedStep:
    item, writes = step.item, step.act in WRITES and step.wanted is not None
    return PlannedStep(
        kind=item.kind,
        uid=item.uid,
        title=item.title,
        action=step.act,
        reason=show(step.reason),
        changes=list(map(show, change_sentences(step.changes))),
        theirs=list(map(show, change_sentences(step.theirs))),
        spec=item.spec,
        folder=list(item.folder),
        folder_uid=item.folder_uid,
        # With references as they are written, so that it is the same on every machine.
        wanted=digest(step.specs or item) if writes else "",
        seen=seen(step.live) if step.live else None,
        verdict=step.verdict,
        early=step.early,
        form=item.form,
        content=dict(item.content) if writes else None,
        specs=dict(step.specs.content) if step.specs else None,
    )


def seen(live: LiveItem) -> PlannedState:
    """What a resource is recognised by when the plan is applied."""
    return PlannedState(fingerprint=digest(live.item), version=kind_of(live.item).precondition(live))


def write_plan(path: Path, plan: PlanFile) -> None:
    """Write a plan, for its owner only, in one step.

    Raises:
        DashgenError: it cannot be written.
    """
    body = msgspec.to_builtins(plan)
    content = orjson.dumps({**body, "checksum": _checksum(body)}, option=_OPTIONS)
    try:
        replace_file(path, content, 0o600)
    except OSError as error:
        raise DashgenError(f"cannot write the plan `{path}`: {os_reason(error)}") from None


def _checksum(body: Json) -> str:
    return sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_plan(path: Path) -> tuple[PlanFile | None, list[Diagnostic]]:
    """A plan, or why there is none that could be applied."""
    try:
        # A plan comes from elsewhere, so its size is looked at before it fills the memory.
        if path.stat().st_size > _MOST_BYTES:
            return None, [_problem(path, "plan/unreadable", "it is far larger than any plan")]
        body = orjson.loads(read_regular(path))
    except OSError as error:
        return None, [
            Diagnostic("plan/unreadable", f"cannot read the plan: {os_reason(error)}", Location(str(path)))
        ]
    except (ValueError, RecursionError):
        message = "it is not a whole plan: it is not JSON, or a part of it is missing"
        return None, [_problem(path, "plan/unreadable", message)]
    plan_or_problem = _checked(body)
    if isinstance(plan_or_problem, tuple):
        return None, [_problem(path, *plan_or_problem)]
    return plan_or_problem, []


def _checked(body: object) -> PlanFile | tuple[str, str]:
    """The plan, or the rule that it breaks and how."""
    if not isinstance(body, dict) or not isinstance(body.get("format"), int) or "checksum" not in body:
        return "plan/unreadable", "it is not a plan that dashgen wrote"
    if body["format"] != FORMAT:
        writer = f"dashgen {body.get('dashgen')}"
        return (
            "plan/format",
            f"it has format {body['format']}, of {writer}; this version reads format {FORMAT}",
        )
    # Somebody may have approved the plan as it was: what is applied has to be that.
    checksum = body.pop("checksum")
    if checksum != _checksum(body):
        return "plan/changed", "it was changed after dashgen wrote it: its checksum does not match"
    try:
        plan = msgspec.convert(body, PlanFile)
    except msgspec.ValidationError as error:
        return "plan/unreadable", f"it is not a plan that dashgen wrote: {error}"
    if not all(map(_is_sound, plan.steps)):
        return "plan/unreadable", "it has steps that dashgen never plans"
    # Checksums of another scheme never match, which would look as if everything had moved.
    marks = [
        mark for step in plan.steps for mark in (step.wanted, step.seen.fingerprint if step.seen else "")
    ]
    if any(mark and not mark.startswith(SCHEME) for mark in marks):
        return (
            "plan/format",
            f"dashgen {plan.dashgen} made it, whose checksums differ from those of {VERSION}",
        )
    return plan


def _is_sound(step: PlannedStep) -> bool:
    if step.kind not in resource_kinds():
        return False
    if step.action in (StepAction.CREATE, StepAction.UPDATE) and (step.content is None or not step.wanted):
        return False
    return step.action is StepAction.CREATE or step.action not in WRITES or step.seen is not None


def _problem(path: Path, rule: str, message: str) -> Diagnostic:
    return Diagnostic(rule, message, Location(str(path)), _AGAIN)
