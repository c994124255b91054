"""Regular expressions: RE2's verdict, the empty text, and the names of groups."""

import pytest

from dashgen.query.re2_syntax import regex_facts

VALID = [
    # pattern, whether it matches the empty text, names
    ("", True, ()),
    ("abc", False, ()),
    ("abc?", False, ()),
    ("a?b*", True, ()),
    ("a|", True, ()),
    ("(a|b)+", False, ()),
    ("(a?)+", True, ()),
    (".*", True, ()),
    (".+", False, ()),
    ("^$", True, ()),
    (r"\b", False, ()),
    (r"\B", True, ()),
    ("(?i)error", False, ()),
    ("(?i:a*)", True, ()),
    ("(?P<level>[a-z]+) (?<rest>.*)", False, ("level", "rest")),
    ("a{2,3}b{0}", False, ()),
    ("a{0,3}", True, ()),
    ("a{,3}", False, ()),
    ("x{01}", False, ()),
    (r"\Qa(b\E*", False, ()),
    (r"\Q\E", True, ()),
    (r"[]a-z\d\]\pL[:alpha:]]", False, ()),
    (r"[^\p{Greek}[:^digit:]-]", False, ()),
    (r"\x{1F600}\012\.\-\_\/", False, ()),
    (r"(?-s).", False, ()),
    ("a*?", True, ()),
    ("^*", True, ()),
    ("a}{b", False, ()),
    ("(?P<a>b)(?P<a>c)", False, ("a", "a")),
]
INVALID = [
    # pattern, offset, words of the problem
    ("(a", 0, "never closed"),
    ("a)", 1, "closes nothing"),
    ("[a", 0, "never closed"),
    ("x[]", 1, "never closed"),
    ("*a", 0, "nothing to repeat"),
    ("a|+", 2, "nothing to repeat"),
    ("(?i)*", 4, "nothing to repeat"),
    ("a**", 2, "cannot follow another"),
    ("a{2}{3}", 4, "cannot follow another"),
    ("a{1001}", 1, "too often"),
    ("a{3,2}", 1, "too often"),
    ("(a{100}){100}", 8, "more than 1000"),
    ("(?=a)", 0, "lookarounds"),
    ("(?<!a)", 0, "lookarounds"),
    (r"(a)\1", 3, "backreferences"),
    ("(?P=n)", 0, "RE2 has no"),
    ("(?x)a", 0, "RE2 has no"),
    ("(?i-)a", 0, "RE2 has no"),
    ("(?P<a-b>c)", 0, "name of a group"),
    ("a\\", 1, "ends with a backslash"),
    (r"\Z", 0, "means nothing"),
    (r"\h", 0, "means nothing"),
    (r"\C", 0, "means nothing"),
    (r"\x{110000}", 0, "no character"),
    ("[z-a]", 1, "runs backwards"),
    (r"[a-\d]", 3, "means nothing"),
    ("[[:foo:]]", 1, "no class"),
    (r"\pX", 0, "no class"),
    (r"\p{greek}", 0, "no class"),
]


@pytest.mark.parametrize(("pattern", "takes_nothing", "names"), VALID)
def test_what_re2_takes_is_valid(pattern: str, takes_nothing: bool, names: tuple[str, ...]) -> None:
    facts = regex_facts(pattern)
    assert (facts.problem, facts.takes_nothing, facts.names) == ("", takes_nothing, names)


@pytest.mark.parametrize(("pattern", "offset", "problem"), INVALID)
def test_what_re2_refuses_has_its_place(pattern: str, offset: int, problem: str) -> None:
    facts = regex_facts(pattern)
    assert facts.offset == offset
    assert problem in facts.problem


def test_a_long_pattern_is_read_in_one_pass() -> None:
    assert regex_facts("(?:a|" * 20_000 + ")" * 20_000).problem == ""
    assert regex_facts("(?:a|" * 20_000).offset == 5 * 19_999
    assert regex_facts("(a" * 20_000).problem == "its groups nest more than 999 levels"
