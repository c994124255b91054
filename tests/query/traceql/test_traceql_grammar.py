"""TraceQL that Tempo refuses is refused at its character, and TraceQL that it takes passes."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.language import Yield

TRACEQL = LANGUAGES["tempo"]

REFUSED: list[tuple[str, str, str, str]] = [
    # query, the rest of it from the place of the mistake on, message, hint
    ('{ shop = "a" }', 'shop = "a" }', "neither an intrinsic nor an attribute", "`span.shop`"),
    ('{ service.name = "a" }', 'service.name = "a" }', "not a scope", "`resource.service.name`"),
    ('{ resorce.x = "a" }', 'resorce.x = "a" }', "not a scope", "`resource.`"),
    ("{ .a == 1 }", "== 1 }", "compared with `==`", "`=`"),
    ("{ .a = 1 and .b = 2 }", "and .b = 2 }", "means nothing", "`&&`"),
    ("{ .a = }", "= }", "nothing on its right", ""),
    ("{ .a = 1 && }", "&& }", "nothing on its right", ""),
    ("{ .a = 1", "{ .a = 1", "is never closed", "`}`"),
    ("{ .a = 1 }}", "}", "closes nothing", ""),
    ("{ span. }", "span. }", "names no attribute", ""),
    ("{ name = 'x' }", "'x' }", "single quotes", '`"x"`'),
    ("{ name = GET }", "GET }", "not a value of `name`", '`"GET"`'),
    ("{ status = failed }", "failed }", "not a value of `status`", "`error`"),
    ('{ status = "error" }', '"error" }', "compared with a text", "`error`"),
    ('{ kind = "server" }', '"server" }', "compared with a text", "`server`"),
    ('{ duration > "1s" }', '"1s" }', "compared with a text", "`100ms`"),
    ("{ duration > 2minutes }", "2minutes }", "neither a number nor a duration", ""),
    ("{ name = 5 }", "5 }", "compared with a number", '`"5"`'),
    ("{ status > ok }", "status > ok }", "cannot take a status", ""),
    ("{ duration }", "duration }", "has to be a condition", ""),
    ('{ name =~ "(" }', '"(" }', "is not a regular expression", ""),
    ("{ name =~ .x }", ".x }", "regular expression in quotes", ""),
    ("{ duration = nil }", "duration = nil }", "never nil", ""),
    ("{ parent.x = 1 }", "parent.x = 1 }", "does not support `parent`", ""),
    ("{ span:nam = 1 }", "span:nam = 1 }", "no intrinsic `nam`", "`name`"),
    ("{ trace:status = error }", "trace:status = error }", "no intrinsic `status`", "trace:duration"),
    ('resource.x = "a"', 'resource.x = "a"', "between braces", ""),
    ("{ .a } { .b }", "{ .b }", "side by side", "`&&`"),
    ("{ .a } >>", ">>", "nothing on its right", ""),
    ("{ .a } + { .b }", "+ { .b }", "cannot join these", ""),
    ("{ .a } |", "|", "no stage after it", ""),
    ("{ .a } | ratte()", "ratte()", "no stage `ratte`", "`rate`"),
    ("{ .a } | rate by (name)", "rate by (name)", "arguments in parentheses", "`rate()`"),
    ("{ .a } | rate() by name", "by name", "arguments in parentheses", ""),
    ("{ .a } | rate(name)", "name)", "takes no argument", ""),
    ("{ .a } | rate() | { .b }", "{ .b }", "cannot follow a metrics function", ""),
    ("{ .a } | topk(5)", "topk(5)", "follow a metrics function", ""),
    ("{ .a } | rate() | topk(0)", "0)", "whole number", ""),
    ("{ .a } | quantile_over_time(duration)", ")", "needs a quantile", ""),
    ("{ .a } | quantile_over_time(duration, 99)", "99)", "not a quantile", ""),
    ("{ .a } | count() >", ">", "nothing on its right", ""),
    ("{ .a } | count()", "count()", "compared with nothing", ""),
    ("{ .a } | avg() > 1", "avg() > 1", "needs an attribute", ""),
    ("{ .a } | max(name) > 1", "name) > 1", "takes numbers", ""),
    ("{ .a } | select()", "select()", "names no attribute", ""),
    ("{ .a } | by(1)", "1)", "by a constant", ""),
    ("rate({ .a })", "rate({ .a })", "nothing before it", ""),
    ("5 > 3", "> 3", "cannot join numbers", ""),
    ("({ .a } | rate()) * 10s", "10s", "with a duration", ""),
    ("{ .a } | compare({ .b }) | topk(5)", "topk(5)", "`compare`", ""),
    ("up", "up", "cannot start a query", "between braces"),
    ("sum(rate(x[5m]))", "rate(x[5m]))", "is a stage", ""),
    # what other languages write
    ('{ span.a = "x", status = error }', ", status = error }", "not joined by commas", "`&&`"),
    ("{ .a } && status = error", "status = error", "between braces", "`{ status … }`"),
    ("{ .a } # all", "# all", "comments", "`//`"),
    ("# all\n{ .a }", "# all\n{ .a }", "comments", "`//`"),
    ("{ .a !== 1 }", "!== 1 }", "no operator `!==`", "`!=`"),
    ("{ .a => 1 }", "=> 1 }", "no operator `=>`", "`>=`"),
    ('{ .a like "x" }', 'like "x" }', "no operator `like`", "=~"),
    ('{ .a in ("x", "y") }', 'in ("x", "y") }', "no operator `in`", "=~"),
    ("{ duration > 500 ms }", "ms }", "apart", "`500ms`"),
    ("{ .a = \u201cx\u201d }", "\u201cx\u201d }", "is no quote", '`"`'),
    ("{ serviceName != nil }", "serviceName != nil }", "neither", "`resource.service.name`"),
    ("{ latency > 1s }", "latency > 1s }", "neither", "`duration`"),
    ("{ traceID = 1 }", "traceID = 1 }", "neither", "`trace:id`"),
    ("{ .a } | count() by (name)", "by (name)", "no `|`", "`count_over_time()`"),
    ("{ .a } | duration > 1s", "duration > 1s", "between braces", "`{ duration … }`"),
    ("{ .a } | limit 20", "limit 20", "no stage `limit`", "use one of"),
    ("{ .a } | avg(duration)", "avg(duration)", "compared with nothing", "`avg_over_time`"),
    ("{ .a } | rate() by name", "by name", "in parentheses", "`by(name)`"),
    ("{ .a | rate() }", "| rate() }", "cannot follow", "close the filter"),
    ("{ .a } | rate() + 1", "+ 1", "in parentheses", "`({} | rate()) * 100`"),
    ("({ .a } | rate()) / { .b }", "/ { .b }", "cannot join", "metrics query in parentheses"),
    ("{ .a } | count() > 1 && { .b }", "&& { .b }", "is a stage", "after `|`"),
    ("{ .a = 1 /* no end }", "/* no end }", "has no end", "`*/`"),
    ("{ .a\u00a0= 1 }", "\u00a0= 1 }", "no-break space", "ordinary space"),
]


@pytest.mark.parametrize(("expr", "rest", "message", "hint"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_mistake_is_refused_at_its_character(expr: str, rest: str, message: str, hint: str) -> None:
    parsed = TRACEQL.parse(expr)
    assert message in parsed.error
    assert expr[parsed.error_offset :] == rest
    assert hint in parsed.hint
    assert parsed.hint


TAKEN: list[tuple[str, Yield]] = [
    ("{}", Yield.TRACES),
    ('// "half\n{ duration > 1s } /* ( */ // (todo', Yield.TRACES),
    ('{ resource.service.name = "a" && (span.http.status_code >= 500 || status = error) }', Yield.TRACES),
    ("{ .a != nil && !(.b) && -duration < 1.5s && name !~ `x.*` && nestedSetParent < 0 }", Yield.TRACES),
    ('{ span."a b" = true && kind = server && span:childCount > 2 && event:name = "x" }', Yield.TRACES),
    ('{ trace:rootService = "a" } && { .b } >> { .c } !~ { .d } &> { .e }', Yield.TRACES),
    ("({ .a } | count() > 1) && ({ .b } | avg(duration) > 1s)", Yield.TRACES),
    ("{ .a } | by(resource.service.name) | count() > 2 | coalesce() | select(.x, span.y)", Yield.TRACES),
    ("{ .a } | max(duration) > 2s", Yield.TRACES),
    ("4bf92f3577b34da6a3ce929d0e0e4736", Yield.TRACES),
    ("{ .a } | rate() by (resource.service.name, name) | topk(5) with (sample=true)", Yield.SERIES),
    ("{ .a } | quantile_over_time(duration, .9, 0.99) by (name) > 1", Yield.SERIES),
    ("{ .a } | compare({ status = error }, 10)", Yield.SERIES),
    ("({ status = error } | rate()) / ({} | rate()) * 100", Yield.SERIES),
    ("-1 * ({} | rate())", Yield.SERIES),
]


@pytest.mark.parametrize(("expr", "yields"), TAKEN, ids=[case[0] for case in TAKEN])
def test_what_tempo_takes_passes(expr: str, yields: Yield) -> None:
    parsed = TRACEQL.parse(expr)
    assert (parsed.error, parsed.yields) == ("", yields)
