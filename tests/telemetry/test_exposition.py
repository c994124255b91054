"""What applications expose, read line by line."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.servers.telemetry.exposition import Exposition, label_sets, parse_exposition
from dashgen.servers.telemetry.sample_line import LineError, Sample, read_sample

CLASSIC = r"""
# HELP app_queries_total Questions \\ answered.\nBy status.
# TYPE app_queries_total counter
app_queries_total{status="success",tier="a \"b\" \\ \n c"} 7.0 1700000000000
app_queries_total{status="error",tier="free",} 1e3
# TYPE app_queries_created gauge
app_queries_created{status="success"} 1.7e9
# TYPE app_seconds histogram
app_seconds_bucket{le="0.5"} 1
app_seconds_bucket{le="+Inf"} 2
app_seconds_sum 3.5
app_seconds_count 2
# TYPE app_size summary
app_size{quantile="0.5"} NaN
app_size_sum 4
app_size_count 0
# a remark
app_bare 1
"""
OPEN = """# TYPE app_queries counter
# UNIT app_seconds seconds
# HELP app_queries Questions.
app_queries_total{tier="free"} 7 1700000000.5 # {trace_id="a1"} 1 1700000000
app_queries_created{tier="free"} 1700000000
# TYPE app_seconds histogram
app_seconds_bucket{le="0.5"} 1 # {trace_id="b"} 0.2
app_seconds_bucket{le="+Inf"} 2
app_seconds_count 2
app_seconds_sum 3
# TYPE app_build info
app_build_info{version="1.4.0"} 1
# TYPE app_state stateset
app_state{app_state="on"} 1
# TYPE app_silent counter
# EOF
app_after 1
"""


def _shape(exposition: Exposition) -> dict[str, tuple[str, int]]:
    return {name: (family.type, len(family.samples)) for name, family in exposition.families.items()}


def test_the_older_format_is_read() -> None:
    found = parse_exposition(CLASSIC)
    assert found.problems == []
    assert _shape(found) == {
        "app_queries_total": ("counter", 2),
        "app_queries_created": ("gauge", 1),
        "app_seconds": ("histogram", 4),
        "app_size": ("summary", 3),
        "app_bare": ("unknown", 1),
    }
    queries = found.families["app_queries_total"]
    assert (queries.help, queries.line) == ("Questions \\ answered.\nBy status.", 2)
    assert queries.samples[0] == Sample(
        "app_queries_total", {"status": "success", "tier": 'a "b" \\ \n c'}, 7.0
    )
    assert queries.samples[1].value == 1000
    assert math.isnan(found.families["app_size"].samples[0].value)


def test_openmetrics_is_read_under_the_names_that_queries_use() -> None:
    found = parse_exposition(OPEN)
    assert found.problems == []
    assert _shape(found) == {
        "app_queries_total": ("counter", 2),
        "app_seconds": ("histogram", 4),
        "app_build_info": ("gauge", 1),
        "app_state": ("gauge", 1),
        "app_silent_total": ("counter", 0),
    }
    assert found.families["app_seconds"].unit == "seconds"
    assert found.families["app_queries_total"].help == "Questions."


def test_labels_that_the_type_makes_are_not_the_applications() -> None:
    families = parse_exposition(CLASSIC + OPEN).families
    assert list(label_sets(families["app_seconds"])) == [{}] * 8
    assert {"quantile"} not in list(label_sets(families["app_size"]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("7", "the line does not start with the name of a metric"),
        ("app", "the line has no value after the name and its labels"),
        ("app x", "`x` is not a number"),
        ("app 1_0", "`1_0` is not a number"),
        ("app 1 soon", "the line has no value after the name and its labels"),
        ('app{a="1"', "there is no comma or `}` after a label"),
        ('app{a="1" b="2"} 1', "there is no comma or `}` after a label"),
        ('app{a="1",a="2"} 1', "duplicate label `a`"),
        ("app{a} 1", "the label `a` has no value"),
        ("app{a=1} 1", "a label's value is not a text in quotes"),
        ('app{a="1} 1', "a label's value is not a text in quotes"),
        ("app{", "the labels are not closed by `}`"),
        ("app{=} 1", "a label has no name"),
        ('app{"b"} 1', "the series has two names, `app` and `b`"),
    ],
)
def test_a_line_that_is_wrong_says_why_and_spoils_only_itself(line: str, message: str) -> None:
    found = parse_exposition(f"fine 1\n{line}\nalso_fine 2\n")
    assert [(problem.line, problem.message) for problem in found.problems] == [(2, message)]
    assert set(found.families) == {"fine", "also_fine"}


def test_a_type_that_is_none_or_stands_twice_is_told() -> None:
    found = parse_exposition("# TYPE a speed\n# TYPE b gauge\n# TYPE b counter\n")
    assert [problem.message for problem in found.problems] == [
        "`speed` is not a type of metrics",
        "`b` has more than one type",
    ]


@pytest.mark.parametrize(
    ("line", "sample"),
    [
        ('{"my.metric",tier="free"} 1', Sample("my.metric", {"tier": "free"}, 1)),
        ('{"my.metric","a.label"="x"} 1', Sample("my.metric", {"a.label": "x"}, 1)),
        ("a:b:c\t+Inf", Sample("a:b:c", {}, math.inf)),
        ("a{} -0.5", Sample("a", {}, -0.5)),
        ('a{b="}"}2', Sample("a", {"b": "}"}, 2)),
    ],
)
def test_unusual_lines_are_read(line: str, sample: Sample) -> None:
    assert read_sample(line) == sample


@pytest.mark.property
@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    parse_exposition(text)


_NAMES = st.from_regex(r"[a-z_:][a-z0-9_:]{0,8}", fullmatch=True)
_LABELS = st.dictionaries(
    st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True), st.text(max_size=9), max_size=4
)


@pytest.mark.property
@given(_NAMES, _LABELS, st.floats(allow_nan=False))
def test_what_was_written_is_read(name: str, labels: dict[str, str], value: float) -> None:
    def quoted(text: str) -> str:
        return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")

    written = ",".join(f'{key}="{quoted(text)}"' for key, text in labels.items())
    assert read_sample(f"{name}{{{written}}} {value}") == Sample(name, labels, value)


@pytest.mark.property
@given(st.text(alphabet='a{}=",\\ #1\n', max_size=60))
def test_a_line_is_a_sample_or_an_error(line: str) -> None:
    with contextlib.suppress(LineError):
        read_sample(line)
