"""What the bot exports and logs is what specs/metrics.yaml says, both ways."""

import random
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.catalog import Command, ErrorType
from bot.metrics import QUERY_BUCKETS, TOOL_BUCKETS
from loadgen.questions import ask

SPEC = Path(__file__).resolve().parents[3] / "specs" / "metrics.yaml"


@pytest.fixture(scope="module")
def contract():
    return yaml.safe_load(SPEC.read_text())


@pytest.fixture
def loaded(world):
    """After a load that touches everything."""
    rng = random.Random(1)
    post = world.client.post
    for number in range(60):
        tier = ("free", "basic", "pro")[number % 3]
        world.ask(ask(rng), user=f"u{number}", tier=tier)
    for model in ("haiku", "opus"):
        world.ask(user="u2", model=model)
    query_id = world.ask(user="ann", tier="free").json()["query_id"]
    post("/feedback", json={"user": "ann", "query_id": query_id, "rating": "up"})
    for fault in ErrorType:
        if fault is not ErrorType.INVALID_REQUEST:
            world.fail(fault)
            world.ask(user="failing")
    world.ask(text="")
    for _ in range(6):
        world.ask(user="greedy", tier="free")
    for command in Command:
        post(f"/command/{command}", json={"user": "ann"})
    post("/upgrade", json={"user": "ann", "tier": "basic"})
    post("/cancel", json={"user": "ann"})
    return world


def family_name(name, kind):
    return f"{name}_total" if kind == "counter" else name


def test_names_types_labels_and_values_are_those_of_the_contract(loaded, contract):
    families = list(text_string_to_metric_families(loaded.client.get("/metrics").text))
    exported = {family_name(family.name, family.type): family for family in families}
    assert set(exported) == set(contract["metrics"])
    for name, declared in contract["metrics"].items():
        family = exported[name]
        assert family.type == declared["type"], name
        seen: dict[str, set[str]] = {}
        for sample in family.samples:
            for label, value in sample.labels.items():
                if label != "le":
                    seen.setdefault(label, set()).add(value)
        declared_labels = declared.get("labels", {})
        assert set(seen) == set(declared_labels), name
        for label, values in declared_labels.items():
            if isinstance(values, list):
                assert seen[label] == set(values), (name, label)


def test_help_is_what_the_contract_says(loaded, contract):
    for family in text_string_to_metric_families(loaded.client.get("/metrics").text):
        declared = contract["metrics"][family_name(family.name, family.type)]["help"]
        assert declared == family.documentation, family.name


def test_log_lines_have_the_fields_of_the_contract_and_no_others(loaded, contract):
    lines = loaded.lines()
    declared = contract["log_fields"]
    used = set().union(*lines)
    assert used == set(declared)
    kinds = {"number": (int, float)}
    for line in lines:
        for name, value in line.items():
            spec = declared[name]
            kind = kinds.get(spec["type"], str) if isinstance(spec, dict) and "type" in spec else str
            assert isinstance(value, kind), (name, value)
        assert line["level"] in contract["log_labels"]["level"]
        assert line["event"] in declared["event"]


def test_every_query_is_one_log_line(loaded):
    queries = [line for line in loaded.lines() if line["event"] == "query"]
    assert len(queries) == loaded.metric("queries_total")
    failed = [line for line in queries if line["status"] == "error"]
    assert (
        len(failed) == loaded.metric("queries_total", status="error") == loaded.metric("query_errors_total")
    )
    assert {line["level"] for line in failed} == {"error"}
    assert sum(line["cost"] for line in queries) == pytest.approx(loaded.metric("cost_usd_total"), abs=1e-4)


def test_buckets_have_the_bounds_that_matter():
    assert (QUERY_BUCKETS[0], QUERY_BUCKETS[-1]) == (0.5, 120)
    assert {8, 15, 30} <= set(QUERY_BUCKETS)
    assert (TOOL_BUCKETS[0], TOOL_BUCKETS[-1]) == (0.05, 60)
