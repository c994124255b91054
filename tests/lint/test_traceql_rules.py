"""What lint rules about TraceQL find, and what they leave alone."""

import pytest

from tests.lint.lint_queries import messages, panel_query

ALONE = {
    "traceql/all-traces": [
        "{} | rate()",
        "{ status = error }",
        "{} >> { status = error }",
        "1f2e3d4c5b6a7980",
    ],
    "traceql/unscoped-attribute": [
        "{ span.a = 1 }",
        "{ name = `a` }",
        '{ resource."a b" = 1 }',
        "{ .duration > 1s }",
    ],
    "traceql/attribute-like-intrinsic": [
        "{ duration > 1s }",
        "{ span.duration > 1s }",
        '{ .status = "open" }',
        "{ .duration > 5 }",
        '{ .name = "a" }',
    ],
    "traceql/duration-without-unit": [
        "{ duration > 100ms }",
        "{ span.a > 100 }",
        "{ duration > 0 }",
        "{ duration > 5000000 }",
        "{ duration > $min }",
        "{} | count() > 2",
    ],
    "traceql/plain-text-pattern": [
        '{ name =~ "a.*" }',
        '{ name =~ "$name" }',
        '{ name = "a" }',
        '{ name =~ "a|b" }',
    ],
    "traceql/ignored-hint": ["{} | rate() with (sample=true)", "{ name = `a` } with (most_recent=true)"],
    "traceql/success-as-ok": ["{ status = error }", "{ status != error }", '{ span.a = "ok" }'],
    "traceql/endless-series": [
        "{} | rate() by (span.http.route)",
        "{} | rate() by (span.user.id) | topk(5)",
        "{ span.user.id = 1 } | rate()",
    ],
    "traceql/impossible-filter": [
        "{ span.a = 1 } && { span.a = 2 }",
        "{ span.a = 1 || span.a = 2 }",
        "{ span.a = 1 && span.a = 1 }",
        "{ span.a = $b && span.a = $c }",
        "{ event.a = 1 && event.a = 2 }",
        "{ span.a != 1 && span.a = 2 }",
        "{ span.a = 1 && (span.b = 2 || span.a = 3) }",
    ],
    "traceql/deep-structure": ["{ name = `a` } >> { name = `b` } >> { name = `c` }", "{} && {} && {} && {}"],
}
FOUND = {
    "traceql/all-traces": ["{}", " { } "],
    "traceql/unscoped-attribute": ["{ .a = 1 }", '{ span.b = 2 && .http.method = "GET" }'],
    "traceql/attribute-like-intrinsic": ["{ .duration > 1s }", "{ .status = error }", "{ .kind = server }"],
    "traceql/duration-without-unit": ["{ duration > 100 }", "{ traceDuration >= 1.5 }", "{ 100 < duration }"],
    "traceql/plain-text-pattern": ['{ name !~ "GET /a" }', "{ resource.service.name =~ `a-b` } | rate()"],
    "traceql/ignored-hint": ["{ name = `a` } with (foo=1)"],
    "traceql/success-as-ok": ["{ status != ok }", "{ span.a = 1 && status = ok } | rate()"],
    "traceql/endless-series": ["{} | rate() by (span.user.id)", "{} | count_over_time() by (trace:id)"],
    "traceql/impossible-filter": [
        "{ span.a = 1 && span.b = 2 && span.a = 3 }",
        '{ (name = "a") && (name = "b") }',
    ],
    "traceql/deep-structure": ["{} >> {} >> {} >> {}"],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in ALONE.items() for text in texts])
def test_sound_trace_queries_have_no_finding(rule: str, text: str) -> None:
    query = panel_query(text, "tempo")
    assert query.facts is not None, "the query does not parse"
    assert messages(rule, query) == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_each_form_of_a_fault_in_a_trace_query_has_one_finding(rule: str, text: str) -> None:
    query = panel_query(text, "tempo")
    assert query.traceql, "the query does not parse"
    assert len(messages(rule, query)) == 1
