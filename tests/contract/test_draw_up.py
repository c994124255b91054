"""A first contract from an exposition."""

from dashgen.doctor.contract import PassedOver, contract_of
from dashgen.doctor.contract.contract_spec import completed, first_contract
from dashgen.servers.telemetry import parse_exposition
from dashgen.source.load import load_text

EXPOSITION = """
# HELP app_queries_total Questions
# TYPE app_queries_total counter
app_queries_total{status="success"} 1
app_queries_total{status="error"} 1
# TYPE app_seconds histogram
# UNIT app_seconds seconds
app_seconds_bucket{le="+Inf"} 1
app_bare 1
process_open_fds 1
# TYPE app_by_user gauge
""" + "".join(f'app_by_user{{user="{number:02}"}} 1\n' for number in range(30))
METRICS = contract_of(parse_exposition(EXPOSITION), PassedOver())
WRITTEN = """# Ours.
kind: Metrics
metrics:
  app_queries_total:  # asked
    type: counter
    help: "What people ask"   # kept
    labels: {status: [success]}
  app_gone: {type: gauge, help: Not there any more.}
"""


def test_values_are_listed_when_few_and_bounded_when_many() -> None:
    assert METRICS == {
        "app_bare": {"type": "gauge", "help": "What it counts or measures."},
        "app_by_user": {
            "type": "gauge",
            "help": "What it counts or measures.",
            "labels": {"user": {"max": 100, "example": "00"}},
        },
        "app_queries_total": {
            "type": "counter",
            "help": "Questions",
            "labels": {"status": ["error", "success"]},
        },
        "app_seconds": {"type": "histogram", "help": "What it counts or measures.", "unit": "s"},
    }


def test_a_first_contract_is_a_spec() -> None:
    loaded = load_text("metrics.yaml", first_contract(METRICS))
    assert loaded.diagnostics == []
    assert loaded.documents[0].data == {"kind": "Metrics", "metrics": METRICS}


def test_what_people_wrote_stays_and_what_lacks_is_added() -> None:
    data = load_text("m.yaml", WRITTEN).documents[0].data
    after = completed("m.yaml", WRITTEN, 0, data, METRICS)
    assert after.startswith(
        WRITTEN.replace("[success]", "[success, error]").partition("  app_gone")[0].rstrip()
    )
    assert "  app_gone: {type: gauge, help: Not there any more.}\n" in after
    metrics = load_text("m.yaml", after).documents[0].data["metrics"]
    assert metrics["app_queries_total"]["help"] == "What people ask"
    assert {name for name in metrics if name != "app_gone"} == set(METRICS)
    assert completed("m.yaml", after, 0, load_text("m.yaml", after).documents[0].data, METRICS) == after


def test_a_bound_that_people_wrote_stays() -> None:
    text = "kind: Metrics\nmetrics:\n  a: {type: gauge, help: A., labels: {user: {max: 7}}}\n"
    data = load_text("m.yaml", text).documents[0].data
    seen = {"a": {"type": "counter", "help": "B.", "labels": {"user": ["x"]}}}
    assert completed("m.yaml", text, 0, data, seen) == text
