"""`dashgen explain TOPIC`: short texts that fit a terminal; their examples run in tests/docs."""

import json

import pytest

from dashgen.cli.options import EXIT_CODES
from dashgen.cli.topics import find_topic, topic_names, topic_source
from tests.cli.transcript import run_command


@pytest.mark.parametrize("name", topic_names())
def test_a_topic_is_short_and_has_an_example(name, tmp_path):
    topic = find_topic(name)
    assert topic is not None
    prose = [line for line in topic.text.splitlines() if not line.startswith("  ")]
    assert max(map(len, prose)) <= 80
    assert not {"```", "…"} & set(topic.text.replace("```", " ``` ").split())
    assert "<!--" not in topic.text
    assert "    $ dashgen" in topic.text
    assert topic.summary.endswith((".", ":"))
    if name != "agents":
        assert len(topic.text.splitlines()) < 60
    assert run_command(["explain", name], tmp_path, {}).stdout == topic.text


def test_all_topics_are_listed(tmp_path):
    result = run_command(["explain"], tmp_path, {})
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == list(topic_names())
    document = json.loads(run_command(["explain", "--format", "json"], tmp_path, {}).stdout)
    assert [topic["name"] for topic in document["topics"]] == list(topic_names())


def test_the_topic_of_exit_codes_has_them_all():
    text = topic_source("exit-codes")
    assert all(f"- {code}: " in text for code in EXIT_CODES)


def test_rules_are_explained_too(tmp_path):
    for name in ("query/metric", "query/fixed-rate-range"):
        assert run_command(["explain", name], tmp_path, {}) == run_command(["rule", name], tmp_path, {})


def test_an_unknown_topic_is_guessed(tmp_path):
    for word, message in (
        ("unts", "there is no topic `unts`; did you mean `units`?"),
        ("variabels", "there is no topic `variabels`; did you mean `variables`?"),
        ("zzzzzz", "there is no topic `zzzzzz`; `dashgen explain` lists the topics"),
    ):
        result = run_command(["explain", word], tmp_path, {})
        assert (result.code, result.stderr) == (2, f"dashgen: {message}\n")


def test_in_a_project_dashboards_are_guessed_as_well(tmp_path):
    assert run_command(["init", "."], tmp_path, {}).code == 0
    result = run_command(["explain", "shp"], tmp_path, {})
    assert "there is no topic, no dashboard and no report `shp`; did you mean `shop`?" in result.stderr


def test_a_dashboard_with_the_name_of_a_topic_is_explained_by_a_slash(tmp_path):
    assert run_command(["init", "."], tmp_path, {}).code == 0
    spec = tmp_path / "specs/dashboards/shop.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("uid: shop", "uid: units"), encoding="utf-8")
    assert run_command(["explain", "units"], tmp_path, {}).stdout.startswith("Units\n")
    assert "units/p95" in run_command(["explain", "units/"], tmp_path, {}).stdout
