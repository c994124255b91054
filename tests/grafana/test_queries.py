"""Queries through Grafana to its data sources."""

from typing import Any

import pytest

from dashgen.servers.grafana import GrafanaError, NotFoundError
from dashgen.servers.grafana.grafana_errors import RefusedError
from dashgen.servers.grafana.queries_api import NumberColumn, QueryAnswer, QueryRange, read_answer
from tests.grafana.fake import FakeConfig, FakeGrafana
from tests.grafana.support import connect

SPAN = QueryRange(start=1_700_000_000.0, end=1_700_003_600.0, step=15.0, points=100)
OVER_TIME = {
    "schema": {"fields": [{"name": "Time", "type": "time"}, {"name": "Value", "type": "number"}]},
    "data": {"values": [[1, 2, 3], [1.5, None, 2]]},
}
LINES = {
    "schema": {
        "meta": {"notices": [{"text": "slow"}]},
        "fields": [{"type": "time"}, {"type": "string"}, {"type": "other"}],
    },
    "data": {"values": [[1, 2], ["a", "b"], [{}, {}]]},
}


@pytest.fixture
def asked(fake: FakeGrafana) -> FakeGrafana:
    with connect(fake) as grafana:
        grafana.data_sources.create(
            {"uid": "prometheus", "name": "P", "type": "prometheus", "access": "proxy"}
        )
    fake.store.frames["up"] = [OVER_TIME, OVER_TIME]
    return fake


def test_a_panels_query_is_asked_and_its_rows_are_counted(asked: FakeGrafana) -> None:
    with connect(asked) as grafana:
        found = grafana.queries.ask("prometheus", {"refId": "B", "expr": "up"}, SPAN)
    column = NumberColumn({}, ((0.001, 1.5), (0.003, 2.0)))
    assert found == QueryAnswer(series=2, rows=4, columns=(column, column))
    sent = asked.log[-1].json
    assert (sent["from"], sent["to"]) == ("1700000000000", "1700003600000")
    assert sent["queries"][0]["intervalMs"] == 15_000


def test_a_query_that_is_refused_says_why(asked: FakeGrafana) -> None:
    with connect(asked) as grafana, pytest.raises(RefusedError, match="parse error"):
        grafana.queries.ask("prometheus", {"expr": "sum(up"}, SPAN)


def test_a_data_source_that_is_missing_is_not_found(asked: FakeGrafana) -> None:
    with connect(asked) as grafana, pytest.raises(NotFoundError):
        grafana.queries.ask("gone", {"expr": "up"}, SPAN)


def test_a_grafana_that_is_not_there_is_no_doubt_about_a_change() -> None:
    with (
        FakeGrafana(FakeConfig()) as fake,
        connect(fake, url="http://127.0.0.1:1") as grafana,
        pytest.raises(GrafanaError) as caught,
    ):
        grafana.queries.ask("prometheus", {"expr": "up"}, SPAN)
    assert caught.value.rule == "grafana/unreachable"


def test_lines_of_a_log_are_rows() -> None:
    assert read_answer({"frames": [LINES]}) == QueryAnswer(0, 2, ("slow",))


@pytest.mark.parametrize(
    "result", [{}, {"frames": [{"schema": {"fields": [7]}, "data": {"values": 7}}]}, {"frames": 7}]
)
def test_frames_of_any_shape_are_no_rows(result: dict[str, Any]) -> None:
    assert read_answer(result).rows == 0
