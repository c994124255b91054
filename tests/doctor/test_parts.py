"""The pure parts: clocks, published ports, containers, contract differences, money."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.doctor import (
    application_link,
    clocks_link,
    contacts_link,
    containers_link,
    disk_link,
    ports_link,
    scraping_link,
)
from dashgen.doctor.chain import ChainLink
from dashgen.doctor.reach import Reach, ReachState, skew_of
from dashgen.doctor.scraping_link import ScrapeAddresses
from dashgen.doctor.spending import ModelCost, saving, spending_of_lines, table
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.tools import Disk, ProgramResult
from dashgen.model.project_file import CostFields, DoctorOptions
from dashgen.query import same_promql
from dashgen.servers.grafana.evaluation import Delivery
from dashgen.servers.telemetry.prometheus_client import ScrapedTarget
from dashgen.sync.install.compose import ComposeService, Stack

NOON = "Mon, 23 Nov 2026 12:00:00 GMT"
NOON_SECONDS = 1_795_435_200.0


@pytest.mark.parametrize(
    ("date", "began", "ended", "skew"),
    [
        (NOON, 0.1, 0.2, 0.0),
        (NOON, -0.5, 1.5, 0.0),
        (NOON, -60.0, -59.0, 59.0),
        (NOON, 61.0, 62.0, -60.0),
        ("", 0.0, 1.0, None),
        ("yesterday", 0.0, 1.0, None),
    ],
)
def test_a_clock_is_compared_to_the_second(date: str, began: float, ended: float, skew: float | None) -> None:
    assert skew_of(date, NOON_SECONDS + began, NOON_SECONDS + ended) == skew


@pytest.mark.parametrize(
    ("skews", "wrong"),
    [
        ({ChainLink.APP: 0.0, ChainLink.LOKI: 4.0}, []),
        ({ChainLink.APP: 0.0, ChainLink.LOKI: -7200.0}, ["the clock of Loki is wrong"]),
        ({ChainLink.APP: 300.0, ChainLink.LOKI: 301.0}, ["the clock of this machine is wrong"]),
        (
            {ChainLink.APP: 300.0, ChainLink.LOKI: -300.0},
            ["the clock of the application is wrong", "the clock of Loki is wrong"],
        ),
        ({ChainLink.APP: 300.0}, ["the clock of the application is wrong"]),
    ],
)
def test_the_clock_that_differs_from_the_others_is_wrong(
    skews: Mapping[ChainLink, float], wrong: list[str]
) -> None:
    assert [fault.finding.what for fault in clocks_link.judge(skews)] == wrong


def test_how_far_clocks_are_apart_is_said_in_words() -> None:
    (fault,) = clocks_link.judge({ChainLink.APP: 0.0, ChainLink.LOKI: -7200.0})
    assert "it is 2 h behind this machine" in fault.finding.evidence


def test_a_renamed_metric_is_one_difference() -> None:
    found = [
        Diagnostic(
            "contract/missing", "`app_users` is declared but not exported", hint="did you mean `app_user`?"
        ),
        Diagnostic("contract/undeclared", "`app_user` (gauge) is exported but no contract declares it"),
        Diagnostic(
            "contract/undeclared", "`other` is exported but no contract declares it", hint="declare it"
        ),
    ]
    faults = list(application_link.judge(found, "`cmd`"))
    assert [one.finding.cause for one in faults] == [
        "it is called `app_user` now",
        "the application has a metric that the contract lacks",
    ]


def test_many_differences_are_listed_up_to_ten() -> None:
    found = [Diagnostic("contract/type", f"`m{number}` is wrong") for number in range(25)]
    faults = list(application_link.judge(found, "`cmd`"))
    assert len(faults) == 11
    assert faults[-1].finding.what == "15 more differences between contract and application"


@pytest.mark.parametrize(
    ("out", "count"),
    [
        ('{"Service": "a", "State": "running"}\n{"Service": "b", "State": "running"}\n', 2),
        ('[{"Service": "a", "State": "running"}, 7]', 1),
        ("", 0),
        ("{", 0),
        ("7", 0),
    ],
)
def test_both_forms_of_docker_compose_ps_are_read(out: str, count: int) -> None:
    assert len(containers_link.containers_of(ProgramResult(0, out))) == count


def test_a_port_that_nothing_publishes_is_no_finding_for_a_server_with_an_address() -> None:
    stack = StackFiles(Stack(Path()))
    assert list(ports_link.judge_published(stack, frozenset())) == []
    reaches = {ChainLink.LOKI: Reach(ChainLink.LOKI, "http://localhost:3100", ReachState.OTHER, "not Loki")}
    (fault,) = ports_link.judge_answers(reaches, None)
    assert fault.breaks == (ChainLink.LOKI,)


def test_a_target_is_known_by_its_address_here_and_in_its_network() -> None:
    where = ScrapeAddresses(ChainLink.APP, frozenset({("localhost", 18000), ("app", 8000)}))
    assert where.has("http://127.0.0.1:18000/metrics")
    assert where.has("http://app:8000/metrics")
    assert not where.has("http://app:8001/metrics")
    assert not where.has("http://[::1")


def test_a_target_that_answers_here_has_another_address_there() -> None:
    where = [ScrapeAddresses(ChainLink.LOKI, frozenset({("loki", 3100)}))]
    target = ScrapedTarget("loki", "http://loki:3100/metrics", "down", "no such host", {})
    (fault,) = scraping_link.judge([target], where, [], "`reload`")
    assert "Loki answers here" in fault.finding.cause
    assert list(scraping_link.judge([target], where, [ChainLink.LOKI], "`reload`")) == []


@pytest.mark.parametrize(
    ("total", "free", "full"),
    [(2**40, 2**36, False), (2**40, 2**34, True), (2**32, 2**29, True), (2**32, 2**31, False)],
)
def test_a_disk_is_full_below_a_twentieth_or_a_gigabyte(total: int, free: int, full: bool) -> None:
    assert bool(disk_link.judge(Path("/x"), Disk(total, free))) is full


def test_the_path_of_a_webhook_is_a_secret() -> None:
    (fault,) = contacts_link.judge(
        [Delivery("team", "slack", 'Post "https://hooks.slack.com/services/T/B/x": refused')]
    )
    assert fault.finding.evidence == 'Post "https://hooks.slack.com/***": refused'


LINES = [
    {"query": "a", "model": "large", "user_id": 1, "tool": "x", "cost": 0.9, "tokens": 100_000},
    {"query": "a", "model": "large", "user_id": 1, "tool": "x", "cost": 0.1, "tokens": 20_000},
    {"query": "b", "model": "small", "user_id": 2, "cost": 0.1, "tokens": 100_000},
    {"query": "c", "cost": "much", "tokens": True},
    {"query": "d", "cost": -1},
    {},
]


def test_costs_are_summed_by_what_a_line_says() -> None:
    spent = spending_of_lines(LINES, "cost")
    assert [(one.text, one.cost) for one in spent.questions] == [("a", 0.9), ("b", 0.1)]
    assert spent.users == (("1", 1.0), ("2", 0.1))
    assert spent.tools == (("x", 1.0),)
    assert spent.models == {"large": ModelCost(1.0, 120_000), "small": ModelCost(0.1, 100_000)}
    assert spent.total == pytest.approx(1.1)


def test_the_fields_of_costs_are_those_of_the_project() -> None:
    fields = CostFields(question="prompt", model="llm", user="account", tool="skill", tokens="size")
    line = {"prompt": "a", "llm": "large", "account": "x", "skill": "y", "price": 0.5, "size": 7}
    spending = spending_of_lines([line, {"query": "b", "model": "m", "cost": 1}], "price", fields)
    assert [(one.text, one.model, one.user) for one in spending.questions] == [("a", "large", "x")]
    assert spending.tools == (("y", 0.5),)
    assert spending.models == {"large": ModelCost(0.5, 7.0)}


def test_the_names_of_the_application_and_published_passwords_are_those_of_the_project() -> None:
    services = (
        ComposeService(name, f"{name}:1", (), (), (), {}, Location("compose.yaml"))
        for name in ("app", "shop")
    )
    stack = Stack(Path(), services=tuple(services))
    files = StackFiles(
        stack, options=DoctorOptions(application=["shop"], public_passwords=["Shop-Example-Password"])
    )
    service = files.service(ChainLink.APP)
    assert service is not None
    assert service.name == "shop"
    assert files.is_public("shop-example-password")
    assert files.is_public("admin")
    assert not StackFiles(stack).is_public("shop-example-password")


def test_what_a_cheaper_model_saves_comes_from_what_was_paid() -> None:
    spent = spending_of_lines(LINES, "cost")
    found = saving(spent.models, spent.models)
    assert found is not None
    assert found.model == "small"
    # 120 000 tokens at a dollar a million, instead of a dollar.
    assert found.saved == pytest.approx(1.0 - 0.12)
    assert any("saved $0.88" in line for line in table(spent, "$", found))


def test_without_two_prices_nothing_is_said_of_saving() -> None:
    assert saving({"large": ModelCost(1.0, 10)}, {"large": ModelCost(1.0, 10)}) is None
    assert (
        saving({"large": ModelCost(1.0, 10)}, {"large": ModelCost(1.0, 0), "small": ModelCost(1.0, 5)})
        is None
    )
    assert saving({}, {"large": ModelCost(1.0, 10), "small": ModelCost(1.0, 50)}) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sum by (le) (rate(a[5m]))", "sum(rate(a[300s])) by (le)", True),
        ("increase(a[24h]) > 50", "increase(a[1d])   > 50", True),
        ("rate(a[5m])", "rate(a[6m])", False),
        ("sum(", "sum( ", True),
        ("sum(", "sum)", False),
    ],
)
def test_promql_is_the_same_however_it_is_spelt(one: str, other: str, same: bool) -> None:
    assert same_promql(one, other) is same
