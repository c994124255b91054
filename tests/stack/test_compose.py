"""compose.yaml: valid, pinned, locked down, and its parts find each other."""

import re
import subprocess
import sys

import pytest
import yaml

from dashgen.sync.install.stack_environment import PasswordOutcome, write_environment
from tests.stack.files import ROOT, STACK, compose, config, filled, lasting, networks, services, texts

# On which port each service listens, inside the network.
PORTS = {
    "app": {8000},
    "prometheus": {9090},
    "loki": {3100},
    "tempo": {3200, 4317, 4318},
    "alloy": {12345},
    "promtail": {9080},
    "grafana": {3000},
    "alertmanager": {9093},
    "mailpit": {1025, 8025},
    "renderer": {8081},
    "insights": {8010},
}
_ADDRESS = re.compile(r"(?:https?://)?\b([a-z][a-z0-9-]*):(\d{4,5})\b")


def each(found):
    return pytest.mark.parametrize("name", sorted(found))


def test_it_is_what_the_compose_specification_allows():
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(STACK / "compose.yaml")]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_runs_without_being_asked_is_the_guides_stack_and_the_collector_is_one_variable():
    assert {name for name, service in services().items() if "profiles" not in service} == {
        "grafana", "prometheus", "loki", "tempo", "app",
    }  # fmt: skip
    assert services()["alloy"]["profiles"] == ["alloy"]
    assert services()["promtail"]["profiles"] == ["promtail"]
    assert "\nCOMPOSE_PROFILES=alloy\n" in texts()[".env.example"]


@each(services())
def test_images_have_a_version_and_can_be_replaced_by_a_digest(name):
    raw = yaml.safe_load((STACK / "compose.yaml").read_text(encoding="utf-8"))["services"][name]["image"]
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w./-]+:v?\d+\.\d+\.\d+\}", raw), raw


@each(services())
def test_nothing_gets_more_rights_than_it_needs(name):
    service = services()[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "privileged" not in service
    user = service.get("user", "the image's, who is not root")
    assert user.partition(":")[0] not in {"0", "root"}
    assert "user" in service or service["image"].startswith("dubai-estate-bot:")  # `USER` in its Dockerfile
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@each(services())
def test_memory_processors_processes_and_logs_have_a_limit(name):
    assert re.fullmatch(r"\d+[mg]", services()[name]["mem_limit"])
    assert 0 < services()[name]["cpus"] <= 2
    # Plugins of Grafana and the tabs of a browser are processes of their own.
    assert 0 < services()[name]["pids_limit"] <= (500 if name in {"grafana", "renderer"} else 200)
    assert services()[name]["logging"]["options"] == {"max-size": "10m", "max-file": "3"}


@each(lasting())
def test_what_keeps_running_says_when_it_is_well(name):
    health = services()[name]["healthcheck"]
    assert health["test"][0] in {"CMD", "CMD-SHELL"}
    assert int(health["start_period"].removesuffix("s")) >= 30
    assert {"interval", "timeout", "retries"} <= set(health)


@each(services())
def test_ports_are_open_on_this_machine_only(name):
    for port in services()[name].get("ports", []):
        address, outside, inside = port.split(":")
        assert address == "127.0.0.1"
        assert outside == inside
        assert int(inside) in PORTS[name]


def test_no_two_services_want_one_port():
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert len(ports) == len(set(ports))
    assert {
        "127.0.0.1:3000:3000",
        "127.0.0.1:9090:9090",
        "127.0.0.1:3100:3100",
        "127.0.0.1:8000:8000",
    } <= set(ports)


@each(services())
def test_mounts_have_a_source_and_cannot_be_written(name):
    for volume in services()[name].get("volumes", []):
        source, _, rest = volume.partition(":")
        if source.startswith("."):
            assert (STACK / source).exists(), source
            assert rest.endswith(":ro"), volume
        else:
            assert source in compose()["volumes"], source


def test_every_named_volume_is_used():
    used = {
        volume.partition(":")[0] for service in services().values() for volume in service.get("volumes", [])
    }
    assert set(compose()["volumes"]) <= used


@each(services())
def test_it_waits_for_services_that_are_there_until_they_are_well(name):
    for other, how in services()[name].get("depends_on", {}).items():
        wanted = "service_healthy" if other in lasting() else "service_completed_successfully"
        assert how == {"condition": wanted}


def test_generated_files_are_mounted_where_they_are_read():
    mounts = {
        volume.split(":")[0]: (name, volume.split(":")[1])
        for name, service in services().items()
        for volume in service.get("volumes", [])
        if volume.startswith("../generated")
    }
    provider = yaml.safe_load((ROOT / "generated/provisioning/dashboards/dashgen.yaml").read_text("utf-8"))
    assert mounts == {
        "../generated/provisioning": ("grafana", "/etc/grafana/provisioning"),
        "../generated/dashboards": ("grafana", provider["providers"][0]["options"]["path"]),
        "../generated/rules/prometheus": ("prometheus", "/etc/prometheus/rules"),
        "../generated/rules/loki": (
            "loki",
            config("loki/loki.yaml")["ruler"]["storage"]["local"]["directory"] + "/fake",
        ),
    }
    assert config("prometheus/prometheus.yml")["rule_files"] == ["/etc/prometheus/rules/*.yaml"]


def _wired() -> dict[str, str]:
    found = dict(texts())
    for path in (ROOT / "generated/provisioning/datasources").iterdir():
        found[f"generated/{path.name}"] = path.read_text(encoding="utf-8")
    return found


@each(_wired())
def test_every_address_names_a_service_and_a_port_on_which_it_listens(name):
    text = filled(_wired()[name])
    for host, port in _ADDRESS.findall(text):
        if host in {"localhost", "example"} or (host not in PORTS and f"//{host}" not in text):
            continue
        assert host in services(), f"{host}:{port}"
        assert int(port) in PORTS[host], f"{host}:{port}"


@pytest.mark.parametrize("path", sorted(texts()))
def test_no_file_has_a_secret(path):
    for name, value in re.findall(
        r"(?i)^\s*-?\s*([\w.]*(?:password|token|secret|api_key|webhook_url))[:=][ \t]*(\S+)",
        texts()[path],
        re.MULTILINE,
    ):
        harmless = ("$", "http://slack.invalid", "/run/", "{file: ./secrets/")
        assert value.startswith(harmless) or value == "{file:", f"{name} in {path}"
    assert "admin/admin" not in texts()[path]


def test_grafana_is_closed_and_tells_nobody_about_itself():
    environment = services()["grafana"]["environment"]
    assert environment["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/run/secrets/grafana_admin_password"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in environment
    for name in (
        "GF_AUTH_ANONYMOUS_ENABLED", "GF_USERS_ALLOW_SIGN_UP", "GF_ANALYTICS_REPORTING_ENABLED",
        "GF_ANALYTICS_CHECK_FOR_UPDATES", "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_NEWS_NEWS_FEED_ENABLED",
        "GF_SNAPSHOTS_EXTERNAL_ENABLED",
    ):  # fmt: skip
        assert environment[name] == "false", name


def test_what_the_contact_points_take_from_the_environment_is_never_empty():
    generated = (ROOT / "generated/provisioning/alerting/contact-points.yaml").read_text(encoding="utf-8")
    wanted = re.search(r"needs these in its environment: (.+)", generated)[1].split(", ")
    for name in wanted:
        environment, secrets = services()["grafana"]["environment"], compose()["secrets"]
        if name in environment:
            assert re.search(rf"^{name}=\S+", texts()[".env.example"], re.MULTILINE), name
        else:
            assert environment[f"{name}__FILE"] == f"/run/secrets/{name.lower()}"
            assert f"read_secret {name}\n" in texts()["grafana/start.sh"]
            assert secrets[name.lower()]["x-initial"]


def test_variables_of_the_example_are_those_of_compose():
    used = set(re.findall(r"\$\{(\w+)[:}]", (STACK / "compose.yaml").read_text(encoding="utf-8")))
    said = set(re.findall(r"^([A-Z_]+)=", texts()[".env.example"], re.MULTILINE))
    assert said - used == {"COMPOSE_PROFILES"}


@each(services())
def test_no_secret_is_in_an_environment(name):
    for key, value in services()[name].get("environment", {}).items():
        if re.search("PASSWORD|TOKEN|WEBHOOK|API_KEY", key):
            assert key.endswith("_FILE"), key
            assert value.removeprefix("/run/secrets/") in services()[name]["secrets"], key


@each(compose()["secrets"])
def test_every_secret_is_a_file_that_is_not_in_the_repository_and_somebody_reads_it(name):
    # Services whose root is read-only take secrets from files only, not from variables.
    secret = compose()["secrets"][name]
    assert secret["file"] == f"./secrets/{name}"
    assert set(secret) <= {"file", "x-initial", "x-random"}
    assert "stack/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [one for one, service in services().items() if name in service.get("secrets", [])]


def test_init_makes_all_that_the_stack_starts_from(tmp_path):
    for file in ("compose.yaml", ".env.example"):
        (tmp_path / file).write_text(texts()[file], encoding="utf-8")
    assert write_environment(tmp_path) is PasswordOutcome.WRITTEN
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(compose()["secrets"])
    assert len(made["grafana_admin_password"]) >= 24
    assert len(made["renderer_token"]) >= 24
    assert made["renderer_token"] != made["grafana_admin_password"]
    assert made["slack_webhook_url"] == "http://slack.invalid/not-set"
    assert made["anthropic_api_key"] == made["smtp_password"] == ""
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o444}


TALKS = [
    ("prometheus", "app"), ("prometheus", "grafana"), ("prometheus", "loki"), ("prometheus", "tempo"), ("prometheus", "alloy"),
    ("prometheus", "promtail"), ("prometheus", "alertmanager"), ("app", "tempo"), ("tempo", "prometheus"), ("alloy", "loki"),
    ("promtail", "loki"), ("loki", "alertmanager"), ("grafana", "prometheus"), ("grafana", "loki"), ("grafana", "tempo"),
    ("grafana", "renderer"), ("renderer", "grafana"), ("grafana", "mailpit"), ("alertmanager", "mailpit"), ("loadgen", "app"), ("prometheus", "insights"),
]  # fmt: skip


@pytest.mark.parametrize(("caller", "called"), TALKS)
def test_who_has_to_talk_shares_a_network(caller, called):
    assert networks()[caller] & networks()[called]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("app", "loki"), ("app", "grafana-back"), ("loadgen", "prometheus"), ("loadgen", "loki"), ("mailpit", "prometheus"),
        ("history", "app"), ("history", "prometheus"), ("backfill", "grafana"), ("insights", "loki"), ("insights", "grafana"),
        ("renderer", "prometheus"), ("renderer", "app"), ("renderer", "mailpit"),
    ],
)  # fmt: skip
def test_who_need_not_talk_shares_none(one, other):
    other, _, only = other.partition("-")
    theirs = {only} if only else networks()[other]
    assert not networks()[one] & theirs


def test_every_network_is_used_and_what_is_published_is_on_one_that_is_not_internal():
    used = set().union(*networks().values())
    assert used == set(compose()["networks"])
    inside = {name for name, network in compose()["networks"].items() if (network or {}).get("internal")}
    assert inside == {"watched", "pictures", "nothing"}
    for name, service in services().items():
        assert "ports" not in service or networks()[name] - inside, name


def test_a_page_in_a_browser_can_neither_stop_prometheus_nor_read_it_nor_delete_log_lines():
    command = services()["prometheus"]["command"]
    assert not [word for word in command if "enable-lifecycle" in word or "enable-admin-api" in word]
    [origin] = [word.partition("=")[2] for word in command if word.startswith("--web.cors.origin=")]
    assert not re.fullmatch(origin, "http://evil.example")
    assert config("loki/loki.yaml")["limits_config"]["deletion_mode"] == "disabled"


def test_prometheus_reads_new_rules_without_that_api():
    command = services()["prometheus"]["command"]
    assert "--config.auto-reload" in command  # a feature flag until 3.13
    assert "--config.auto-reload-interval=15s" in command


def test_the_nightly_job_reads_the_bots_database_and_writes_only_its_own_folders():
    job, bot = services()["insights"], services()["app"]
    assert job["profiles"] == ["insights"]
    assert "ports" not in job
    assert job["environment"]["INSIGHTS_DATABASE"] == bot["environment"]["BOT_DATABASE"]
    assert "bot-data:/var/lib/bot:ro" in job["volumes"]
    assert {volume.partition(":")[0] for volume in job["volumes"] if not volume.endswith(":ro")} == {
        "insights-data", "insights-logs",
    }  # fmt: skip
    image = (STACK / "insights/Dockerfile").read_text(encoding="utf-8")
    for variable, path in job["environment"].items():
        if str(path).startswith("/"):
            assert f"{variable}={path}" in image
    assert f"USER {job['user']}" in image


def test_the_nightly_job_is_scraped_under_one_instance_and_may_be_absent():
    [scrape] = [
        one for one in config("prometheus/prometheus.yml")["scrape_configs"] if one["job_name"] == "insights"
    ]
    assert scrape["dns_sd_configs"] == [{"names": ["insights"], "type": "A", "port": 8010}]
    assert scrape["relabel_configs"] == [{"target_label": "instance", "replacement": "insights:8010"}]


def test_grafanas_data_sources_stay_as_they_are_in_the_image_and_their_memory_is_bounded():
    # Grafana 13.2 unloads a bundled plugin before it updates it in a folder that cannot be written (grafana/grafana#132528).
    grafana = services()["grafana"]
    assert grafana["read_only"] is True
    assert grafana["environment"]["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
    # Another form of the value keeps Grafana 13.3 from starting.
    for name in ("GF_PLUGINS_DEFAULT_MEMORY_LIMIT", "GOMEMLIMIT"):
        assert re.fullmatch(r"\d+(?:Mi|Gi)B", grafana["environment"][name]), name


def test_the_renderer_is_a_service_with_a_token_that_grafana_has_too_and_off_unless_it_is_wanted():
    renderer, grafana = services()["renderer"], services()["grafana"]
    assert renderer["profiles"] == ["renderer"]
    assert "ports" not in renderer
    assert "renderer_token" in renderer["secrets"]
    assert "/run/secrets/renderer_token" in renderer["entrypoint"][-1]
    assert grafana["environment"]["GF_RENDERING_RENDERER_TOKEN__FILE"] == "/run/secrets/renderer_token"
    # Without an address Grafana asks nobody: the profile may be off.
    assert grafana["environment"]["GF_RENDERING_SERVER_URL"] == ""
    [address] = re.findall(r"^# RENDERER_URL=(\S+)$", texts()[".env.example"], re.MULTILINE)
    assert address == "http://renderer:8081/render"
    assert compose()["secrets"]["renderer_token"]["x-random"] is True


@pytest.mark.parametrize(
    ("name", "lowest"),
    [
        ("grafana", (13, 3)), ("prometheus", (3, 14)), ("loki", (3, 7)), ("tempo", (3, 0)), ("alloy", (1, 18)),
        ("alertmanager", (0, 34)), ("renderer", (5, 12)),
    ],
)  # fmt: skip
def test_images_are_of_versions_that_are_supported_and_that_the_files_are_for(name, lowest):
    version = services()[name]["image"].rpartition(":")[2].removeprefix("v").split(".")
    assert lowest <= (int(version[0]), int(version[1]))
    assert int(version[0]) == lowest[0]
