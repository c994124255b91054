"""The dashboard provider: ``provisioning/dashboards/dashgen.yaml``.

One provider reads all dashboards, with ``foldersFromFilesStructure``: each folder of Grafana is the directory
that a file is in, found by its title and made when missing. That is the one way in which dashboards and alert
rules share a folder: a provider with a ``folderUid`` makes its own folder beside the one of the same title
that the alert rules made. It is also why no folder has a uid of our choice here; ``dashgen push`` keeps the
uids of ``Folder`` documents.

Grafana takes the last directory's name alone, so a nested folder ``A/B`` appears as a top-level ``B``, and
two nested folders of one title become one. Its file provisioning has no way to nest; `nested_folders` warns.
"""

from collections.abc import Iterable

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.provisioning_file import ORG_ID, provisioning_artifact
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.model.folder import split_path
from dashgen.source.provenance import SpecPart

PROVIDER_FILE = "provisioning/dashboards/dashgen.yaml"


class ProviderOptions(Struct, frozen=True):
    """Settings of the provider.

    ``path`` is where Grafana sees the folder ``dashboards`` of the output. ``seconds`` above 10 makes Grafana
    look for changes itself: file events do not cross the bind mounts of containers. ``edits`` lets people
    save changes in Grafana, so that they can be taken back into the specs; the file wins when it changes
    next. ``keep`` keeps dashboards whose file is gone.
    """

    name: str = "dashgen"
    path: str = "/etc/grafana/dashboards"
    seconds: int = 30
    edits: bool = True
    keep: bool = False


def dashboard_provider(
    options: ProviderOptions, location: Location, part: SpecPart | None = None
) -> list[Artifact]:
    """The provider's file.

    Args:
        options: its settings.
        location: where they stand, or the project file.
        part: the settings in the project file, if there is one.
    """
    provider = {
        "name": options.name,
        "orgId": ORG_ID,
        "type": "file",
        "disableDeletion": options.keep,
        "allowUiUpdates": options.edits,
        "updateIntervalSeconds": options.seconds,
        "options": {"path": options.path, "foldersFromFilesStructure": True},
    }
    resource = ArtifactResource("provider", options.name, options.name, location)
    data = {"providers": [with_references(provider)]}
    return provisioning_artifact(PROVIDER_FILE, data, [resource], [(("providers", 0), part)] if part else [])


def nested_folders(folders: Iterable[tuple[str, Location]]) -> list[Diagnostic]:
    """Warnings about dashboards in nested folders, which provisioning cannot keep nested."""
    warnings = []
    for path, location in folders:
        titles = split_path(path)
        if len(titles) > 1:
            message = (
                f"Grafana's provisioning puts `{path}` into a top-level folder `{titles[-1]}`: "
                "it cannot nest folders"
            )
            hint = "use a folder without a parent, or bring these dashboards to Grafana with `dashgen push`"
            warnings.append(Diagnostic("folder/nested", message, location, hint, Severity.WARNING))
    return warnings
