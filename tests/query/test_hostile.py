"""Queries nobody writes, which must not stop or kill a build."""

import subprocess
import sys

import pytest

from dashgen.query import LANGUAGES, describe, is_metric_query, substitute

SIZE = 100_000


def filled(part):
    return part * (SIZE // len(part))


LONG = {
    "parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "calls": "abs(" * 10_000 + "x" + ")" * 10_000,
    "open parentheses": filled("("),
    "brackets": "[" * 50_000 + "]" * 50_000,
    "signs": filled("-") + "x",
    "sums": "+".join(["x"] * 25_000),
    "alternatives": " or ".join(["x"] * 15_000),
    "powers": "^".join(["x"] * 2_000),
    "matchers": "x{" + ",".join(f'a{i}="b"' for i in range(9_000)) + "}",
    "regular expression": 'x{a=~"' + filled("a|") + '"}',
    "words": filled("x y "),
    "name": filled("x"),
    "number": filled("1_"),
    "subqueries": "x" + filled("[5m:]"),
    "comments in braces": "+".join(['x{a="b" # }\n}'] * 6_000),
    "numbers in braces": "+".join(['x{a="#"}'] * 10_000),
    "calculated subqueries": "+".join(["up"] * 5_000 + ["x[5m]"] + ["x[step():]"] * 5_000),
    "quotes": filled("\"'`"),
    "escapes": 'x{a="' + filled("\\d") + '"}',
    "escaped quotes": filled('\\"'),
    "comment": "#" + filled("a"),
    "comments": filled("# a\n"),
    "spaces": filled(" ") + "x",
    "offsets": filled("offset "),
    "offsets and comments": filled("offset#"),
    "variables": filled("$a")[: SIZE // 2],
    "variables with fields": filled("${a.")[: SIZE // 2],
    "variables in a text": 'x{a="' + filled("$a") + '"}',
    "function variables": "$f(" * 5_000 + "x" + ")" * 5_000,
    "old variables": filled("[[a]]"),
    "LogQL rates": "rate(" * 15_000 + '{a="b"}[5m]' + ")" * 15_000,
    "LogQL choices": "topk(" * 10_000 + "x" + ")" * 10_000,
    "NUL": filled("\0"),
    "emoji": filled("😀"),
    "braces": "x" + filled("{}"),
    "commas": "sum(" + filled("x,") + "x)",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_hundred_thousand_characters_are_answered(kind):
    expr = LONG[kind]
    for language in LANGUAGES.values():
        parsed = language.parse(expr)
        assert -1 <= parsed.error_offset <= len(expr)
    describe(expr)
    is_metric_query(expr)
    assert len(substitute(expr)[0]) == len(expr)


def test_a_matcher_list_of_any_length_is_fine():
    assert LANGUAGES["prometheus"].parse(LONG["matchers"]).error == ""


@pytest.mark.parametrize("kind", ["sums", "alternatives"])
def test_a_chain_of_operators_of_any_length_is_fine(kind):
    assert LANGUAGES["prometheus"].parse(LONG[kind]).error == ""


@pytest.mark.parametrize("kind", ["parentheses", "calls", "powers", "function variables"])
def test_a_query_too_deep_for_the_parser_is_refused_with_the_place(kind):
    parsed = LANGUAGES["prometheus"].parse(LONG[kind])
    assert parsed.error == "the query nests more than 150 levels"
    assert 0 < parsed.error_offset < len(LONG[kind])


def test_too_many_signs_are_refused_with_the_place():
    parsed = LANGUAGES["prometheus"].parse("x + " + LONG["signs"])
    assert (parsed.error, parsed.error_offset) == ("more than 150 signs are in a row", 4)


DEEPEST_ALLOWED = """
import threading
from bisect import bisect_left
from dashgen.query import LANGUAGES, describe
threading.stack_size(512 * 1024)
shapes = ["({})", "abs({})", "sum by (a) ({})", "-{}", "x ^ {}", "avg_over_time({}[5m:])", "({} + 1)", "(x or x and x == x + x * x ^ {})"]
def run():
    for shape in shapes:
        nested = ["x"]
        while len(nested) < 1000:
            nested.append(shape.replace("{}", nested[-1]))
        refused = bisect_left(nested, True, key=lambda expr: bool(LANGUAGES["prometheus"].parse(expr).error))
        assert 1 < refused < len(nested), "all of them are parsed, or none"
        describe(nested[refused - 1])
        print(shape, refused, flush=True)
thread = threading.Thread(target=run)
thread.start()
thread.join()
print("alive")
"""


def test_the_deepest_query_that_is_parsed_fits_into_a_small_stack():
    run = subprocess.run([sys.executable, "-c", DEEPEST_ALLOWED], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1] == "alive"


TOO_LONG = [
    "x offset Inf",
    "x offset 1e30",
    "x[99999999999999999999]",
    "x[5m:1e30]",
    "x[1e19]",
    "x OFFSET NaN",
]


@pytest.mark.parametrize("expr", TOO_LONG)
def test_a_duration_that_no_server_can_count_is_refused(expr):
    assert LANGUAGES["prometheus"].parse(expr).error == "a duration is out of bounds"
