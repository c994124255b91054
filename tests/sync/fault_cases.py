"""The faults, the requests that they are tried at, and what becomes of a push that meets one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dashgen.formats import resources as kinds
from dashgen.formats.resources import Key
from dashgen.sync.push.apply_plan import StepEnd
from dashgen.sync.push.ledger import TAG
from tests.grafana.fake import Fault, FaultKind, When
from tests.grafana.fake.notifications_kubernetes import uid_of
from tests.sync.fault_stage import PushEnd, Stage

_AFTER: Final = ("cut-off", "cut-json", "huge", "huge-undeclared", "deep")
_BOTH: Final = (
    "reset", "status 500", "status 502", "status 429", "status 429 with Retry-After", "status 409", "status 412",
    "status 401", "status 403", "status 400", "html", "login", "elsewhere",
)  # fmt: skip
_SLOW: Final = (
    ("hang", When.BEFORE),
    ("hang", When.AFTER),
    ("drip", When.AFTER),
    ("drip-headers", When.AFTER),
)
FAULTS: Final = (
    *((name, when) for name in _BOTH for when in When),
    *((name, When.AFTER) for name in _AFTER),
    *_SLOW,
)
READ_FAULTS: Final = (
    ("reset", When.BEFORE), ("status 500", When.BEFORE), ("status 429 with Retry-After", When.BEFORE),
    ("status 401", When.BEFORE), ("status 403", When.BEFORE), ("html", When.BEFORE), ("login", When.BEFORE),
    ("elsewhere", When.BEFORE), ("cut-json", When.AFTER), ("huge", When.AFTER),
)  # fmt: skip
_MINE: Final = (kinds.DASHBOARD, "mine")


@dataclass(frozen=True)
class Target:
    """A request, and the resource that it is about.

    `gone` when that is deleted, `dry` for one that only asks, `times` how often a push without a fault sends it.
    """

    name: str
    key: Key
    method: str
    path: str
    gone: bool = False
    dry: bool = False
    times: int = 1


@dataclass(frozen=True)
class Verdict:
    """What became of one case: the word for it, and the exit code that the fault called for."""

    word: str
    code: int

    def __str__(self) -> str:
        return f"{self.word} ({self.code})" if self.code else self.word


WORDS: Final = {
    "verified": "Grafana had made the change; the push checked that, and went on",
    "repeated": "the push checked what is in Grafana, and sent the request once more",
    "ignored": "the request that failed is not needed: the push is complete",
    "went on": "the request was sent once more, or was not needed",
    "resumed": "the push reported the failure, and the next one made the missing changes",
    "conflict": "the push took the change for somebody else's and left it alone; the next one made it",
    "left": "the push could not read enough to delete it, left it and said so; the next one deleted it",
    "reported": "everything was done, but the push could not know and reported a failure; the next one succeeded",
}


def fault(name: str, when: When, **more: Any) -> Fault:
    """A fault by its name."""
    plain, _, extra = name.partition(" with ")
    kind, _, status = plain.partition(" ")
    status_option = {"status": int(status)} if status else {}
    headers = {"Retry-After": "1"} if extra else {}
    return Fault(FaultKind(kind), when, size=3 * 2**20, headers=headers, **status_option, **more)


def targets(stage: Stage) -> list[Target]:
    """Every request that writes."""
    old = stage.fake.config.major < 12
    change = ("POST", "/api/dashboards/db$") if old else ("PUT", "/dashboards/plain$")
    note = {key: number for number, key in _notes(stage)}
    event = next(
        number for number, item in stage.store["annotations"].items() if "event:sale" in item["tags"]
    )
    has_resources = stage.fake.config.major >= 13
    template, group = (kinds.TEMPLATE, "short"), (kinds.RULE_GROUP, "sales/shop-health")
    return [
        *([] if old else [Target("dry run", (kinds.DASHBOARD, "plain"), *change, dry=True)]),
        Target("dashboard, new", (kinds.DASHBOARD, "shop"), "POST", "/dashboards(/db)?$"),
        Target("dashboard", (kinds.DASHBOARD, "plain"), *change),
        Target("dashboard, deleted", (kinds.DASHBOARD, "old"), "DELETE", "/old$", gone=True),
        Target("folder, new", (kinds.FOLDER, "new"), "POST", "/api/folders$"),
        Target("folder", (kinds.FOLDER, "other"), "PUT", "/api/folders/other$"),
        Target("folder, deleted", (kinds.FOLDER, "old-folder"), "DELETE", "/old-folder$", gone=True),
        Target("data source, new", (kinds.DATA_SOURCE, "loki"), "POST", "/api/datasources$"),
        Target("data source", (kinds.DATA_SOURCE, "prometheus"), "PUT", "/uid/prometheus$"),
        *_of_notifications(stage),
        Target("rule group", group, "PUT", "/(shop-health|alertrules/many-errors)$"),
        *(
            [Target("alert rule, deleted", group, "DELETE", "/alertrules/few-orders$")]
            if has_resources
            else []
        ),
        Target("event", (kinds.EVENT, "sale"), "PATCH", f"/annotations/{event}$"),
        Target("note, new", (kinds.CONTACT_POINT, "ops-slack"), "POST", "/annotations$"),
        Target("note", template, "PATCH", f"/annotations/{note['short']}$", times=2),
    ]


def _of_notifications(stage: Stage) -> list[Target]:
    """The requests that write notifications: over the provisioning API, or over `/apis` from Grafana 13 on."""
    new, point = (kinds.CONTACT_POINT, "ops-slack"), (kinds.CONTACT_POINT, "office-email")
    timing, template = (kinds.MUTE_TIMING, "weekend"), (kinds.TEMPLATE, "short")
    if stage.fake.config.major < 13:
        return [
            Target("contact point, new", new, "POST", "/contact-points$"),
            Target("contact point", point, "PUT", "/office-email$"),
            Target("mute timing", timing, "PUT", "/weekend$"),
            Target("template", template, "PUT", "/templates/short$"),
        ]
    return [
        Target("contact point, new", new, "POST", "/receivers$"),
        Target("contact point", point, "PUT", f"/receivers/{uid_of('office')}$"),
        Target("mute timing", timing, "PUT", f"/timeintervals/{uid_of('weekend')}$"),
        Target("template", template, "PUT", f"/templategroups/{uid_of('short')}$"),
        Target("inhibition rule, new", (kinds.INHIBITION_RULE, "quiet"), "POST", "/inhibitionrules$"),
        Target("inhibition rule", (kinds.INHIBITION_RULE, "down"), "PUT", "/inhibitionrules/down$"),
        Target(
            "inhibition rule, deleted",
            (kinds.INHIBITION_RULE, "old"),
            "DELETE",
            "/inhibitionrules/old$",
            gone=True,
        ),
    ]


def _notes(stage: Stage) -> Iterator[tuple[int, str]]:
    for number, item in stage.store["annotations"].items():
        if TAG in item["tags"]:
            yield number, item["text"].partition('"uid":"')[2].partition('"')[0]


WHOLE: Final = ("12", "13.3")
"""The setups on which all requests are tried; on the others those of `EVERYWHERE` are."""
EVERYWHERE: Final = (
    "dry run",
    "dashboard, new",
    "dashboard",
    "dashboard, deleted",
    "folder",
    "rule group",
    "alert rule, deleted",
    "note",
    "inhibition rule, new",
    "inhibition rule",
    "inhibition rule, deleted",
)
_READING: Final = ("dashboard", "dashboard, new", "dashboard, deleted", "data source", "rule group", "event")
_SLOWLY: Final = ("10", "12", "13.3")
_AT_SLOW_ONES: Final = ("dashboard", "rule group")


def targets_of_fault(stage: Stage, setup: str, name: str, when: When) -> list[Target]:
    """The requests at which a fault is tried: all on one version, those that differ on the others."""
    requests = [target for target in targets(stage) if setup in WHOLE or target.name in EVERYWHERE]
    if (name, when) not in _SLOW:
        return requests
    return [target for target in requests if target.name in _AT_SLOW_ONES] if setup in _SLOWLY else []


@dataclass
class Case:
    """A push of one resource, with an edit of somebody beside it."""

    stage: Stage
    target: Target

    @property
    def expected(self) -> dict[str, Any]:
        """What is there after a push without a fault."""
        pictures = self.stage.pictures
        if self.target.name not in pictures:
            self.reset()
            end = self.push()
            assert end.code == 4, end
            assert self.stage.fake.log.writes
            pictures[self.target.name] = self.stage.picture()
        return pictures[self.target.name]

    def reset(self) -> None:
        self.stage.reset([self.target.key, _MINE] if self.target.gone else [])

    def push(self) -> PushEnd:
        desired = self.stage.wanted.only(frozenset(self._uids))
        return self.stage.push(desired, whole=self.target.gone)

    @property
    def _uids(self) -> set[str]:
        kind, uid = self.target.key
        uids = {"mine"}
        return (
            uids if self.target.gone else uids | {uid.rpartition("/")[2] if kind == kinds.RULE_GROUP else uid}
        )

    def meet(self, fault: Fault) -> Verdict:
        """Meet a fault and push again; nothing may be lost or doubled."""
        expected = self._without_notes(self.expected, fault)
        self.reset()
        met = self.stage.fake.fail(fault)
        end = self.push()
        assert met.done == 1, f"{self.target.name}: the fault was not met"
        after = self._without_notes(self.stage.picture(), fault)
        sent = max(1, 1 - self.target.times + sum(_is_about(fault, call) for call in self.stage.fake.log))
        assert after["dashboards"]["mine"] == expected["dashboards"]["mine"], "the edit is lost"
        verdict = self._verdict(end, sent, fault, done=after == expected)
        self.stage.fake.faults.clear()
        again = self.push()
        assert again.code == 4, again
        after = self._without_notes(self.stage.picture(), fault)
        assert after == expected, f"{self.target.name}: the next push does not converge"
        return verdict

    def _without_notes(self, picture: dict[str, Any], fault: Fault) -> dict[str, Any]:
        """Where an account may not note what it pushes, it pushes without."""
        barred = fault.status == 403 and fault.kind is FaultKind.STATUS
        return {**picture, "notes": []} if barred and self.target.name.startswith("note") else picture

    def _verdict(self, end: PushEnd, sent: int, fault: Fault, *, done: bool) -> Verdict:
        failed = [outcome for outcome in end.outcomes if outcome.exit_code and outcome.step.key != _MINE]
        if end.error or failed:
            assert end.error or all(outcome.message for outcome in failed), failed
            code = max((outcome.exit_code for outcome in failed), default=end.code)
            assert code in (1, 3, 4), end
            if done:
                return Verdict("reported", code)
            return Verdict(
                "conflict" if any(outcome.end is StepEnd.CONFLICT for outcome in failed) else "resumed", code
            )
        if not done and self.target.gone and fault.at is not None:
            # Over the classic API nobody sees whether a dashboard that is stored in schema v2 was edited.
            return Verdict("left", 0)
        assert done, end
        unwritten = self.target.name.startswith("note") and sent == 1 and fault.when is When.BEFORE
        if self.target.dry or unwritten:
            return Verdict("ignored", 0)
        return Verdict("verified" if sent == 1 else "repeated", 0)


def _is_about(fault: Fault, call: Any) -> bool:
    return replace(fault, done=0, times=99, at=None).meets(0, call)


def armed_at(target: Target, name: str, when: When) -> Fault:
    """A fault at the request of a target."""
    return fault(name, when, method=target.method, path=target.path, writes_only=not target.dry)


def reads_of(case: Case) -> list[int]:
    """The numbers of the requests of a push that read."""
    case.reset()
    case.push()
    return [number for number, call in enumerate(case.stage.fake.log) if call.method == "GET"]


def cell(verdicts: Mapping[str, Verdict]) -> str:
    """Outcomes for a table: each with how often it was."""
    counts = Counter(str(verdict) for verdict in verdicts.values())
    return ", ".join(f"{word} × {count}" for word, count in sorted(counts.items())) or "–"


def at_writes(stage: Stage, setup: str, name: str, when: When) -> dict[str, Verdict]:
    """What becomes of pushes that meet a fault at a request that writes, by the names of the requests."""
    return {
        t.name: Case(stage, t).meet(armed_at(t, name, when))
        for t in targets_of_fault(stage, setup, name, when)
    }


def at_reads(stage: Stage, setup: str, name: str, when: When) -> dict[str, Verdict]:
    """What becomes of pushes that meet a fault at a request that reads, by its resource and number.

    Every read meets one fault on each version, and two on the one that has all requests.
    """
    verdicts: dict[str, Verdict] = {}
    step = len(READ_FAULTS) // (2 if setup == "12" else 1)
    stage.detects = True
    try:
        for target in targets(stage):
            if target.name not in _READING or (setup not in WHOLE and target.name not in _AT_SLOW_ONES):
                continue
            case = Case(stage, target)
            for number in reads_of(case):
                if (number + READ_FAULTS.index((name, when))) % step == 0:
                    verdict = case.meet(fault(name, when, at=number))
                    done = verdict.word in ("verified", "repeated", "ignored")
                    verdicts[f"{target.name} {number}"] = Verdict("went on", 0) if done else verdict
    finally:
        stage.detects = False
    return verdicts
