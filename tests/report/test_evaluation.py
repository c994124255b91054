"""Figures, tables and what is said of missing data, against servers that answer by dashgen's own evaluators."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashgen.doctor.live.run_queries import Servers
from dashgen.report.report_result import ReportResult
from dashgen.servers.telemetry import Prometheus
from tests.report.evaluated_servers import Evaluated, evaluated_servers
from tests.report.report_project import evaluate, figure, only_figure, write_report
from tests.telemetry.running import Scripted, endpoint

WEEKS = ("2026-11-14T00:00+04:00", "2026-11-30T08:00+04:00")
SIGNUPS = "sum(increase(app_signups_total[$__range]))"


@pytest.fixture
def known() -> Evaluated:
    return Evaluated()


@pytest.fixture
def servers(known: Evaluated) -> Iterator[tuple[Servers, Scripted, Scripted]]:
    with evaluated_servers(known) as running:
        yield running


def test_a_counter_is_counted_over_exactly_the_day(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", *WEEKS, 0.5)
    result = evaluate(write_report(tmp_path, [{"title": "S", "figures": [figure(SIGNUPS)]}]), servers[0])
    assert only_figure(result).value.number == pytest.approx(0.5 * 24 * 60)
    instant = [one for one in known.asked if "time" in one.fields]
    assert {(one.fields["query"][0], one.fields["time"][0]) for one in instant} == {
        ("sum(increase(app_signups_total[86400s]))", f"{at}.000")
        for at in (1795982400, 1795982400 - 86400, 1795982400 - 7 * 86400)
    }


def test_days_of_23_and_25_hours_have_their_own_length(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", "2026-10-16T00:00+00:00", "2026-10-27T00:00+00:00", 1)
    book = write_report(
        tmp_path,
        [{"title": "S", "figures": [figure(SIGNUPS)]}],
        timezone="Europe/Berlin",
        compare=["day before"],
    )
    one = only_figure(evaluate(book, servers[0], "2026-10-25"))
    assert one.value.number == pytest.approx(25 * 60)
    assert one.changes[0].before.number == pytest.approx(24 * 60)


CHANGES = {
    # rate of yesterday's day, of the day before: text, sentence
    (2, 1): ("+100 %", "100 % more than the day before"),
    (1, 2): ("−50 %", "50 % less than the day before"),
    (1, 1): ("±0", "the same as the day before"),
    (1, 0): ("", "0 the day before"),
    (0, 1): ("−100 %", "100 % less than the day before"),
}


@pytest.mark.parametrize("rates", CHANGES)
def test_a_figure_says_how_it_differs(
    rates: tuple[float, float], tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", "2026-11-27T23:00+04:00", "2026-11-29T00:00+04:00", rates[1])
    at = 1795896000 + 60
    base = rates[1] * 25 * 60
    for minute in range(24 * 60):
        known.series.add(
            {"__name__": "app_signups_total", "job": "shop"},
            (at + 60 * minute) * 1000,
            base + rates[0] * minute,
        )
    one = only_figure(
        evaluate(
            write_report(
                tmp_path,
                [{"title": "S", "figures": [figure(SIGNUPS, better="higher", decimals=0)]}],
                compare=["day before"],
            ),
            servers[0],
        )
    )
    change = one.changes[0]
    if rates == (1, 1):
        assert change.text in ("±0", "±0 %", "−0.07 %")
        return
    assert change.text == CHANGES[rates][0]
    assert change.sentence == CHANGES[rates][1]
    assert change.is_good is (rates[0] > rates[1])


def test_a_share_differs_in_points_and_meets_its_target(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.gauge("app_ratio", "2026-11-27T00:00+04:00", "2026-11-28T23:59:30+04:00", 0.9)
    known.gauge("app_ratio", "2026-11-29T00:01+04:00", WEEKS[1], 0.965)
    book = write_report(
        tmp_path,
        [{"title": "S", "figures": [figure("max(app_ratio)", unit="percentunit", target="at least 95%")]}],
        compare=["day before"],
    )
    one = only_figure(evaluate(book, servers[0]))
    assert (one.value.text, one.target, one.meets_target) == ("96.5%", "at least 95%", True)
    assert (one.changes[0].text, one.changes[0].is_good) == ("+6.5 points", True)


NOTHING = {
    "a metric that nobody has": "sum(increase(app_other_total[$__range]))",
    "a division by nothing": SIGNUPS + " * 0 / (" + SIGNUPS + " * 0)",
    "an infinite value": SIGNUPS + " / (" + SIGNUPS + " * 0)",
}


@pytest.mark.parametrize("query", NOTHING.values(), ids=NOTHING)
def test_what_is_missing_is_no_zero(
    query: str, tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", *WEEKS, 1)
    book = write_report(
        tmp_path,
        [
            {
                "title": "S",
                "text": "{{ signups }} came",
                "figures": [figure(query, sentence="{{ value }} came")],
            }
        ],
    )
    result = evaluate(book, servers[0])
    one = only_figure(result)
    assert (one.value.number, one.value.reason, one.sentence) == (None, "no data", "")
    assert result.sections[0].text == "(no data) came"
    assert result.failures == ()


def test_a_zero_that_nobody_measured_is_no_data(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", "2026-11-29T00:00+04:00", WEEKS[1], 0)
    book = write_report(tmp_path, [{"title": "S", "figures": [figure(f"{SIGNUPS} or vector(0)")]}])
    one = only_figure(evaluate(book, servers[0]))
    assert one.value.number == 0
    assert [change.before.reason for change in one.changes] == ["no data", "no data"]
    assert one.changes[0].sentence == "no data for the day before"


def test_a_server_that_is_newer_than_the_day_and_an_outage_are_said(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", "2026-11-28T13:00+04:00", "2026-11-29T06:00+04:00", 1)
    known.count("app_signups_total", "2026-11-29T08:00+04:00", WEEKS[1], 1)
    book = write_report(tmp_path, [{"title": "S", "figures": [figure(SIGNUPS)]}], compare=["day before"])
    result = evaluate(book, servers[0])
    assert result.remarks[0].startswith("Prometheus has no data of job `shop` from 2026-11-29 06:0")
    assert result.remarks[0].endswith("to 2026-11-29 08:00: figures are of the rest.")
    assert result.remarks[1].startswith("Prometheus has no data of job `shop` before 2026-11-28 1")
    assert "what is compared with Saturday, November 28, 2026 is of the rest" in result.remarks[1]
    assert only_figure(result).changes[0].incomplete


def test_a_counter_that_begins_during_the_day_is_nothing_incomplete(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", *WEEKS, 1)
    known.count("app_errors_total", "2026-11-29T15:00+04:00", WEEKS[1], 1, error="new")
    book = write_report(
        tmp_path,
        [
            {
                "title": "S",
                "figures": [figure(SIGNUPS), figure("sum(increase(app_errors_total[$__range]))", name="e")],
            }
        ],
    )
    assert evaluate(book, servers[0]).remarks == ()


def test_a_day_that_is_not_over_is_said(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", *WEEKS, 1)
    book = write_report(tmp_path, [{"title": "S", "figures": [figure(SIGNUPS)]}])
    result = evaluate(book, servers[0], "2026-11-30", datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
    assert "The day is not over: figures are up to 2026-11-30 06:00" in result.remarks[0]
    one = only_figure(result)
    assert one.value.number == pytest.approx(6 * 60)
    assert one.changes[0].before.number == pytest.approx(6 * 60)


def test_a_failed_query_is_named_and_the_rest_goes_on(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.count("app_signups_total", *WEEKS, 1)
    known.broken["app_cost"] = "too many \\u001b[31msamples"
    book = write_report(
        tmp_path,
        [
            {
                "title": "S",
                "figures": [figure("sum(increase(app_cost_total[$__range]))", title="Cost"), figure(SIGNUPS)],
                "tables": [
                    {"title": "By model", "query": "sum by (model) (increase(app_cost_total[$__range]))"}
                ],
            }
        ],
        compare=[],
    )
    result = evaluate(book, servers[0])
    cost, signups = result.sections[0].figures
    assert (cost.value.reason, cost.value.failed) == ("the query failed", True)
    assert signups.value.number == pytest.approx(1440)
    assert [one.subject for one in result.failures] == ["Cost", "By model"]
    assert "too many" in result.failures[0].reason
    assert "\x1b" not in result.failures[0].reason
    assert result.sections[0].tables[0].failed
    assert not result.has_no_answer


def test_a_figure_with_several_numbers_has_failed(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    for tier in ("free", "pro"):
        known.count("app_signups_total", *WEEKS, 1, tier=tier)
    book = write_report(
        tmp_path, [{"title": "S", "figures": [figure("increase(app_signups_total[$__range])")]}], compare=[]
    )
    result = evaluate(book, servers[0])
    assert only_figure(result).value.failed
    assert (
        result.failures[0].reason == "it gives 2 numbers and a figure is one; aggregate them, as with `sum`"
    )


def test_no_answer_at_all_is_known(tmp_path: Path) -> None:
    book = write_report(tmp_path, [{"title": "S", "figures": [figure(SIGNUPS)]}])
    servers = Servers(Prometheus(endpoint("http://127.0.0.1:1")))
    result = evaluate(book, servers)
    servers.close()
    assert result.has_no_answer
    assert "refuses connections" in result.failures[0].reason


def test_a_data_source_without_a_server_is_named(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    book = write_report(
        tmp_path,
        [
            {
                "title": "S",
                "figures": [figure('sum(count_over_time({app="shop"} [$__range]))', datasource="loki")],
            }
        ],
    )
    result = evaluate(book, Servers(servers[0].prometheus))
    assert "give `--loki`, or the `--url` of a Grafana" in result.failures[0].reason


def lines_of_two_days(known: Evaluated) -> None:
    for hour in range(24):
        known.line(f"2026-11-28T{hour:02}:30+04:00", '{"level": "error", "kind": "timeout"}')
        for kind in ("timeout", "model", "<b>broken</b>"):
            known.line(f"2026-11-29T{hour:02}:10+04:00", f'{{"level": "error", "kind": "{kind}"}}')


ERRORS = 'sum by (kind) (count_over_time({app="shop"} | json | level="error" [$__range]))'


def test_a_table_has_the_largest_first_and_says_what_changed(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    lines_of_two_days(known)
    known.line("2026-11-29T12:10+04:00", '{"level": "error", "kind": "model"}')
    table = {
        "title": "Errors", "datasource": "loki", "query": ERRORS, "columns": {"kind": "Error"}, "value": "Times",
        "compare": True, "rows": 2,
    }  # fmt: skip
    result = evaluate(write_report(tmp_path, [{"title": "S", "tables": [table]}]), servers[0])
    [errors] = result.sections[0].tables
    assert errors.headings == ("Error", "Times", "Day before")
    assert [(row.labels, row.value, row.change) for row in errors.rows] == [
        (("model",), "25", "not there"),
        (("<b>broken</b>",), "24", "not there"),
    ]
    assert errors.left_out == 1


def test_an_empty_table_has_its_own_words_unless_there_are_no_lines(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    lines_of_two_days(known)
    query = ERRORS.replace('level="error"', 'level="fatal"')
    table = {"title": "Errors", "datasource": "loki", "query": query, "empty": "No errors."}
    book = write_report(tmp_path, [{"title": "S", "tables": [table]}], compare=[])

    def note(result: ReportResult) -> str:
        return result.sections[0].tables[0].note

    assert note(evaluate(book, servers[0])) == "No errors."
    missing = evaluate(book, servers[0], "2026-11-20")
    assert note(missing) == "no data"
    assert missing.remarks == ('Loki has no line in `{app="shop"}` of Friday, November 20, 2026.',)


def test_a_stream_that_begins_during_the_day_is_said(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.line("2026-11-29T13:30+04:00", '{"level": "error", "kind": "x"}')
    table = {"title": "Errors", "datasource": "loki", "query": ERRORS}
    result = evaluate(write_report(tmp_path, [{"title": "S", "tables": [table]}], compare=[]), servers[0])
    assert result.remarks == (
        'Loki has no lines of `{app="shop"}` before 2026-11-29 13:00: figures are of the rest.',
    )


def test_numbers_may_have_texts(
    tmp_path: Path, known: Evaluated, servers: tuple[Servers, Scripted, Scripted]
) -> None:
    known.gauge("app_verdict", *WEEKS, 1, variant="brief")
    words = {"1": "better", "0": "no difference shown"}
    table = {"title": "Verdict", "query": "app_verdict", "columns": {"variant": "Variant"}, "texts": words}
    book = write_report(
        tmp_path, [{"title": "S", "figures": [figure("max(app_verdict)", texts=words)], "tables": [table]}]
    )
    result = evaluate(book, servers[0])
    assert result.sections[0].figures[0].value.text == "better"
    assert result.sections[0].tables[0].rows[0].value == "better"
