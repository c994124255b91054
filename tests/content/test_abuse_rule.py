"""The rule against heavy users, in the part that can be shown without a Loki: which log lines it counts, and for whom.

The LogQL of the rule is taken apart (stream, parser, filters, window, grouping, limit) and run over sample lines by
this module. What is not shown here is that Loki itself agrees.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

SHAPE = re.compile(
    r"sum by \((?P<by>\w+)\) \(count_over_time\(\{app=\"bot\"\} \| json (?P<filters>.*) \[1h\]\)\)\s*> (?P<limit>\d+)"
)
FILTER = re.compile(r"\| (\w+)\s*(=|!=)\s*\"([^\"]*)\"")


def firing(rule: dict[str, Any], lines: Iterable[str]) -> set[str]:
    """The users for whom the rule fires, given the lines of one hour."""
    shape = SHAPE.fullmatch(" ".join(rule["expr"].split()))
    assert shape is not None, rule["expr"]
    filters = FILTER.findall(shape["filters"])
    assert len(filters) == shape["filters"].count("|")
    counts: Counter[str] = Counter()
    for line in lines:
        labels = parsed(line)
        if all((labels.get(name, "") == value) == (sign == "=") for name, sign, value in filters):
            counts[labels.get(shape["by"], "")] += 1
    return {user for user, count in counts.items() if count > int(shape["limit"])}


def parsed(line: str) -> dict[str, str]:
    """The labels that `| json` makes of a line."""
    try:
        data = json.loads(line)
    except ValueError:
        return {"__error__": "JSONParserErr"}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in data.items()}


def asked(user: str | int, times: int, event: str = "query") -> list[str]:
    return [
        json.dumps({"event": event, "user_id": user, "query": f"villa {n}", "cost": 0.02})
        for n in range(times)
    ]


@pytest.mark.parametrize(
    ("lines", "users"),
    [
        (asked("u1", 51), {"u1"}),
        (asked("u1", 50), set()),
        (asked("u1", 30) + asked("u2", 30), set()),
        (asked("u1", 60) + asked("u2", 3) + asked("u3", 51), {"u1", "u3"}),
        (asked("u1", 200, event="command"), set()),
        (asked("", 100), set()),
        ([json.dumps({"event": "query"})] * 100, set()),
        (["GET /healthz 200"] * 100, set()),
        (asked(42, 51), {"42"}),
        ([], set()),
    ],
    ids=[
        "one too many", "exactly fifty", "fifty of several users", "several users", "commands do not count",
        "nobody's lines", "lines without a user", "lines that are not JSON", "a number as user", "no lines",
    ],
)  # fmt: skip
def test_a_user_is_reported_for_more_than_fifty_questions(
    rules: dict[str, dict[str, Any]], lines: list[str], users: set[str]
) -> None:
    assert firing(rules["HeavyUser"], lines) == users
