"""`dashgen install`: the files are where the stack mounts them, whole, checked, and the servers know."""

import json
from pathlib import Path

import pytest

from dashgen.sync.install.install_record import RECORD_FILE
from tests.grafana.fake import FakeGrafana
from tests.install.support import COPYING, INSTALLED, Site, address, prometheus


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_files_go_where_the_compose_file_mounts_them_and_the_second_time_nothing_changes(site):
    done = site.install()
    assert done.code == 0, done.stdout + done.stderr
    assert site.installed() == INSTALLED
    assert "dashboards: to stack/boards, 2 new" in done.stdout
    assert "rules/loki: to stack/loki-rules/fake, 1 new" in done.stdout
    assert (site.stack / "boards/Sales/shop.json").read_bytes() == (
        site.folder / "generated/dashboards/Sales/shop.json"
    ).read_bytes()
    times = {name: (site.stack / name).stat().st_mtime_ns for name in site.installed()}
    done = site.install()
    assert done.stdout.count("nothing changed") == 7
    assert {name: (site.stack / name).stat().st_mtime_ns for name in site.installed()} == times


def test_what_the_stack_mounts_from_the_output_is_not_copied(site):
    compose = COPYING.replace("./grafana/provisioning", "../generated/provisioning")
    compose = compose.replace("./boards", "../generated/dashboards").replace(
        "./rules", "../generated/rules/prometheus"
    )
    site.write(
        "stack/compose.yaml",
        compose.replace("./loki-rules:/etc/loki/rules", "../generated/rules/loki:/etc/loki/rules/fake"),
    )
    done = site.install()
    assert done.code == 0, done.stderr
    assert "dashboards: Grafana reads generated/dashboards as it is" in done.stdout
    assert site.installed() == ()
    assert not (site.stack / RECORD_FILE).exists()


def test_variables_of_the_compose_file_come_from_env_files_and_the_environment(site):
    site.write("stack/.env", "# where\nexport BOARDS='./elsewhere' # yes\n")
    site.install()
    assert (site.stack / "elsewhere/Sales/shop.json").exists()
    done = site.install(BOARDS=str(site.folder / "third"))
    assert (site.folder / "third/Sales/shop.json").exists()
    assert "--> stack/elsewhere/Sales/shop.json" in done.stderr
    assert "delete it if nothing reads it" in done.stderr


def test_out_of_date_files_go_and_those_of_others_stay(site):
    site.install()
    site.write("stack/boards/Sales/theirs.json", '{"title": "Theirs", "uid": "theirs", "panels": []}')
    site.write("stack/boards/Sales/readme.txt", "mine")
    specs = (site.folder / "specs/all.yaml").read_text()
    site.write("specs/all.yaml", specs.replace("uid: plain", "uid: other"))
    done = site.install()
    assert done.code == 0, done.stderr
    assert "dashboards: to stack/boards, 1 new, 1 removed" in done.stdout
    result = sorted(path.name for path in (site.stack / "boards/Sales").iterdir())
    assert result == ["other.json", "readme.txt", "shop.json", "theirs.json"]


def test_an_out_of_date_file_that_somebody_edited_is_kept(site):
    site.install()
    (site.stack / "boards/Sales/plain.json").write_text('{"title": "Mine", "uid": "plain", "panels": []}')
    specs = (site.folder / "specs/all.yaml").read_text()
    site.write("specs/all.yaml", specs.replace("uid: plain", "uid: other"))
    done = site.install()
    assert done.code == 0, done.stderr
    assert "the file was edited by hand and is kept" in done.stderr
    assert (site.stack / "boards/Sales/plain.json").exists()


def test_a_file_of_others_in_the_way_stops_it(site):
    site.write("stack/grafana/provisioning/datasources/dashgen.yaml", "apiVersion: 1\ndatasources: []\n")
    done = site.install()
    assert done.code == 1
    assert "dashgen did not write it" in done.stderr
    assert "nothing was installed" in done.stderr
    assert site.installed() == ("grafana/provisioning/datasources/dashgen.yaml",)


@pytest.mark.parametrize(
    ("name", "text", "arguments"),
    [
        (
            "datasources/theirs.yaml",
            "apiVersion: 1\ndatasources:\n  - {name: Other, uid: other, type: loki, url: 'http://x', isDefault: true}\n",
            "default",
        ),
        ("alerting/theirs.yaml", "apiVersion: 1\ngroups:\n  - {name: a, folder: b, interval: 7s}\n", "7s"),
        ("datasources/broken.yaml", "datasources: [\n", "stack/grafana/provisioning/datasources/broken.yaml"),
    ],
)
def test_a_file_that_would_keep_grafana_from_starting_stops_it_whoever_made_it(site, name, text, arguments):
    site.write(f"stack/grafana/provisioning/{name}", text)
    done = site.install()
    assert done.code == 1, done.stdout
    assert arguments in done.stderr
    assert "stack/grafana/provisioning/" in done.stderr
    assert site.installed() == (f"grafana/provisioning/{name}",)


def test_wrong_specs_install_nothing(site):
    site.write("specs/all.yaml", "kind: Dashbord\n")
    done = site.install()
    assert (done.code, site.installed()) == (1, ())


@pytest.mark.parametrize(
    ("old", "new", "arguments"),
    [
        (
            "./rules:/etc/prometheus/rules:ro",
            "./rules:/etc/elsewhere:ro",
            "the service `prometheus` mounts nothing at `/etc/prometheus/rules`",
        ),
        (
            "./grafana/provisioning:",
            "provisioning:",
            "`/etc/grafana/provisioning/datasources` of the service `grafana` is a volume",
        ),
        ("services:", "services: [", "error[yaml/"),
    ],
)
def test_a_stack_that_does_not_mount_a_part_is_told_how(site, old, new, arguments):
    site.write("stack/compose.yaml", COPYING.replace(old, new))
    done = site.install()
    assert done.code == 1
    assert arguments in done.stderr
    assert site.installed() == ()


def test_the_missing_volume_is_given_as_it_is_to_be_written(site):
    site.write("stack/compose.yaml", COPYING.replace("./rules:/etc/prometheus/rules:ro", "./x:/x"))
    assert "../generated/rules/prometheus:/etc/prometheus/rules:ro" in site.install().stderr


def test_a_server_that_the_stack_does_not_have_needs_no_files(site):
    site.write("stack/compose.yaml", COPYING.partition("  loki:")[0])
    done = site.install()
    assert done.code == 0, done.stderr
    assert "there is no Loki in the stack" in done.stderr
    assert not (site.stack / "loki-rules").exists()


def test_a_folder_without_a_compose_file_gets_the_layout_of_the_output(site):
    (site.stack / "compose.yaml").unlink()
    assert site.install().code == 0
    assert (site.stack / "provisioning/datasources/dashgen.yaml").exists()
    assert (site.stack / "rules/loki/shop.yaml").exists()
    assert site.install("--stack", "nowhere").code == 1


def test_a_dry_run_changes_nothing(site):
    done = site.install("--dry-run")
    assert done.code == 0, done.stderr
    assert "dashboards: to stack/boards, 2 new" in done.stdout
    assert site.installed() == ()
    assert not (site.folder / "generated").exists()


def test_an_end_in_the_middle_is_made_good_by_the_next_time(site, monkeypatch):
    from dashgen.sync.install import copy_files

    write, count = copy_files.write_changes, []

    def stopped(*arguments):
        count.append(arguments)
        if len(count) == 3:
            raise KeyboardInterrupt
        write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(copy_files, "write_changes", stopped)
        assert site.install().code == 130
    specs = (site.folder / "specs/all.yaml").read_text()
    site.write("specs/all.yaml", specs.replace("uid: plain", "uid: other"))
    assert site.install().code == 0
    assert site.installed() == tuple(sorted(name.replace("plain", "other") for name in INSTALLED))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9, "files": {}}', '{"files": {"a": 1}}'])
def test_a_damaged_record_stops_it(site, text):
    site.write(f"stack/{RECORD_FILE}", text)
    done = site.install()
    assert done.code == 1
    assert "the record of what was installed" in done.stderr


def test_a_record_that_names_other_places_deletes_nothing_there(site):
    site.write("precious.json", "{}")
    mark = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    files = {
        "../precious.json": mark,
        str(site.folder / "precious.json"): mark,
        "boards/../../precious.json": mark,
    }
    site.write(f"stack/{RECORD_FILE}", json.dumps({"version": 1, "files": files}))
    assert site.install().code == 0
    assert (site.folder / "precious.json").exists()


def test_grafana_reads_its_files_again(site):
    with FakeGrafana() as fake:
        arguments = ("--url", fake.url, "--yes")
        done = site.install(*arguments, GRAFANA_TOKEN=fake.admin_token)
        assert done.code == 0, done.stderr
        assert f"Grafana {fake.url}: reloaded data sources, alerting and dashboards" in done.stdout
        assert fake.store.reloads == ["datasources", "alerting", "dashboards"]
        refused = site.install(*arguments, GRAFANA_TOKEN=fake.viewer_token)
        assert refused.code == 3
        assert "needs a server administrator" in refused.stdout
        fake.store.reloads.clear()
        assert site.install(GRAFANA_URL=fake.url, GRAFANA_TOKEN=fake.admin_token).code == 2
        assert site.install(*arguments, "--no-reload", GRAFANA_TOKEN=fake.admin_token).code == 0
        assert site.install(*arguments, "--dry-run", GRAFANA_TOKEN=fake.admin_token).code == 0
        assert fake.store.reloads == []
        assert fake.admin_token not in done.stdout + done.stderr


def test_a_grafana_that_does_not_run_reads_them_when_it_starts(site):
    done = site.install("--url", "http://127.0.0.1:9", "--yes", GRAFANA_TOKEN="x")  # noqa: S106
    assert done.code == 0, done.stdout
    assert "not running" in done.stdout
    assert "it reads the files when it starts" in done.stdout


@pytest.mark.parametrize(
    ("status", "text", "code", "arguments"),
    [
        (200, "", 0, ": reloaded"),
        (403, "Lifecycle API is not enabled.", 3, "`docker compose kill --signal HUP prometheus`"),
        (500, "failed to reload config: one or more errors", 3, "failed to reload config"),
    ],
)
def test_prometheus_reads_its_rules_again(site, status, text, code, arguments):
    with prometheus(status, text) as server:
        done = site.install("--prometheus", address(server), "--yes")
        assert done.code == code, done.stdout
        assert arguments in done.stdout
        assert [path for path, _ in server.asked][:1] == ["/-/reload"]


@pytest.mark.parametrize(
    ("flags", "code", "arguments"),
    [
        (
            {"enable-feature": "exemplar-storage,auto-reload-config", "config.auto-reload-interval": "15s"},
            0,
            ": reads changed files by itself within 15s",
        ),
        ({"enable-feature": "auto-reload-config"}, 0, ": reads changed files by itself within 30s"),
        (
            {"config.auto-reload": "true", "config.auto-reload-interval": "15s"},
            0,
            ": reads changed files by itself within 15s",
        ),
        ({"config.auto-reload": "false", "config.auto-reload-interval": "30s"}, 3, "signal HUP"),
        ({"enable-feature": "exemplar-storage", "config.auto-reload-interval": "15s"}, 3, "signal HUP"),
        ({}, 3, "signal HUP"),
    ],
)
def test_a_prometheus_whose_lifecycle_api_is_closed_may_read_its_files_by_itself(
    site, flags, code, arguments
):
    with prometheus(403, "Lifecycle API is not enabled.", flags) as server:
        done = site.install("--prometheus", address(server), "--yes")
        assert done.code == code, done.stdout
        assert arguments in done.stdout
        assert [path for path, _ in server.asked] == ["/-/reload", "/api/v1/status/flags"]


def test_the_published_prometheus_is_told_without_credentials(site):
    with prometheus(200) as server:
        port = server.server_address[1]
        ports = f'ports: ["${{BIND:-127.0.0.1}}:{port}:9090"]\n    command:'
        site.write("stack/compose.yaml", COPYING.replace("command: [--c", f"{ports} [--c", 1))
        requests = site.install()
        assert requests.code == 2
        assert f"reloading Prometheus at http://127.0.0.1:{port} has to be confirmed" in requests.stderr
        assert site.installed() == ()
        assert site.install("--yes", PROMETHEUS_TOKEN="s3cret").code == 0  # noqa: S106
        (headers,) = [heads for _, heads in server.asked]
        assert "Authorization" not in headers
    done = site.install("--yes")
    assert done.code == 0
    assert "not running" in done.stdout
