from dashgen.model.metrics_spec import Bound, LogField, Metrics, labels_of, log_field, series_names
from tests.alert_support import documents

SPEC = """
kind: Metrics
metrics:
  app_queries_total: {type: counter, help: Questions answered., labels: {status: [success, error], tool_name: {max: 50}}}
  app_duration_seconds: {type: histogram, help: Time to answer., unit: s, labels: {tier: [free, pro]}}
log_labels: {app: [bot]}
log_fields:
  user_id: Who asked.
  cost: {help: US dollars., type: number, unit: currencyUSD}
"""


def test_the_contract_names_metrics_labels_and_log_fields() -> None:
    model = documents(Metrics, SPEC)[0].model
    assert model.metrics["app_queries_total"].labels["tool_name"] == Bound(max=50)
    assert {name: log_field(field) for name, field in model.log_fields.items()} == {
        "user_id": LogField(help="Who asked."),
        "cost": LogField(help="US dollars.", type="number", unit="currencyUSD"),
    }


def test_a_histogram_has_three_series_names() -> None:
    histogram = documents(Metrics, SPEC)[0].model.metrics["app_duration_seconds"]
    names = series_names("app_duration_seconds", histogram)
    assert names == ("app_duration_seconds_bucket", "app_duration_seconds_sum", "app_duration_seconds_count")
    assert labels_of(names[0], histogram) == {"le", "tier"}
    assert labels_of(names[1], histogram) == {"tier"}
