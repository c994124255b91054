import yaml

from dashgen.compile.outputs.dashboard_providers import ProviderOptions, dashboard_provider, nested_folders
from dashgen.core.diagnostics import Location, Severity

HERE = Location("dashgen.yaml")


def test_one_provider_makes_folders_of_directories() -> None:
    (artifact,) = dashboard_provider(ProviderOptions(path="$DASHBOARDS/x"), HERE)
    assert artifact.path == "provisioning/dashboards/dashgen.yaml"
    assert yaml.safe_load(artifact.content) == {
        "apiVersion": 1,
        "providers": [
            {
                "name": "dashgen",
                "orgId": 1,
                "type": "file",
                "disableDeletion": False,
                "allowUiUpdates": True,
                "updateIntervalSeconds": 30,
                "options": {"path": "$DASHBOARDS/x", "foldersFromFilesStructure": True},
            }
        ],
    }
    assert "Grafana needs these in its environment: DASHBOARDS" in artifact.content.decode()


def test_nested_folders_are_warned_about() -> None:
    found = nested_folders([("Dubai Estate AI", HERE), ("Products/Bot", HERE), (r"CI\/CD", HERE)])
    assert [(p.rule, p.severity) for p in found] == [("folder/nested", Severity.WARNING)]
    assert (
        found[0].message
        == "Grafana's provisioning puts `Products/Bot` into a top-level folder `Bot`: it cannot nest folders"
    )
