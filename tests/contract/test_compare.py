"""The metric contract against expositions, both ways."""

from pathlib import Path

import pytest

from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.doctor.contract import compare
from dashgen.servers.telemetry import parse_exposition
from dashgen.workspace.workspace import open_workspace

CONTRACT = """kind: Metrics
metrics:
  app_queries_total:
    type: counter
    help: Questions.
    labels: {status: [success, error], user: {max: 2}}
  app_seconds:
    type: histogram
    help: How long it takes.
    unit: s
    labels: {status: [success]}
  app_users: {type: gauge, help: Users.}
ignore: [http_*]
"""
FINE = """
# HELP app_queries_total Questions.
# TYPE app_queries_total counter
app_queries_total{status="success",user="a"} 1
app_queries_total{status="error",user="b"} 1
# TYPE app_queries_created gauge
app_queries_created{status="success",user="a"} 1
# TYPE app_seconds histogram
app_seconds_bucket{status="success",le="1"} 1
app_seconds_bucket{status="success",le="+Inf"} 1
app_seconds_sum{status="success"} 1
app_seconds_count{status="success"} 1
# TYPE app_users gauge
app_users 1
# TYPE http_requests_total counter
http_requests_total{path="/"} 1
# TYPE python_info gauge
python_info{version="3.11"} 1
"""


def _compare(
    tmp_path: Path, exposition: str, contract: str = CONTRACT, ignore: tuple[str, ...] = ()
) -> list[Diagnostic]:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/metrics.yaml").write_text(contract, encoding="utf-8")
    workspace = open_workspace(tmp_path, None)
    prepared = prepare(workspace, workspace.spec_files(), "classic")
    assert prepared.diagnostics == []
    return compare(prepared.documents.of("Metrics"), parse_exposition(exposition), "app", ignore)


def _said(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
    return [
        (one.rule, one.message, one.location.span.line if one.location and one.location.span else 0)
        for one in found
    ]


def test_what_is_exported_as_declared_is_fine(tmp_path: Path) -> None:
    assert _compare(tmp_path, FINE) == []


@pytest.mark.parametrize(
    ("before", "after", "rule", "message", "line"),
    [
        (
            "app_users 1\n",
            "",
            "contract/unseen",
            "`app_users` has no series yet, so its labels are not known",
            12,
        ),
        (
            "# TYPE app_users gauge\napp_users 1\n",
            "",
            "contract/missing",
            "`app_users` is declared but not exported",
            12,
        ),
        (
            "# TYPE app_users gauge\n",
            "# TYPE app_users counter\n",
            "contract/type",
            "`app_users` is declared as a gauge and exported as a counter",
            12,
        ),
        (
            "# TYPE app_users gauge\n",
            "",
            "contract/type",
            "`app_users` is declared as a gauge and exported without its type",
            12,
        ),
        (
            "# TYPE app_seconds histogram\n",
            "",
            "contract/type",
            "`app_seconds` is exported without its type, so Prometheus does not know that it is a histogram",
            7,
        ),
        (
            "app_users 1",
            'app_users{tier="free"} 1',
            "contract/label-extra",
            "`app_users` has a label `tier` that is not declared: `free`",
            12,
        ),
        (
            'status="error",user="b"',
            'status="error"',
            "contract/label-missing",
            "some series of `app_queries_total` lack the label `user`",
            6,
        ),
        (
            '{status="success"} 1\napp_seconds_count{status="success"}',
            '{status="success"} 1\napp_seconds_count',
            "contract/label-missing",
            "some series of `app_seconds` lack the label `status`",
            11,
        ),
        (
            "app_users 1\n",
            'app_users 1\napp_queries_total{status="failed",user="b"} 1\n',
            "contract/label-value",
            "the label `status` of `app_queries_total` has the undeclared value `failed`",
            6,
        ),
        (
            'app_queries_total{status="error",user="b"} 1\n',
            'app_queries_total{status="success",user="b"} 1\n',
            "contract/unseen",
            "the label `status` of `app_queries_total` has never been `error`",
            6,
        ),
        (
            'app_queries_total{status="error",user="b"} 1\n',
            'app_queries_total{status="error",user="b"} 1\napp_queries_total{status="error",user="c"} 1\n',
            "contract/cardinality",
            "the label `user` of `app_queries_total` has 3 values, and at most 2 are declared",
            6,
        ),
        (
            "app_users 1\n",
            "app_users 1\n# TYPE app_new gauge\napp_new 1\n",
            "contract/undeclared",
            "`app_new` (gauge) is exported but no contract declares it",
            2,
        ),
        (
            "Questions.\n",
            "Answers.\n",
            "contract/help",
            "the application describes `app_queries_total` as: Answers.",
            5,
        ),
        (
            "# TYPE app_seconds histogram\n",
            "# TYPE app_seconds histogram\n# UNIT app_seconds bytes\n",
            "contract/unit",
            "`app_seconds` is declared in s and exported in bytes",
            10,
        ),
        ("app_users 1\n", "app_users 1\n7\n", "contract/exposition", "line 15 of app cannot be read: ", 0),
    ],
)
def test_each_difference_is_found_at_its_line_and_nothing_else(
    tmp_path: Path, before: str, after: str, rule: str, message: str, line: int
) -> None:
    assert before in FINE
    found = _said(_compare(tmp_path, FINE.replace(before, after, 1)))
    assert len(found) == 1
    assert (found[0][0], found[0][2]) == (rule, line)
    assert found[0][1].startswith(message)


def test_what_an_exposition_cannot_prove_wrong_is_a_note(tmp_path: Path) -> None:
    exposition = FINE.replace("app_users 1\n", "").replace("Questions.", "Answers.")
    assert {one.severity for one in _compare(tmp_path, exposition)} == {Severity.INFO}


def test_a_metric_by_nearly_the_same_name_is_suggested_from_both_sides(tmp_path: Path) -> None:
    found = _compare(tmp_path, FINE.replace("app_users", "app_user"))
    assert {one.hint for one in found} == {"did you mean `app_users`?", "did you mean `app_user`?"}


def test_a_pattern_passes_metrics_over(tmp_path: Path) -> None:
    assert _compare(tmp_path, FINE + "other_thing 1\n", ignore=("other_*",)) == []


def test_a_deprecated_metric_may_be_gone(tmp_path: Path) -> None:
    contract = CONTRACT.replace("help: Users.}", "help: Users., deprecated: Use app_people.}")
    (found,) = _compare(tmp_path, FINE.replace("app_users", "http_users"), contract)
    assert (found.rule, found.severity) == ("contract/missing", Severity.INFO)


def test_openmetrics_counters_are_found_under_their_name_in_queries(tmp_path: Path) -> None:
    exposition = (
        FINE.replace("# TYPE app_queries_total", "# TYPE app_queries")
        .replace("# HELP app_queries_total", "# HELP app_queries")
        .replace("# TYPE app_queries_created gauge\n", "")
    )
    assert _compare(tmp_path, exposition) == []


def test_an_empty_exposition_lacks_everything(tmp_path: Path) -> None:
    assert {one.rule for one in _compare(tmp_path, "")} == {"contract/missing"}
