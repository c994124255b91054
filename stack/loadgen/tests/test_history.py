import math
import re
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from itertools import pairwise

import pytest

from bot.assembly import assemble
from bot.database import DAY
from bot.metrics import QUERY_BUCKETS
from bot.settings import Settings
from loadgen.history.people import Window
from loadgen.history.run import HistoryOptions, moments, write_history

NOW = 1_795_435_200.0


def written(tmp_path, hours=3.0, **more):
    out = tmp_path / "history.om"
    options = {"labels": (("job", "bot"), ("instance", "app:8000")), "until_ago": 0.0, "seed": 7}
    write_history(HistoryOptions(seconds=hours * 3600, out=out, **(options | more)), now=NOW)
    return out


@dataclass
class Sample:
    name: str
    labels: dict[str, str]
    value: float
    timestamp: float


@dataclass
class Family:
    name: str
    type: str
    samples: list[Sample]


def parse(text):
    """prometheus_client's own parser drops samples of a second moment."""
    families = {}
    lines = text.splitlines()
    assert lines.pop() == "# EOF"
    for line in lines:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name not in families
            family = families[name] = Family(name, kind, [])
        else:
            series, value, timestamp = line.rsplit(" ", 2)
            name, labels = series.split("{", 1)
            assert name.startswith(family.name)
            pairs = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            family.samples.append(Sample(name, pairs, float(value), float(timestamp)))
    return families


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    return parse(written(tmp_path_factory.mktemp("history")).read_text())


def by_series(family):
    series = {}
    for sample in family.samples:
        series.setdefault((sample.name, tuple(sorted(sample.labels.items()))), []).append(
            (float(sample.timestamp), sample.value)
        )
    return series


def test_every_metric_of_the_bot_is_there_with_its_labels(families, tmp_path):
    bot = assemble(Settings(database=tmp_path / "bot.db"))
    live = {family.name: family for family in bot.metrics.registry.collect()}
    bot.database.close()
    assert set(families) <= set(live)
    # Three hours may pass without an upgrade, a cancellation, or anything that fails.
    assert set(live) - set(families) <= {
        "dubai_estate_subscription_upgrades",
        "dubai_estate_subscription_cancellations",
        "dubai_estate_query_limit_hits",
        "dubai_estate_query_errors",
        "dubai_estate_failed_cost_usd",
        "dubai_estate_model_retries",
        "dubai_estate_tool_errors",
    }
    for name, family in families.items():
        assert family.type == live[name].type
        known = {(s.name, tuple(sorted(s.labels.items()))) for s in live[name].samples}
        if not known:  # of a database without users, and a model without calls
            assert name.removeprefix("dubai_estate_") in {
                "cohort_users",
                "cohort_active_users",
                "rate_limit_remaining_ratio",
            }
            continue
        for sample in family.samples:
            labels = {
                key: value
                for key, value in sample.labels.items()
                if key not in {"job", "instance", "version"}
            }
            if "version" not in sample.labels:
                assert (sample.name, tuple(sorted(labels.items()))) in known


def test_all_series_have_the_labels_of_the_scrape(families):
    for family in families.values():
        for sample in family.samples:
            assert (sample.labels["job"], sample.labels["instance"]) == ("bot", "app:8000")


def test_counters_never_fall_and_time_never_stands(families):
    for family in families.values():
        for points in by_series(family).values():
            times, values = zip(*points, strict=True)
            assert list(times) == sorted(set(times))
            if family.type != "gauge":
                assert list(values) == sorted(values), family.name


def test_histograms_are_consistent_at_every_moment(families):
    family = families["dubai_estate_query_duration_seconds"]
    moments_of = {}
    for sample in family.samples:
        labels = (sample.labels["tier"], sample.labels["model"], float(sample.timestamp))
        moments_of.setdefault(labels, {})[sample.labels.get("le", sample.name.rsplit("_", 1)[1])] = (
            sample.value
        )
    for values in moments_of.values():
        buckets = [values[str(float(bound))] for bound in QUERY_BUCKETS] + [values["+Inf"]]
        assert buckets == sorted(buckets)
        assert buckets[-1] == values["count"]
        assert values["sum"] <= 100 * values["count"]


def test_counters_agree_with_each_other(families):
    def total(name, sample):
        return sum(points[-1][1] for key, points in by_series(families[name]).items() if key[0] == sample)

    queries = total("dubai_estate_queries", "dubai_estate_queries_total")
    assert queries == total(
        "dubai_estate_query_duration_seconds", "dubai_estate_query_duration_seconds_count"
    )
    assert total("dubai_estate_tool_usage", "dubai_estate_tool_usage_total") == total(
        "dubai_estate_tool_duration_seconds", "dubai_estate_tool_duration_seconds_count"
    )
    assert 0 < total("dubai_estate_cost_usd", "dubai_estate_cost_usd_total") < queries


def test_costs_and_segments_add_up(families):
    def total(name):
        series = by_series(families[f"dubai_estate_{name}"])
        return sum(points[-1][1] for key, points in series.items() if key[0].endswith(("_total", "_count")))

    assert total("segment_queries") == total("queries")
    assert total("segment_tool_usage") == total("tool_usage")
    assert total("stop_reasons") == total("time_to_first_token_seconds")
    assert total("stop_reasons") == total("output_tokens_per_second")
    assert 0 < total("cache_tokens") < total("tokens")
    assert total("cache_saved_usd") > 0


def test_the_same_seed_writes_the_same(tmp_path):
    first = written(tmp_path, 0.5).read_bytes()
    assert written(tmp_path, 0.5).read_bytes() == first
    assert written(tmp_path, 0.5, seed=8).read_bytes() != first


def test_steps_are_small_at_the_end_and_never_above_the_lookback():
    times = moments(NOW - 30 * DAY, NOW)
    steps = {later - earlier for earlier, later in pairwise(times)}
    assert steps == {30, 120, 300}
    assert times[-1] == NOW
    assert {b - a for a, b in pairwise(times[-2880:])} == {30}


def test_users_of_the_past_can_be_added_to_the_bots_database(tmp_path):
    written(tmp_path, 0.5, database=tmp_path / "bot.db")
    rows = (
        sqlite3.connect(tmp_path / "bot.db").execute("SELECT count(*), max(last_seen) FROM users").fetchone()
    )
    assert rows[0] >= 420
    assert rows[1] <= NOW


def test_windows_count_who_was_here_last():
    class Somebody:
        tier = "free"

    window, ann, bob = Window(100), Somebody(), Somebody()
    window.visit(ann, 0)
    window.visit(bob, 50)
    window.visit(ann, 90)
    assert sum(window.counts(120).values()) == 2
    assert sum(window.counts(160).values()) == 1
    assert sum(window.counts(300).values()) == 0


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool")
def test_promtool_makes_blocks_of_it(tmp_path):
    out = written(tmp_path, 5)
    command = [
        "promtool",
        "tsdb",
        "create-blocks-from",
        "--max-block-duration=720h",
        "openmetrics",
        str(out),
        "data",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        ["promtool", "tsdb", "list", "data"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    samples = sum(int(line.split()[4]) for line in listed.stdout.splitlines()[1:])
    assert samples == sum(not line.startswith("#") for line in out.read_text().splitlines())
    assert math.isfinite(samples)
