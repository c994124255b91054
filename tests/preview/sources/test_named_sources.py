"""Which source of data the options of a preview name."""

import json
from pathlib import Path

import pytest

from dashgen.cli.commands.preview_options import PreviewData
from dashgen.cli.commands.preview_sources import PreviewSources
from dashgen.cli.commands.server_options import ServerOptions
from dashgen.preview.preview_subject import PreviewSubject, files_subject
from dashgen.preview.sources.grafana_source import GrafanaSource
from dashgen.preview.sources.telemetry_source import TelemetrySource
from tests.grafana.fake import FakeConfig, FakeGrafana
from tests.preview.views.dashboards import dashboard, panel

AWAY = "http://127.0.0.1:1"


@pytest.fixture
def subject(tmp_path: Path) -> PreviewSubject:
    file = tmp_path / "d.json"
    file.write_text(json.dumps(dashboard(panel(1), schemaVersion=42)), "utf-8")
    return files_subject([file], str)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROMETHEUS_URL", "LOKI_URL", "TEMPO_URL", "GRAFANA_URL", "GRAFANA_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_named_is_sample_data_also_with_servers_in_the_environment(
    subject: PreviewSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_URL", AWAY)
    with PreviewSources(PreviewData()) as sources:
        assert sources.of(subject).is_sample


def test_a_grafana_answers_alone_or_beside_named_servers(
    subject: PreviewSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeGrafana(FakeConfig()) as fake:
        monkeypatch.setenv("GRAFANA_TOKEN", fake.admin_token)
        with PreviewSources(PreviewData(url=fake.url)) as sources:
            alone = sources.of(subject)
        with PreviewSources(PreviewData(url=fake.url, servers=ServerOptions(prometheus=AWAY))) as sources:
            beside = sources.of(subject)
        assert isinstance(alone, GrafanaSource)
        assert isinstance(beside, TelemetrySource)
        assert (alone.name, beside.name) == (fake.url, f"{AWAY}, {fake.url}")
        assert not alone.is_sample


def test_the_present_of_servers_is_now_or_what_is_named(subject: PreviewSubject) -> None:
    data = PreviewData(servers=ServerOptions(loki=AWAY), now="2026-11-30T12:00:00Z")
    with PreviewSources(data) as sources:
        assert sources.of(subject).now_ms == 1_796_040_000_000
