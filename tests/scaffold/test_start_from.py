"""`dashgen init --from`: a project from dashboards, rules and metrics that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.cli.app import COMMANDS
from dashgen.servers.grafana.data_sources_api import DataSourcesApi
from dashgen.servers.grafana.grafana_errors import ForbiddenError
from tests.cli.transcript import Result, run_command
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.store import new_dashboard
from tests.grafana.support import CONTENT
from tests.importer.web import Web

METRICS = """\
# HELP bakery_orders_total Orders taken.
# TYPE bakery_orders_total counter
bakery_orders_total{kind="bread"} 8
bakery_orders_total{kind="cake"} 3
# TYPE bakery_waiting_customers gauge
bakery_waiting_customers 4
"""
TEXT = {"Content-Type": "text/plain"}
DASHBOARD = {
    "title": "Till",
    "uid": "till",
    "schemaVersion": 39,
    "panels": [
        {
            "type": "timeseries",
            "title": "Sales",
            "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
            "datasource": {"type": "prometheus", "uid": "P1"},
            "targets": [{"refId": "A", "expr": "sum(sales)"}],
        }
    ],
}
RULES = {"groups": [{"name": "g", "rules": [{"alert": "Down", "expr": "up == 0", "for": "5m"}]}]}
LOKI_RULES = {
    "groups": [{"name": "l", "rules": [{"alert": "Loud", "expr": 'rate({app="a"} |= "x" [5m]) > 1'}]}]
}


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana() as grafana:
        yield grafana


def start(folder: Path, *sources: str, **variables: str) -> Result:
    words = [word for source in sources for word in ("--from", source)]
    return run_command(["init", "p", *words], folder, variables)


def document(folder: Path, *sources: str, **variables: str) -> dict[str, Any]:
    words = [word for source in sources for word in ("--from", source)]
    printed: dict[str, Any] = json.loads(
        run_command(["init", "p", *words, "--format", "json"], folder, variables).stdout
    )
    return printed


def write(path: Path, data: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def project_file(folder: Path) -> Any:
    return yaml.safe_load((folder / "p/dashgen.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["", "/", "/metrics"])
def test_the_address_of_an_application_gives_a_contract_and_a_dashboard(path: str, tmp_path: Path) -> None:
    with Web({"/metrics": (200, TEXT, METRICS.encode())}) as web:
        result = start(tmp_path, web.url + path)
    assert result.code == 0, result.stderr
    assert result.stderr == "next: cd p && dashgen preview\n"
    assert (tmp_path / "p/generated/dashboards").is_dir()
    for words in (["validate", "--strict"], ["lint", "--fail-on", "info"], ["build", "--check"]):
        assert run_command(words, tmp_path / "p", {}).code == 0


def test_a_file_with_metrics_is_as_good(tmp_path: Path) -> None:
    for name in ("metrics", "bakery.prom", "scrape.txt"):
        write(tmp_path / name / name, METRICS)
        (tmp_path / name / "p").mkdir()
        assert start(tmp_path / name, name).code == 0
        assert (tmp_path / name / "p/specs/dashboards/bakery.yaml").exists()


def test_dashboards_and_rules_of_a_folder_are_imported_and_other_files_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "old/a/till.json", DASHBOARD)
    write(tmp_path / "old/a/copy.json", DASHBOARD)
    write(tmp_path / "old/rules.yml", yaml.safe_dump(RULES))
    write(tmp_path / "old/package.json", {"name": "x"})
    write(tmp_path / "old/compose.yaml", "services: {a: {image: b}}\n")
    write(tmp_path / "old/chart.yaml", "{{- if .Values.x }}\n: [\n")
    write(tmp_path / "old/node_modules/x/d.json", DASHBOARD)
    printed = document(tmp_path, "old")
    assert (printed["dashboards"], printed["rules"], printed["failures"]) == (1, 1, [])
    assert "specs/dashboards/till.yaml" in printed["files"]
    assert "specs/alerts/rules.yaml" in printed["files"]
    assert [one["rule"] for one in printed["problems"]] == ["alert/no-severity", "alert/no-summary"]


def test_folders_of_files_are_folders_in_grafana(tmp_path: Path) -> None:
    write(tmp_path / "old/grafana/shop/a.json", DASHBOARD)
    write(tmp_path / "old/grafana/bank/eu/b.json", {**DASHBOARD, "uid": "b"})
    write(tmp_path / "old/rules/rules.yml", yaml.safe_dump(RULES))
    assert start(tmp_path, "old").code == 0
    specs = (tmp_path / "p/specs/dashboards").glob("*.yaml")
    folders = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")).get("folder") for path in specs}
    assert folders == {"till": "shop", "b": "bank/eu"}


def test_data_sources_are_guessed_from_what_queries_them(tmp_path: Path) -> None:
    second = json.loads(
        json.dumps(DASHBOARD).replace("P1", "P2").replace("till", "two").replace("Till", "Two")
    )
    open_one = json.loads(
        json.dumps(DASHBOARD)
        .replace("P1", "${DS}")
        .replace('"prometheus"', '"tempo"')
        .replace('"expr": "sum(sales)"', '"queryType": "traceql", "query": "{ name = `x` }"')
    )
    write(tmp_path / "a.json", DASHBOARD)
    write(tmp_path / "b.json", second)
    write(tmp_path / "c.json", {**open_one, "uid": "open", "title": "Traces"})
    write(tmp_path / "d.yaml", yaml.safe_dump(LOKI_RULES))
    assert start(tmp_path, "a.json", "b.json", "c.json", "d.yaml").code == 0
    assert project_file(tmp_path)["datasources"] == {"prometheus": "prometheus/P1", "p2": "prometheus/P2"}
    described = yaml.safe_load((tmp_path / "p/specs/datasources.yaml").read_text(encoding="utf-8"))
    assert sorted(described["datasources"]) == ["loki", "tempo"]


def test_a_grafana_gives_its_dashboards_and_data_sources(tmp_path: Path, fake: FakeGrafana) -> None:
    fake.store.data_sources["P1"] = {"uid": "P1", "name": "Main", "type": "prometheus", "isDefault": True}
    content = {**CONTENT, **DASHBOARD}
    content.pop("uid")
    fake.store.save(new_dashboard(fake.store, "till", content, {}, "v0alpha1"))
    result = start(tmp_path, fake.url, GRAFANA_TOKEN=fake.admin_token)
    assert result.code == 0, result.stderr + result.stdout
    assert project_file(tmp_path)["datasources"] == {"prometheus": "prometheus/P1"}
    assert "'Main' in Grafana" in (tmp_path / "p/dashgen.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "p/specs/dashboards/till.yaml").exists()
    assert fake.admin_token not in result.stdout + result.stderr


def test_a_token_goes_to_no_second_address(tmp_path: Path) -> None:
    health = (200, {"Content-Type": "application/json"}, b'{"database": "ok", "version": "12.4.3"}')
    with Web({"/api/health": health}) as one, Web({"/api/health": health}) as two:
        start(tmp_path, one.url, two.url, GRAFANA_TOKEN="glsa_secret")  # noqa: S106
        assert [headers for web in (one, two) for _, headers in web.asked if "Authorization" in headers] == []
    with Web({"/api/health": health}) as one, Web({"/api/health": health}) as two:
        start(tmp_path, one.url, two.url, GRAFANA_TOKEN="glsa_secret", GRAFANA_URL=two.url)  # noqa: S106
        assert [headers for _, headers in one.asked if "Authorization" in headers] == []
        assert [headers for _, headers in two.asked if "Authorization" in headers] != []


def test_a_source_that_is_down_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    write(tmp_path / "till.json", DASHBOARD)
    result = start(tmp_path, "http://127.0.0.1:9", "till.json", "nowhere.json")
    assert result.code == 3
    assert (tmp_path / "p/specs/dashboards/till.yaml").exists()
    assert "127.0.0.1:9" in result.stderr
    assert "nowhere.json: cannot read it: there is no such file" in result.stderr


def test_nothing_is_written_when_nothing_is_of_use(tmp_path: Path) -> None:
    write(tmp_path / "package.json", {"name": "x"})
    (tmp_path / "empty").mkdir()
    for sources, code in ((["package.json"], 1), (["empty"], 1), (["http://127.0.0.1:9"], 3)):
        result = start(tmp_path, *sources)
        assert (result.code, result.stderr.splitlines()[-1]) == (code, "nothing was written")
        assert not (tmp_path / "p").exists()


def test_a_project_is_not_overwritten_and_other_files_stay(tmp_path: Path) -> None:
    write(tmp_path / "till.json", DASHBOARD)
    write(tmp_path / "p/README.md", "mine")
    assert "README.md was there, and stays as it is" in start(tmp_path, "till.json").stdout
    assert (tmp_path / "p/README.md").read_text(encoding="utf-8") == "mine"
    before = {path: path.read_bytes() for path in (tmp_path / "p").rglob("*") if path.is_file()}
    again = start(tmp_path, "till.json")
    assert again.code == 2
    assert "already has `dashgen.yaml`" in again.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "p").rglob("*") if path.is_file()} == before


def test_hostile_names_are_inert(tmp_path: Path) -> None:
    hostile = {
        **DASHBOARD,
        "uid": "../../x",
        "title": "${{ 1 + 1 }}\x1b[31m<script>",
        "panels": [{**DASHBOARD["panels"][0], "title": "\x1b]0;x\x07${{ env.HOME }}"}],  # type: ignore[index]
    }
    write(tmp_path / "evil.json", hostile)
    write(tmp_path / "evil.prom", 'evil_total{a="${{ 1 }}\x1b[31m"} 1\nevil_other{b="}\\n- x"} 2\n')
    result = start(tmp_path, "evil.json", "evil.prom")
    assert result.code == 0, result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.json", "evil.prom", "p"]
    built = [path.read_text(encoding="utf-8") for path in (tmp_path / "p/generated").rglob("*.json")]
    assert any("${{ 1 + 1 }}" in text for text in built)
    assert not any('"2' in text.partition("title")[2][:5] for text in built)


def test_two_dashboards_with_one_uid_are_not_both_imported(tmp_path: Path) -> None:
    write(tmp_path / "a.json", DASHBOARD)
    write(tmp_path / "b.json", {**DASHBOARD, "title": "Another"})
    printed = document(tmp_path, "a.json", "b.json")
    assert printed["dashboards"] == 1
    assert [one["rule"] for one in printed["failures"]] == ["import/duplicate"]


def test_colours_say_nothing_that_words_do_not(tmp_path: Path) -> None:
    texts = []
    for number, variables in enumerate(
        ({"FORCE_COLOR": "1"}, {"TTY": "1"}, {"TTY": "1", "NO_COLOR": "1"}, {"TTY": "1", "TERM": "dumb"}, {})
    ):
        folder = tmp_path / str(number)
        write(folder / "rules.yml", yaml.safe_dump(RULES))
        result = start(folder, "rules.yml", "nowhere.json", **variables)
        texts.append(result.stdout + result.stderr)
    plain = [re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", text) for text in texts]
    assert len(set(plain)) == 1
    assert ["\x1b[33m" in text and "\x1b[31m" in text for text in texts] == [True, True, False, False, False]
    assert "warning" in plain[0]


def test_two_dashboards_with_one_title_in_one_folder_are_not_both_imported(tmp_path: Path) -> None:
    write(tmp_path / "a.json", DASHBOARD)
    write(tmp_path / "b.json", {**DASHBOARD, "uid": "another"})
    printed = document(tmp_path, "a.json", "b.json")
    assert printed["dashboards"] == 1
    assert "title `Till` in the same folder" in printed["failures"][0]["message"]
    assert printed["next"] == ["cd p", "dashgen preview"]


def test_an_account_that_may_list_no_data_sources_imports_all_the_same(
    tmp_path: Path, fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_: object) -> list[object]:
        raise ForbiddenError("this account may not read data sources")

    monkeypatch.setattr(DataSourcesApi, "list_all", forbidden)
    content = {key: value for key, value in {**CONTENT, **DASHBOARD}.items() if key != "uid"}
    fake.store.save(new_dashboard(fake.store, "till", content, {}, "v0alpha1"))
    result = start(tmp_path, fake.url, GRAFANA_TOKEN=fake.viewer_token)
    assert (result.code, result.stderr) == (0, "next: cd p && dashgen preview\n")
    assert project_file(tmp_path)["datasources"] == {"prometheus": "prometheus/P1"}


def test_the_readme_of_a_project_from_what_exists_names_commands_that_there_are(tmp_path: Path) -> None:
    write(tmp_path / "till.json", DASHBOARD)
    assert start(tmp_path, "till.json").code == 0
    readme = (tmp_path / "p/README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"dashgen ([a-z]+)\b", readme)) - {"compiles"}
    assert named <= {name.partition(" ")[0] for name in COMMANDS}
    assert len(named) > 7
    assert "pip install dashgen" not in readme


def test_the_current_folder_is_a_source_and_its_own_project_is_none(tmp_path: Path) -> None:
    write(tmp_path / "grafana/till.json", DASHBOARD)
    write(tmp_path / "package.json", {"name": "x"})
    assert run_command(["init", ".", "--from", "."], tmp_path, {}).code == 0
    # What is built and made by now is no second dashboard of the same name.
    again = document(tmp_path, ".")
    assert (again["dashboards"], again["failures"]) == (1, [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "the name of a source is empty"),
        ("poem.txt", "it has neither metrics nor dashboards nor rules"),
        ("http://[::bad", "the address cannot be read"),
        ("http://localhost:port/metrics", "the address cannot be read"),
        ("http://", "the address cannot be read"),
        ("http://me:secret@localhost/metrics", "the address has credentials in it"),
        ("empty", "there is no dashboard, no rule file and no metrics page in it"),
        ("script.py", "programs of others are not run"),
    ],
)
def test_a_source_that_is_none_is_named(source: str, words: str, tmp_path: Path) -> None:
    write(tmp_path / "poem.txt", "a poem\nabout metrics\n")
    write(tmp_path / "script.py", "print(1)\n")
    (tmp_path / "empty").mkdir()
    result = start(tmp_path, source)
    assert result.code == 1
    assert words in result.stderr
    assert "secret" not in result.stderr
    assert not (tmp_path / "p").exists()
