"""The tree of a query says what it reads and calls, each part at its place in the text."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.required_versions import TargetServer, requirement_remarks
from dashgen.query.traceql.traceql_names import Type
from dashgen.query.traceql.traceql_nodes import (
    FieldNode,
    FieldOperation,
    Intrinsic,
    MetricsStage,
    SeriesFilter,
    SpanAttribute,
    SpanFilter,
    SpanSetOperation,
    TracePipeline,
    walk,
)
from dashgen.query.traceql.traceql_parser import parse
from tests.query.traceql.test_query_tables import VALID


def tree(text: str):
    return parse(text)[0]


def fields_of(query):
    return [node for node in walk(query) if isinstance(node, SpanAttribute | Intrinsic)]


@pytest.mark.parametrize("text", VALID)
def test_a_part_is_within_the_part_it_belongs_to(text):
    query = tree(text)
    for node in walk(query):
        assert 0 <= node.start <= node.end <= len(text)
        below = [part for part in walk(node) if part is not node]
        assert all(node.start <= part.start <= part.end <= node.end for part in below)


def test_the_text_of_a_part_is_between_its_offsets():
    text = '{ (.a + span."b c") * 2 > -1 && status = error } >> {} | rate() by (name) > 5s with (sample=0.1)'
    texts = {type(node).__name__: text[node.start : node.end] for node in reversed([*walk(tree(text))])}
    assert texts == {
        "TraceQuery": text,
        "QueryHint": "sample=0.1",
        "Literal": "2",
        "SeriesFilter": "> 5s",
        "MetricsStage": "rate() by (name)",
        "Intrinsic": "status",
        "SpanFilter": '{ (.a + span."b c") * 2 > -1 && status = error }',
        "SpanSetOperation": '{ (.a + span."b c") * 2 > -1 && status = error } >> {}',
        "FieldOperation": '(.a + span."b c") * 2 > -1 && status = error',
        "SignedField": "-1",
        "Parenthesized": '(.a + span."b c")',
        "SpanAttribute": ".a",
        "TracePipeline": text.removesuffix(" with (sample=0.1)"),
    }


def test_a_walk_goes_through_a_query_in_the_order_of_its_text():
    text = "{ .a && (.b || .c) } >> { .d } | by(.e) | max(.f) > 1 | rate() by (.g, .h)"
    assert "".join(field.name for field in fields_of(tree(text))) == "abcdefgh"


@pytest.mark.parametrize(
    ("text", "scope", "name"),
    [
        (".a.b", "", "a.b"),
        ("span.a-b", "span", "a-b"),
        ('resource."service name"', "resource", "service name"),
        ('.a."b c".d', "", "a.b c.d"),
        (r'event."a\"b\\c"', "event", r'a"b\c'),
        ("instrumentation.x", "instrumentation", "x"),
    ],
)
def test_an_attribute_has_its_scope_and_its_name_without_quotes(text, scope, name):
    (attribute,) = fields_of(tree(f"{{ {text} }}"))
    assert isinstance(attribute, SpanAttribute)
    assert (attribute.scope, attribute.name) == (scope, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("duration", "duration"),
        ("span:duration", "duration"),
        ("trace:rootService", "rootServiceName"),
        ("span: childCount", "span:childCount"),
        ("event:/* x */name", "event:name"),
    ],
)
def test_two_names_of_an_intrinsic_are_one(text, name):
    (intrinsic,) = fields_of(tree(f"{{ {text} != nil }}"))
    assert isinstance(intrinsic, Intrinsic)
    assert intrinsic.name == name


@pytest.mark.parametrize(
    ("condition", "shape"),
    [
        (".a || .b && .c", "((.a || .b) && .c)"),
        (".a && .b = .c", "(.a && (.b = .c))"),
        (".a = .b = .c", "((.a = .b) = .c)"),
        (".a + .b * .c ^ .d ^ .e = 1", "((.a + (.b * (.c ^ (.d ^ .e)))) = 1)"),
        ("-.a + .b = 1", "((-.a + .b) = 1)"),
        ("-.a * .b = 1", "(-(.a * .b) = 1)"),
        ("!.a = .b", "(!.a = .b)"),
        ("!.a * .b", "!(.a * .b)"),
        (".a ^ -.b * .c = 1", "((.a ^ -(.b * .c)) = 1)"),
        (".a = nil = true", "(.a=nil = true)"),
        ("nil != .a && .b", "(.a!=nil && .b)"),
        ("!nil = .a + 1", "!(.a + 1)=nil"),
    ],
)
def test_operators_bind_as_in_tempo(condition, shape):
    body = tree(f"{{ {condition} }}").body
    assert isinstance(body, SpanFilter)
    assert _shape(body.condition) == shape


def _shape(node) -> str:
    match type(node).__name__:
        case "FieldOperation":
            return f"({_shape(node.left)} {node.operator} {_shape(node.right)})"
        case "SignedField":
            return node.operator + _shape(node.operand)
        case "NilTest":
            return f"{_shape(node.operand)}{node.operator}nil"
        case "Parenthesized":
            return _shape(node.inner)
        case _:
            return node.text


@pytest.mark.parametrize(
    ("condition", "type_"),
    [
        ("duration * 2", Type.DURATION),
        (".a + duration", Type.DURATION),
        (".a + .b", Type.ANY),
        ("name", Type.TEXT),
        ("span:childCount", Type.NUMBER),
        ("instrumentation:name", Type.ANY),
        ("(status = error)", Type.BOOLEAN),
        ("-duration", Type.DURATION),
        ("!.a", Type.ANY),
        ("(.a = nil)", Type.BOOLEAN),
    ],
)
def test_a_field_has_its_type(condition, type_):
    body = tree(f"{{ {condition} = {condition} }}").body
    assert isinstance(body, SpanFilter)
    operation = body.condition
    assert isinstance(operation, FieldOperation)
    assert operation.left.type is type_
    assert operation.left.reads_span


def test_only_what_a_span_has_varies():
    constant, varying = tree("{ 1 + 2 = 3 && 1 + .a = 3 }").body.condition.left, tree("{ .a = 1 }").body
    assert [node.reads_span for node in walk(constant) if isinstance(node, FieldNode)] == [False] * 5
    assert varying.condition.reads_span


def test_stages_and_metrics_functions_have_their_arguments():
    text = "{ .a } | quantile_over_time(duration, .5, .9) by (name, .b) >= 1.5"
    pipeline = tree(text).body
    assert isinstance(pipeline, TracePipeline)
    _, metrics, series = pipeline.stages
    assert isinstance(metrics, MetricsStage)
    assert isinstance(series, SeriesFilter)
    assert (metrics.function, metrics.field.name) == ("quantile_over_time", "duration")
    assert [number.text for number in metrics.numbers] == [".5", ".9"]
    assert [field.name for field in metrics.by] == ["name", "b"]
    assert (series.operator, series.number.text) == (">=", "1.5")


def test_sets_of_spans_are_joined_from_the_left_and_relations_bind_more_tightly():
    body = tree("{} || {} && {} >> {} > {}").body
    assert isinstance(body, SpanSetOperation)
    assert (body.operator, body.left.operator, body.right.operator) == ("&&", "||", ">")
    assert body.right.left.operator == ">>"


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ('{ resource.service.name = "a" && duration > 1s } >> { .b }', []),
        ("{ .a } | rate()", [("`rate`", (2, 4), 9)]),
        ("{ event.x != nil }", [("the scope `event`", (2, 6), 2)]),
        ("{ span:childCount > 1 }", [("`span:childCount`", (2, 10), 2)]),
        ("{ .a = nil }", [("`= nil`", (2, 10), 2)]),
        ("{ .a = minInt }", [("`minInt`", (2, 10), 7)]),
        ("{ .a } &>> { .b }", [("`&>>`", (2, 5), 7)]),
        ("{} | rate() > 5", [("`rate`", (2, 4), 5), ("the comparison of series", (3, 0), 12)]),
        ("{} | count() > -1", []),
        ("{} | count() > 1 + 1", [("arithmetic of numbers", (3, 1), 5)]),
        ("({} | rate())", [("a metrics query in parentheses", (3, 1), 0), ("`rate`", (2, 4), 6)]),
        ("{ .a } with (most_recent=true)", [("the hint `most_recent`", (2, 8), 13)]),
    ],
)
def test_what_not_every_tempo_has_is_listed_with_its_version(text, features):
    requirements = LANGUAGES["tempo"].parse(text).requirements
    assert [(need.subject, need.feature.since, need.offset) for need in requirements] == features


def test_a_target_that_lacks_something_is_named_with_what_it_lacks():
    requirements = LANGUAGES["tempo"].parse("({ .a } | rate()) * 100 > 5").requirements
    remarks = requirement_remarks(requirements, TargetServer("Tempo", (2, 9)))
    assert [(remark.message, remark.offset) for remark in remarks] == [
        ("arithmetic of series needs Tempo 3.1", 18),
        ("the comparison of series needs Tempo 3.0", 24),
    ]


def test_the_functions_of_a_query_are_those_of_all_its_stages():
    text = "{ .a } | avg(duration) > 1s | quantile_over_time(duration, .9) by (name) | topk(3)"
    assert LANGUAGES["tempo"].parse(text).functions == {"avg", "quantile_over_time", "topk"}
    assert LANGUAGES["tempo"].parse("{ .a } && { .b }").functions == frozenset()
