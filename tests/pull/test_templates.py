"""Texts with expressions that are to give other values."""

import pytest

from dashgen.source.expressions import evaluate
from dashgen.sync.pull.pull_templates import conditional, rewritten

TIER = {"tier": "pro"}


@pytest.mark.parametrize(
    ("template", "expected", "text"),
    [
        ('rate(x{t="${{ tier }}"}[5m])', 'rate(x{t="pro"}[10m])', 'rate(x{t="${{ tier }}"}[10m])'),
        ("Tier ${{ tier }}", "Level pro", "Level ${{ tier }}"),
        ("${{ tier }} of all", "pro of many", "${{ tier }} of many"),
    ],
)
def test_a_change_beside_an_expression_leaves_the_expression(template, expected, text):
    assert list(rewritten(template, evaluate(template, TIER), expected)) == [text]


@pytest.mark.parametrize("expected", ["Tier free", "something else"])
def test_a_change_of_what_an_expression_gives_cannot_be_made_around_it(expected):
    result = rewritten("Tier ${{ tier }}", "Tier pro", expected)
    assert all(evaluate(text, TIER) == expected for text in result)


@pytest.mark.parametrize(
    "value",
    ["s", "it's", 'say "it"', "both ' and \"", "{{label}}", "a\nb", "back\\slash", 3, 2.5, True, None],
)
@pytest.mark.parametrize("other", ["x", "of ${{ tier }}", "${{ tier }}", 7, None])
def test_a_choice_gives_the_value_in_its_turn_and_what_was_there_in_the_others(value, other):
    text = conditional("tier == 'pro'", value, other)
    assert text is not None
    assert evaluate(text, {"tier": "pro"}) == value
    expected = evaluate(other, {"tier": "free"}) if isinstance(other, str) else other
    assert evaluate(text, {"tier": "free"}) == expected


def test_what_looks_like_an_expression_is_no_part_of_a_choice():
    assert conditional("tier == 'pro'", "${{ secret }}", "x") is None
