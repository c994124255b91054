import pytest

from dashgen.query.shared_tokens import DEEPEST, LOGQL_WORDS, matching_close, tokenize, too_deep, unbalanced


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sum by (a) (x)", ["sum", "by", "(", "a", ")", "(", "x", ")"]),
        ('x{a=~"b c", d!="e"}', ["x", "{", "a", "=~", '"b c"', ",", "d", "!=", '"e"', "}"]),
        ("x[1h:5m]", ["x", "[", "1h", ":", "5m", "]"]),
        ("job:x:sum + 1.5e-3", ["job:x:sum", "+", "1.5e-3"]),
        ("0x1F * 1_000", ["0x1F", "*", "1_000"]),
        ("x # the 'rest'\n+ y", ["x", "+", "y"]),
        (r'"a\"b" `c\`', [r'"a\"b"', r"`c\`"]),
        ("x >= bool 1", ["x", ">=", "bool", "1"]),
        ("é", ["é"]),
        ("x 'open", ["x", "'open"]),
    ],
)
def test_a_query_is_cut_into_words(text, words):
    assert [token.text for token in tokenize(text)] == words


def test_an_apostrophe_opens_no_text_in_logql():
    assert [token.kind for token in tokenize("'a'", LOGQL_WORDS)] == ["other", "name", "other"]


def test_words_know_where_they_stand():
    text = 'sum(rate(x{a="b"}[5m])) # done'
    assert all(text[token.start : token.end] == token.text for token in tokenize(text))


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("rate(x[5m]", "`(` is never closed", 4),
        ("rate(x[5m]))", "`)` closes nothing", 11),
        ("x[5m)", "`)` is where `[` has to be closed", 4),
        ('x{a="b}', 'the text that starts with " has no end', 4),
        ("((x)", "`(` is never closed", 0),
    ],
)
def test_a_bracket_or_quote_without_its_partner_is_found(text, message, offset):
    fault = unbalanced(tokenize(text))
    assert fault is not None
    assert (fault.message, fault.offset) == (message, offset)
    assert fault.hint


@pytest.mark.parametrize("text", ["", "x", '{a="}"}', "x['(']", "f(g[h]){}"])
def test_balanced_brackets_are_no_fault(text):
    assert unbalanced(tokenize(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "x" + ")" * 300,
        "+".join("x" * 300),
        " AND ".join("x" * 300),
        "(x+" * 150 + "x" + ")" * 150,
        "-" * 300 + "x",
    ],
)
def test_a_query_that_nests_too_deep_is_found(text):
    fault = too_deep(tokenize(text))
    assert fault is not None
    assert str(DEEPEST) in fault.message
    assert 0 <= fault.offset < len(text)


@pytest.mark.parametrize(
    "text",
    [
        "(x)" * 300,
        ",".join(["x + 1"] * 100),
        "x{" + ",".join(f'a{i}="b"' for i in range(300)) + "}",
        "x{a='" + "+" * 300 + "'}",
    ],
)
def test_a_long_query_need_not_be_deep(text):
    assert too_deep(tokenize(text)) is None


def test_the_closing_bracket_is_found_past_inner_ones():
    tokens = tokenize("f(g(x)[5m]) + 1")
    assert matching_close(tokens, 1) == 9
    assert matching_close(tokenize("f(x"), 1) == 3
