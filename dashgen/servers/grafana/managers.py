"""Who manages a resource of a Grafana: recognised by its marks, in one table.

Sources: Grafana 13.3, pkg/apimachinery/utils/manager.go (the kinds of managers, and the annotations of
`utils.ManagerProperties`); pkg/storage/unified/apistore/managed.go (what it refuses: any write to what a
repository manages, and a change of kind or identity); pkg/services/ngalert/models/provenance.go (what each
provenance stands for). Who writes which mark: gcx 1.1, internal/resources/process/managerfields.go;
terraform-provider-grafana 4, internal/resources/appplatform/resource.go; grafana-operator 5.2x, controllers/
(no marks, and a provenance only of what is not `editable`).
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.servers.http.response_values import text

PREFIX: Final = "grafana.app/"
"""Begins the annotations that Grafana itself reads."""
OURS: Final = ("kubectl", "dashgen")
"""The kind and the identity of the manager that dashgen writes: Grafana knows no kind of its own for it."""
REPOSITORY: Final = "repo"
FILES: Final = "classic-file-provisioning"
_PROVENANCE: Final = "grafana.com/provenance"
_BY_PROVENANCE: Final = {
    "file": FILES,
    "api": "classic-api-provisioning",
    "converted_prometheus": "classic-converted-prometheus",
}
_NOBODY: Final = ("", "none", "grafana")
"""What Grafana writes where nobody manages a resource; `grafana` marks what people may edit."""
_OTHER_NAME: Final = "or give yours another uid"


class _ManagerTexts(Struct, frozen=True):
    """What messages name of one kind of manager.

    Attributes:
        named: its name in a sentence, around its identity.
        nameless: its name where its identity is not known.
        way: what to do instead of writing.
        yields: whether Grafana lets others write, whatever the manager allows.
    """

    named: str
    nameless: str
    way: str
    yields: bool = False


_TEXTS: Final = {
    REPOSITORY: _ManagerTexts(
        "the Git repository `{}`",
        "a Git repository",
        "build it with `dashgen build --layout git-sync --out CLONE` and commit it to that repository",
    ),
    "terraform": _ManagerTexts("Terraform `{}`", "Terraform", f"change it in Terraform, {_OTHER_NAME}"),
    "plugin": _ManagerTexts(
        "the plugin `{}`", "a plugin", f"it comes with the plugin: leave it, {_OTHER_NAME}"
    ),
    FILES: _ManagerTexts(
        "provisioning files `{}`", "provisioning files", f"change the file that Grafana reads, {_OTHER_NAME}"
    ),
    "classic-api-provisioning": _ManagerTexts(
        "",
        "a tool that uses Grafana's provisioning API, such as Terraform or the Grafana operator",
        "change it there, or let the tool take its mark away: `disable_provenance = true` in Terraform, "
        "`editable: true` in the operator",
        yields=True,
    ),
    "classic-converted-prometheus": _ManagerTexts(
        "", "a converted Prometheus rule", f"change the rule that it was converted from, {_OTHER_NAME}"
    ),
}
_TOOL: Final = _ManagerTexts("`{}`", "another tool", f"change it there, {_OTHER_NAME}")


class Manager(Struct, frozen=True):
    """Somebody else who manages a resource.

    Attributes:
        kind: the kind, as Grafana calls it.
        name: who it is, for the sentence "it is managed by …".
        way: what to do instead of writing.
        yields: whether Grafana lets others write; their writes keep the marks.
    """

    kind: str
    name: str
    way: str
    yields: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_repository(self) -> bool:
        """Whether it is Git Sync, which writes what is in a repository."""
        return self.kind == REPOSITORY


class Marks(Struct, frozen=True):
    """Who manages a resource, as Grafana keeps it; empty when nobody does or it is not kept."""

    managed_by: str = ""
    manager_id: str = ""
    source_path: str = ""
    source_checksum: str = ""
    allows_edits: bool = True

    @classmethod
    def of_annotations(cls, annotations: Mapping[str, Any]) -> "Marks":
        """The marks of a Kubernetes-style object; those of alerting have a provenance, old ones only that."""
        managed_by = text(annotations, PREFIX + "managedBy")
        if not managed_by:
            return cls.of_provenance(text(annotations, _PROVENANCE))
        return cls(
            managed_by=managed_by,
            manager_id=text(annotations, PREFIX + "managerId"),
            source_path=text(annotations, PREFIX + "sourcePath"),
            source_checksum=text(annotations, PREFIX + "sourceChecksum"),
            allows_edits=text(annotations, PREFIX + "managerAllowsEdits") == "true",
        )

    @classmethod
    def of_provenance(cls, provenance: str) -> "Marks":
        """The marks that a provenance of the alerting API stands for."""
        if provenance in _NOBODY:
            return cls()
        return cls(_BY_PROVENANCE.get(provenance, provenance), allows_edits=False)

    @property
    def annotations(self) -> dict[str, str]:
        """What a write sends of them; nothing where nobody manages the resource."""
        if not self.managed_by:
            return {}
        marks = {
            "managedBy": self.managed_by,
            "managerId": self.manager_id,
            "managerAllowsEdits": "true" if self.allows_edits else "",
            "sourcePath": self.source_path,
            "sourceChecksum": self.source_checksum,
        }
        return {PREFIX + key: value for key, value in marks.items() if value}

    @property
    def manager(self) -> Manager | None:
        """Who else manages the resource; nothing when it may be written."""
        kind, identity = self.managed_by, self.manager_id
        if kind in _NOBODY or (kind, identity) == OURS or (kind == OURS[0] and not identity):
            return None
        texts = _TEXTS.get(kind, _TOOL)
        if kind == FILES and self.source_path:
            name = f"the provisioning file `{self.source_path}`"
        elif texts is _TOOL:
            name = _tool_name(kind, identity)
        else:
            name = texts.named.format(identity) if identity and texts.named else texts.nameless
        way = texts.way
        if kind == REPOSITORY and self.source_path:
            way += f", where it is `{self.source_path}`"
        return Manager(kind, name, way, texts.yields or (self.allows_edits and kind != REPOSITORY))


FROM_FILES: Final = Marks(FILES, allows_edits=False).manager
"""The manager of what Grafana reads from files without telling which."""


def _tool_name(kind: str, identity: str) -> str:
    """The name of a manager of a kind outside the table; tools like gcx use `kubectl` with their name."""
    if kind == OURS[0]:
        return _TOOL.named.format(identity)
    return f"`{kind}` `{identity}`" if identity else _TOOL.named.format(kind)
