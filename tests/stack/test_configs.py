"""The servers' own files: checked by the program where it runs here, by their fields where it does not."""

import re
import shutil
import subprocess

import pytest
import yaml

from tests.stack.files import ROOT, STACK, config, services, texts


def _hours(duration: str) -> float:
    number, unit = re.fullmatch(r"(\d+)([hdw])", duration).groups()
    return int(number) * {"h": 1, "d": 24, "w": 168}[unit]


@pytest.mark.external
def test_promtool_accepts_prometheus_file_with_the_generated_rules(tmp_path, promtool):
    text = (STACK / "prometheus/prometheus.yml").read_text(encoding="utf-8")
    there = tmp_path / "prometheus.yml"
    there.write_text(text.replace("/etc/prometheus/rules", str(ROOT / "generated/rules/prometheus")))
    done = promtool(tmp_path, "check", "config", there.name)
    assert done.returncode == 0, done.stderr
    assert "rules found" in done.stdout


@pytest.mark.external
@pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not here")
def test_amtool_accepts_alertmanagers_file():
    file = str(STACK / "alertmanager/alertmanager.yml")
    done = subprocess.run(["amtool", "check-config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_scrape_intervals_are_between_5_seconds_and_5_minutes_and_each_job_has_a_name():
    prometheus = config("prometheus/prometheus.yml")
    jobs = prometheus["scrape_configs"]
    assert len({job["job_name"] for job in jobs}) == len(jobs)
    for interval in [
        prometheus["global"]["scrape_interval"],
        *(j["scrape_interval"] for j in jobs if "scrape_interval" in j),
    ]:
        assert 5 <= int(interval.removesuffix("s")) <= 300


def test_the_data_source_knows_the_scrape_interval():
    sources = yaml.safe_load((ROOT / "generated/provisioning/datasources/dashgen.yaml").read_text("utf-8"))
    [interval] = [s["jsonData"]["timeInterval"] for s in sources["datasources"] if s["type"] == "prometheus"]
    assert interval == config("prometheus/prometheus.yml")["global"]["scrape_interval"]


def test_everything_is_kept_for_longer_than_the_dashboards_look_back():
    asked = 30 * 24
    [retention] = [
        word.partition("=")[2] for word in services()["prometheus"]["command"] if "retention.time" in word
    ]
    limits = config("loki/loki.yaml")["limits_config"]
    loki = services()["loki"]["environment"]["LOKI_RETENTION"]
    assert _hours(retention) > asked
    assert _hours(loki) > asked
    assert limits["retention_period"] == f"${{LOKI_RETENTION:-{loki}}}"
    assert _hours(limits["max_query_length"]) > asked
    assert limits["max_query_series"] > 500


def test_loki_is_one_process_on_files_that_deletes_what_is_too_old():
    loki = config("loki/loki.yaml")
    assert loki["auth_enabled"] is False
    assert loki["common"]["replication_factor"] == 1
    assert loki["common"]["ring"]["kvstore"] == {"store": "inmemory"}
    [schema] = loki["schema_config"]["configs"]
    assert (schema["store"], schema["object_store"], schema["schema"]) == ("tsdb", "filesystem", "v13")
    assert schema["index"]["period"] == "24h"
    assert loki["compactor"]["retention_enabled"] is True
    assert loki["compactor"]["delete_request_store"] == "filesystem"
    assert loki["limits_config"]["allow_structured_metadata"] is True
    assert loki["limits_config"]["volume_enabled"] is True
    assert loki["ruler"]["storage"]["type"] == "local"
    assert loki["ruler"]["ring"]["kvstore"] == {"store": "inmemory"}
    assert loki["analytics"] == {"reporting_enabled": False}
    assert "-config.expand-env=true" in services()["loki"]["command"]


def test_tempo_has_the_form_of_version_3_takes_spans_and_writes_their_metrics_to_prometheus():
    tempo = config("tempo/tempo.yaml")
    assert services()["tempo"]["image"].startswith("grafana/tempo:3.")
    assert "compactor" not in tempo
    assert tempo["server"]["http_listen_port"] == 3200
    assert tempo["distributor"]["receivers"]["otlp"]["protocols"]["http"]["endpoint"] == "0.0.0.0:4318"
    assert tempo["storage"]["trace"]["backend"] == "local"
    [write] = tempo["metrics_generator"]["storage"]["remote_write"]
    assert write == {"url": "http://prometheus:9090/api/v1/write", "send_exemplars": True}
    assert tempo["overrides"]["defaults"]["metrics_generator"]["processors"] == [
        "service-graphs",
        "span-metrics",
    ]
    assert "--web.enable-remote-write-receiver" in services()["prometheus"]["command"]
    assert "--enable-feature=exemplar-storage" in services()["prometheus"]["command"]


# Each program whose log lines are collected, with the variable that names its log file.
_LOGGING = {"bot": ("app", "BOT_LOG_FILE"), "insights": ("insights", "INSIGHTS_LOG_FILE")}


def _log_folder(app: str) -> str:
    service, variable = _LOGGING[app]
    return services()[service]["environment"][variable].rpartition("/")[0]


def test_both_collectors_set_the_labels_of_the_contract():
    contract = yaml.safe_load((ROOT / "specs/metrics.yaml").read_text(encoding="utf-8"))
    [job] = config("promtail/promtail.yaml")["scrape_configs"]
    stages = {name: stage for entry in job["pipeline_stages"] for name, stage in entry.items()}
    assert set(stages["labels"]) | {"app"} == set(contract["log_labels"])
    assert stages["timestamp"] == {"source": "time", "format": "RFC3339Nano"}

    alloy = texts()["alloy/config.alloy"]
    assert re.search(r'stage\.labels \{\s+values = \{\s+level = "level",\s+\}', alloy)
    assert re.search(r'stage\.timestamp \{\s+source = "time"\s+format = "RFC3339Nano"', alloy)
    assert alloy.count("{") == alloy.count("}")


@pytest.mark.parametrize("app", _LOGGING)
def test_both_collectors_read_the_log_file_of_a_program(app):
    folder = _log_folder(app)
    [job] = config("promtail/promtail.yaml")["scrape_configs"]
    assert {"app": app, "__path__": f"{folder}/*.jsonl"} in [one["labels"] for one in job["static_configs"]]
    assert len(job["static_configs"]) == len(_LOGGING)

    alloy = texts()["alloy/config.alloy"]
    assert re.search(rf'__path__\s+= "{re.escape(folder)}/\*\.jsonl",\s+app\s+= "{app}"', alloy)
    for name in ("alloy", "promtail"):
        assert any(volume == f"{app}-logs:{folder}:ro" for volume in services()[name]["volumes"])


def test_alertmanager_is_looked_up_by_name_so_that_it_may_be_absent():
    [manager] = config("prometheus/prometheus.yml")["alerting"]["alertmanagers"]
    assert manager["dns_sd_configs"] == [{"names": ["alertmanager"], "type": "A", "port": 9093}]


def test_alertmanager_routes_severities_and_nights_as_grafana_does():
    manager = config("alertmanager/alertmanager.yml")
    specs = yaml.safe_load((ROOT / "specs/notifications.yaml").read_text(encoding="utf-8"))
    assert {receiver["name"] for receiver in manager["receivers"]} == set(specs["contact_points"])
    assert {interval["name"] for interval in manager["time_intervals"]} == set(specs["mute_timings"])
    for ours, theirs in zip(specs["policies"]["routes"], manager["route"]["routes"], strict=True):
        for label, values in ours["match"].items():
            assert label in theirs["matchers"][0]
            for value in values if isinstance(values, list) else [values]:
                assert value in theirs["matchers"][0]
        assert theirs["receiver"] == ours.get("contact_point", manager["route"]["receiver"])
        assert theirs["repeat_interval"] == ours["repeat_interval"]
        assert theirs.get("mute_time_intervals", []) == [m for m in [ours.get("mute")] if m]


def _mappings(value, path=()):
    """The mappings of a file by their paths; what names of somebody's choice stand in is left out."""
    if not isinstance(value, dict) or path[-1:] in [("external_labels",), ("grpc",), ("http",)]:
        return
    yield ".".join(path), list(value)
    for key, inner in value.items():
        yield from _mappings(inner, (*path, key))


@pytest.mark.parametrize("server", ["loki", "tempo"])
def test_a_server_of_the_images_version_knows_every_key(server):
    known = yaml.safe_load((ROOT / "tests/stack/server_keys.yaml").read_text(encoding="utf-8"))[server]
    mappings = dict(_mappings(config(f"{server}/{server}.yaml")))
    assert len(mappings) > 8
    for path, keys in mappings.items():
        assert set(keys) <= set(known[path]), path


def test_tempo_has_none_of_the_blocks_that_3_0_refuses():
    known = yaml.safe_load((ROOT / "tests/stack/server_keys.yaml").read_text(encoding="utf-8"))["tempo"]
    removed = {"compactor", "ingester", "ingester_client", "metrics_generator_client"}
    assert removed.isdisjoint(known[""])
    assert removed.isdisjoint(config("tempo/tempo.yaml"))
    assert set(config("tempo/tempo.yaml")["overrides"]) == {"defaults"}
