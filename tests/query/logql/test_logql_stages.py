"""Log queries in steps."""

import pytest

from dashgen.query.logql.stages import log_stages, stream_matchers


@pytest.mark.parametrize(
    ("expr", "stages"),
    [
        ('{app="bot"}', ['{app="bot"}']),
        (
            '{app="bot"} |= "x" | json | level="error"',
            [
                '{app="bot"}',
                '{app="bot"} |= "x"',
                '{app="bot"} |= "x" | json',
                '{app="bot"} |= "x" | json | level="error"',
            ],
        ),
        (
            'topk(5, sum by (u) (sum_over_time({app="bot"} | json | u!="" | unwrap cost | __error__="" [1h])))',
            ['{app="bot"}', '{app="bot"} | json', '{app="bot"} | json | u!=""'],
        ),
        ('{a="b"} != "x" !~ "y"', ['{a="b"}', '{a="b"} != "x"', '{a="b"} != "x" !~ "y"']),
        ('rate({a="b"}[5m]) / rate({c="d"}[5m])', ['{a="b"}']),
        ('{a="|"} |~ "{x}"', ['{a="|"}', '{a="|"} |~ "{x}"']),
        ("sum(", []),
        ('{a="b"', []),
        ("", []),
    ],
)
def test_a_query_grows_stage_by_stage(expr: str, stages: list[str]) -> None:
    assert log_stages(expr) == stages


def test_the_conditions_on_streams_are_read() -> None:
    assert stream_matchers('rate({app="bot", level=~"a|b"} | x="y" [5m])') == [
        ("app", "=", "bot"),
        ("level", "=~", "a|b"),
    ]
    assert stream_matchers("1") == []
