"""Expressions keep their types, explain their mistakes, and cannot reach out, run on or grow without bound."""

import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.source.expressions import ExpressionError, evaluate

NAMES: dict[str, Any] = {
    "name": "Free Tier", "q": 0.95, "n": 3, "yes": True, "nothing": None, "tiers": ["free", "pro"],
    "limits": {"free": 10, "pro": 100}, "env": {"CLUSTER": "eu", "UNSET": None},
    "text": "abc" * 1000, "long": list(range(9_000)), "huge": "a" * 10_000_000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ n }}", 3), ("${{ q }}", 0.95), ("${{ yes }}", True), ("${{ nothing }}", None), ("${{ tiers }}", ["free", "pro"]),
        ("${{ limits }}", {"free": 10, "pro": 100}), ("${{name}}", "Free Tier"), ("${{ n * 2 }}", 6), ("${{ n / 2 }}", 1.5),
        ("${{ (q * 100) | int }}", 95), ("${{ n > 2 }}", True), ("${{ 'a' if yes else 'b' }}", "a"), ("${{ n ~ '' }}", "3"),
        ("${{ (1, 2) }}", [1, 2]), ("${{ {'a': [1]} }}", {"a": [1]}), ("${{ '007' }}", "007"), ("${{ '1e3' }}", "1e3"),
        ("P${{ (q * 100) | int }}", "P95"), ("${{ n }}${{ n }}", "33"), ("is ${{ yes }}", "is true"), ("a${{ nothing }}b", "ab"),
        ("a ${{ env.CLUSTER }} b", "a eu b"), ("${{ env.UNSET }}", None), ("{{tier}} ${{ n }} $var ${var}", "{{tier}} 3 $var ${var}"),
        ("${{ limits['free'] }}", 10), ("${{ limits.pro }}", 100), ("${{ limits.get('x', 5) }}", 5), ("${{ tiers[0] }}", "free"),
        ("${{ tiers | join(', ') }}", "free, pro"), ("${{ [yes, n] | join('|') }}", "true|3"), ("${{ name | slug }}", "free-tier"),
        ("${{ slug(name) }}", "free-tier"), ("${{ name | upper }}", "FREE TIER"), ("${{ name.lower() }}", "free tier"),
        ("${{ name | replace('Tier', 'x') }}", "Free x"), ("${{ range(3) }}", [0, 1, 2]), ("${{ tiers | reverse }}", ["pro", "free"]),
        ("${{ [2, 1, 2] | unique }}", [2, 1]), ("${{ [2, 1] | sort }}", [1, 2]), ("${{ [1, 2] | sum }}", 3), ("${{ limits.items() }}", [["free", 10], ["pro", 100]]),
        ("${{ missing | default('x') }}", "x"), ("${{ missing is defined }}", False), ("${{ 'free' in tiers }}", True), ("${{ tiers | length }}", 2),
        ("${{ 2 ** 10 }}", 1024), ("${{ 7 % 3 }}", 1), ("${{ n is odd }}", True), ("${{ '}' ~ '{' }}", "}{"), ("${{ -n }}", -3),
        ("${{\n  n\n}}", 3), ("no expression", "no expression"), ("$ {{ n }}", "$ {{ n }}"), ("cost ${{ $value }} of ${{ .Labels.tier }}", "cost ${{ $value }} of ${{ .Labels.tier }}"),
    ],
)  # fmt: skip
def test_an_expression_gives_a_value_of_its_type_or_joins_the_text_around_it(
    text: str, value: object
) -> None:
    result = evaluate(text, NAMES)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("nam", "in `nam`: there is no `nam` here", "did you mean `name`?"),
        ("limits.max", "in `limits.max`: there is no `max` in it", "correct the name"),
        ("tiers[7]", "in `tiers[7]`: there is no `7` in it", "correct the name"),
        ("[missing]", "in `[missing]`: there is no `missing` here", None),
        (
            "n if n > 5",
            "in `n if n > 5`: the condition does not hold, and there is no `else`",
            "add `else …`",
        ),
        ("name | uper", "in `name | uper`: there is no filter `uper`", "did you mean `upper`?"),
        ("n is divisibleby 3", "in `n is divisibleby 3`: there is no test `divisibleby`", None),
        ("", "an expression is empty", None),
        ("  ", "an expression is empty", None),
        ("n n", "the expression `n n` is not valid: there is more text after the expression", None),
        ("n +", "the expression `n +` is not valid: it ends too early", None),
        ("n / 0", "in `n / 0`: division by zero", None),
        ("name + 1", 'in `name + 1`: can only concatenate str (not "int") to str', None),
        ("1e999", "the result of `1e999` is too large", "use smaller values"),
        ("10 ** 18", "the result of `10 ** 18` is too large", "use smaller values"),
        ("huge", "the result of `huge` is too large", "use smaller values"),
        ("name.lower", "the result of `name.lower` is not text, a number, a list or a mapping", None),
        ("'\\x00'", "the result of `'\\x00'` has a character (U+0000) that specs cannot have", "remove it"),
        (
            "'\\ud800'",
            "the result of `'\\ud800'` has a character (U+D800) that specs cannot have",
            "remove it",
        ),
        ("n" + " + n" * 600, "an expression is longer than 2000 characters", "split it with `vars:`"),
        ("'%s' % n", "in `'%s' % n`: `%` formatting is not offered; join text with `~`", None),
    ],
)
def test_a_mistake_is_explained(source: str, message: str, hint: str | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("${{" + source + "}}", NAMES)
    assert str(caught.value) == message
    assert caught.value.hint
    assert hint is None or caught.value.hint == hint


@pytest.mark.parametrize("text", ["${{ n", "${{", "a ${{ b", "${{ n }} ${{ n"])
def test_an_expression_that_is_not_closed_is_a_mistake(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, NAMES)


def test_a_list_cannot_stand_inside_text() -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("tiers: ${{ tiers }}", NAMES)
    assert str(caught.value) == "`tiers` gives a list, which cannot stand inside text"


ESCAPES = [
    "''.__class__", "().__class__.__bases__[0].__subclasses__()", "''['__class__']", "''|attr('__class__')",
    "[].__class__.__mro__", "{}.__class__.__init__.__globals__", "self.__init__.__globals__", "self", "self._TemplateReference__context",
    "cycler.__init__.__globals__", "joiner", "namespace()", "lipsum.__globals__", "dict(a=1)", "request", "config", "g", "get_flashed_messages",
    "range.__globals__", "slug.__globals__['__builtins__']", "slug.__code__", "slug.__wrapped__", "range.__self__",
    "name.format('x')", "'{0.__class__}'.format(1)", "'{0}'.format_map({})", "name.join(tiers)", "name.encode()", "name.translate({})",
    "name.lower.__self__", "name.lower.__func__", "limits.get.__self__", "limits.pop('free')", "limits.update({})", "limits.clear()", "limits.setdefault('a', 1)",
    "limits.__setitem__('a', 1)", "limits.__class__", "limits['__class__']", "tiers.append(1)", "tiers.sort()", "tiers.__iter__",
    "tiers | map(attribute='__class__') | list", "tiers | map('attr', '__class__')", "tiers | selectattr('__class__')", "tiers | groupby('__class__')",
    "tiers | sort(attribute='__class__')", "tiers | max(attribute='__class__')", "tiers | unique(attribute='__class__') | list", "tiers | sum(attribute='__class__')",
    "tiers | first | attr('upper')", "name | format", "name | xmlattr", "name | pprint", "name | tojson", "name | urlize", "name | safe", "name | e",
    "n.real", "n.__class__", "n.to_bytes(10, 'big')", "n.bit_length()", "q.hex()", "q.as_integer_ratio()", "yes.real", "nothing.__class__", "nothing.__bool__",
    "__import__('os').system('id')", "__builtins__", "__name__", "__file__", "_", "__", "import os", "open('/etc/passwd')", "print(1)", "eval('1')", "exec('1')",
    "globals()", "locals()", "vars()", "dir()", "type(1)", "object", "getattr(name, 'upper')", "setattr", "compile", "input()", "help()", "exit()",
    "lambda: 1", "[x for x in tiers]", "(x for x in tiers)", "n := 3", "n; n", "{% for x in tiers %}", "{% import 'os' %}", "{% include '/etc/passwd' %}",
    "{{ n }}", "{# x #}", "caller()", "super()", "varargs", "kwargs", "loop", "context", "environment", "os.environ", "env.__class__", "env['PATH']", "env.HOME",
    "l_0_name", "undefined", "missing.__class__", "missing()", "name()", "n()", "tiers()", "limits.get()()", "range", "slug", "range('a')", "range(1, 2, 0)", "slug()",
]  # fmt: skip


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_but_the_given_values_is_within_reach(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("${{ " + source + " }}", NAMES)
    assert " at 0x" not in str(caught.value)
    assert "\n" not in str(caught.value)


GROWTH = [
    "'a' * 10**9", "'a' * 1000000", "tiers * 1000000", "10**6 * name", "[[tiers] * 9999] * 9999", "[long] * 9999", "[[long]] * 9999 ~ ''",
    "10**10**10", "9**9**9**9", "2**64**2", "(10**6)**64", "(10**6)**64 * (10**6)**64", "1e308 * 10", "-1e400", "1e400", "1e400 - 1e400",
    "range(10**9)", "range(0, 10**9)", "range(-10**9, 0) | list", "range(10000) | list | string | list",
    "long | join('x' * 100000)", "long | join(long | join)", "text | replace('a', 'b' * 100000)", "text | replace('', 'b' * 10000)",
    "text | center(10**9)", "text | indent(10**9)", "text | wordwrap(1)", "text.ljust(10**9)", "text.zfill(10**9)", "text.expandtabs(10**9)", "text.replace('a', 'bb')",
    "'%999999999d' % 1", "'{:>999999999}'.format(1)", "huge ~ huge", "huge + huge", "huge * 2", "huge | upper", "huge.upper()", "huge.split('a')", "huge | list",
    "[huge, huge]", "[huge] | join", "huge | replace('a', 'bb')", "huge | slug", "slug(huge)", "[[1], [2]] | sum(start=[])", "long | sum(start=[])",
    "(" * 500 + "1" + ")" * 500, "[" * 900 + "]" * 900, "-" * 1500 + "1", "not " * 450 + "1", "1" + "+1" * 900, "n" + " | abs" * 300, "limits" + ".a" * 900,
    "n if n else " * 160 + "n", "1 " + "< 2 " * 490, "'a' ~ " * 300 + "'b'", "[n, " * 300 + "1" + "]" * 300, "~".join(["(long | string)"] * 20),
    "text" + " | replace('a', 'aaaa')" * 30, "long" + " + long" * 50, "((((n ** 64) | int) ** 64) | int) ** 64", "('9' * 5000) | int", "('9' * 4000) | int ** 60",
]  # fmt: skip


@pytest.mark.parametrize("source", GROWTH)
def test_whatever_grows_is_refused_or_stays_small_and_quick(source: str) -> None:
    start = time.process_time()
    tracemalloc.start()
    try:
        assert len(str(evaluate("${{ " + source + " }}", NAMES))) < 10**6
    except ExpressionError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    # Measuring memory makes it several times slower than it is.
    assert time.process_time() - start < 8
    assert peak < 50 * 2**20


def test_text_full_of_openings_takes_no_longer_than_it_is_long() -> None:
    start = time.process_time()
    with pytest.raises(ExpressionError):
        evaluate("${{" * 300_000, NAMES)
    with pytest.raises(ExpressionError):
        evaluate("x ${{ n }}" + "${{ 1 " * 100_000, NAMES)
    assert time.process_time() - start < 2


def test_values_are_not_changed_by_expressions() -> None:
    given = {"items": [1, [2]], "map": {"a": {}}}
    result = evaluate("${{ items }}", given)
    result.append(3)
    result[1].append(4)
    assert given == {"items": [1, [2]], "map": {"a": {}}}


PARTS = [
    "name", "n", "q", "tiers", "limits", "missing", "''", "'a'", "1", "2.5", "0", "[]", "{}", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|", "~",
    "+", "-", "*", "**", "/", "//", "%", "==", "<", ">", "in", "not", "and", "or", "if", "else", "is", "upper", "join", "length", "range", "slug",
    "first", "default", "int", "replace", "split", "get", "items", "__class__", "_", "$", "#", '"', "\\", "\n", ";", "{%", "%}", "{{", "}}", "9999999999", "1e400",
]  # fmt: skip


@pytest.mark.property
@settings(max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join) | st.text(max_size=30))
def test_whatever_is_written_gives_plain_data_or_an_expression_error(source: str) -> None:
    text = "${{ " + source + " }}"
    try:
        value = evaluate(text, NAMES)
    except ExpressionError as error:
        result = error
    else:
        assert isinstance(value, str | int | float | bool | list | dict | None)
        return
    assert str(result)
    assert result.hint
