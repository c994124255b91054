"""A query of another language gets the hint that its data source is the wrong one."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.other_language import other_language_hint


@pytest.mark.parametrize(
    ("language", "expr", "name"),
    [
        ("prometheus", '{app="a"} |= "x"', "LogQL"),
        ("prometheus", 'sum(count_over_time({app="a"} | json [5m]))', "LogQL"),
        ("prometheus", "{ resource.service.name = `a` } | rate()", "TraceQL"),
        ("loki", "sum(rate(http_requests_total[5m]))", "PromQL"),
        ("loki", "up", "PromQL"),
        ("tempo", '{app="a"} |= "x"', "LogQL"),
        ("loki", "{}", ""),
        ("loki", 'sum({app="a"})', ""),
        ("loki", '{app="a"} | jsn', ""),
        ("prometheus", "sum(rate(x[5m])", ""),
        ("tempo", "{ a = 1 }", ""),
    ],
)
def test_the_language_of_a_query_is_recognised(language: str, expr: str, name: str) -> None:
    assert LANGUAGES[language].parse(expr).error
    hint = other_language_hint(expr, language, LANGUAGES)
    assert hint.startswith(f"this is {name}:") if name else hint == ""
