"""Made-up data is kept while specs change, and made anew where a query is another."""

import pytest

from dashgen.core.diagnostics import has_errors
from dashgen.preview.opened_view import opened_view
from dashgen.preview.preview_subject import project_subject
from dashgen.preview.serving.remembered_source import RememberedSamples
from dashgen.preview.views.view import View
from tests.preview.serving.conftest import SPEC

TWO = SPEC + "  - {title: Paid, query: 'sum(rate(shop_orders_total{status=\"paid\"}[1m]))'}\n"


@pytest.fixture
def look(spec):
    samples = RememberedSamples()

    def data(text):
        spec.write_text(text)
        subject = project_subject(spec.parent.parent, None)
        assert not has_errors(subject.findings)
        opened = opened_view(subject.dashboards[0].data, View(), samples.source(subject.inspection, []))
        return {panel.panel["title"]: opened.data_of(panel) for panel in opened.viewed.panels}

    return data


def test_what_did_not_change_is_the_same_object(look):
    before, after = look(TWO), look(TWO.replace("title: Orders", "title: Orders\n    unit: req/s"))
    assert after["Orders"] is before["Orders"]
    assert after["Paid"] is before["Paid"]


def test_another_query_is_another_result_and_the_others_stay(look):
    before = look(TWO)
    after = look(TWO.replace("[5m]", "[30m]"))
    assert after["Orders"] is not before["Orders"]
    assert after["Orders"].frames != before["Orders"].frames
    assert after["Paid"] is before["Paid"]


def test_a_metric_that_no_contract_has_is_made_up_as_soon_as_a_query_reads_it(look):
    look(TWO)
    assert look(TWO.replace('shop_orders_total{status="paid"}', "shop_new_total"))["Paid"].frames


def test_another_contract_is_other_data(look):
    before = look(TWO)
    after = look(TWO.replace("[paid, failed]}}\n---", "[paid, failed, returned]}}\n---"))
    assert after["Orders"] is not before["Orders"]


def test_a_panel_that_reads_no_variable_has_the_same_data_with_each_value(spec):
    spec.write_text(TWO)
    subject = project_subject(spec.parent.parent, None)
    source = RememberedSamples().source(subject.inspection, [])

    def data(status):
        opened = opened_view(subject.dashboards[0].data, View(variables={"status": (status,)}), source)
        return {panel.panel["title"]: opened.data_of(panel) for panel in opened.viewed.panels}

    paid, failed = data("paid"), data("failed")
    assert paid["Paid"] is failed["Paid"]
    assert paid["Orders"].frames != failed["Orders"].frames


def test_two_panels_with_one_query_have_each_its_own_alert(spec):
    rules = """
---
kind: AlertRules
group: shop
rules:
  - {alert: Some, panel: shop/twin, query: 'sum(rate(shop_orders_total{status="paid"}[1m]))', when: above -1}
"""
    twin = "  - {title: Twin, query: 'sum(rate(shop_orders_total{status=\"paid\"}[1m]))'}\n"
    spec.write_text(TWO + twin + rules)
    subject = project_subject(spec.parent.parent, None)
    assert not has_errors(subject.findings), subject.findings
    opened = opened_view(
        subject.dashboards[0].data, View(), RememberedSamples().source(subject.inspection, [])
    )
    states = {panel.panel["title"]: opened.data_of(panel).alert_state for panel in opened.viewed.panels}
    assert states["Twin"] == "firing"
    assert states["Paid"] == ""
