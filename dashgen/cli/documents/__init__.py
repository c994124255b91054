"""What commands print with `--format json`: a struct for each document, and its JSON Schema.

The documents are made of these structs, so that none can differ from its schema.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final

import msgspec

from dashgen.core.json_values import Json
from dashgen.core.reporters.json_report import OutputDocument

_FINDINGS: Final = "dashgen.core.reporters.json_report:FindingsDocument"
OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "annotate": ("dashgen.cli.documents.small_documents:EventsDocument",),
    "apply": ("dashgen.cli.documents.push_document:PushDocument",),
    "backfill": ("dashgen.cli.documents.small_documents:BackfillDocument",),
    "build": (
        "dashgen.cli.documents.build_document:BuildDocument",
        "dashgen.cli.documents.build_document:BuildsDocument",
    ),
    "check": ("dashgen.cli.documents.check_document:CheckDocument",),
    "commands": ("dashgen.cli.documents.commands_document:CommandsDocument",),
    "costs": ("dashgen.cli.documents.costs_document:CostsDocument",),
    "diff": (
        "dashgen.compare.render.render_json:DiffDocument",
        "dashgen.compare.render.render_json:DiffsDocument",
        _FINDINGS,
    ),
    "docs": ("dashgen.cli.documents.site_document:SiteDocument",),
    "doctor": ("dashgen.cli.documents.doctor_document:DoctorDocument",),
    "explain": (
        "dashgen.cli.documents.explain_document:PanelDocument",
        "dashgen.cli.documents.explain_document:DashboardDocument",
        "dashgen.cli.documents.explain_document:ReportExplanationDocument",
        "dashgen.cli.documents.topic_document:TopicsDocument",
        "dashgen.cli.documents.rules_document:RulesDocument",
    ),
    "init": ("dashgen.cli.documents.init_document:InitDocument",),
    "impact": ("dashgen.cli.documents.impact_document:ImpactDocument",),
    "import": ("dashgen.cli.documents.import_document:ImportDocument",),
    "install": ("dashgen.cli.documents.small_documents:InstallDocument",),
    "library": ("dashgen.cli.documents.library_document:LibraryDocument",),
    "lint": (_FINDINGS,),
    "list": ("dashgen.cli.documents.list_document:ListDocument",),
    "metrics check": (_FINDINGS,),
    "metrics import": ("dashgen.cli.documents.small_documents:MetricsImportDocument",),
    "metrics unused": (_FINDINGS,),
    "permissions": ("dashgen.cli.documents.permissions_document:PermissionsDocument",),
    "preview": ("dashgen.cli.documents.preview_document:PreviewDocument",),
    "pull": ("dashgen.cli.documents.pull_document:PullDocument",),
    "push": ("dashgen.cli.documents.push_document:PushDocument",),
    "report": ("dashgen.cli.documents.report_document:ReportDocument",),
    "review": ("dashgen.cli.documents.review_document:ReviewDocument",),
    "rollback": ("dashgen.cli.documents.small_documents:RollbackDocument",),
    "route": (
        "dashgen.cli.documents.route_document:LabelsRouteDocument",
        "dashgen.cli.documents.route_document:RulesRouteDocument",
    ),
    "rule": ("dashgen.cli.documents.rules_document:RulesDocument",),
    "stack init": ("dashgen.cli.documents.small_documents:StackInitDocument",),
    "status": ("dashgen.cli.documents.status_document:StatusDocument",),
    "test": ("dashgen.cli.documents.tests_document:TestsDocument",),
    "validate": (_FINDINGS,),
}
"""The forms of each command's document, by its name; as text, so that only those in use are imported."""
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEMPLATE: Final = "#/$defs/{name}"


def output_schema(commands: Sequence[str]) -> Json:
    """The JSON Schema of the documents of some commands, which is any of theirs."""
    documents = list(dict.fromkeys(document for command in commands for document in forms(command)))
    references, definitions = msgspec.json.schema_components(documents, ref_template=_TEMPLATE)
    for document in documents:
        # A default makes it optional for msgspec, but it is always written.
        definitions[document.__name__]["required"].insert(0, "version")
    root: Json = references[0] if len(references) == 1 else {"anyOf": list(references)}
    return {"$schema": _DIALECT, **root, "$defs": dict(sorted(definitions.items()))}


def forms(command: str) -> Iterator[type[OutputDocument]]:
    """The structs of a command's documents."""
    for name in OUTPUTS[command]:
        module, _, document = name.partition(":")
        form: Any = getattr(import_module(module), document)
        yield form
