"""The settings of `dashgen lint` in a project file: rules, their options, the organisation's policy."""

from typing import Annotated, Literal, TypeAlias

from dashgen.core.json_values import Json
from dashgen.model.base import Spec, doc

PresetName: TypeAlias = Literal["recommended", "strict", "community"]
RulePatterns: TypeAlias = list[str]


class PathLint(Spec, kw_only=True):
    """What differs for some files."""

    preset: Annotated[PresetName | None, doc("The rules for these files.", "community")] = None
    select: Annotated[RulePatterns, doc("More rules for these files.", ["panel/*"])] = []
    ignore: Annotated[RulePatterns, doc("Rules that do not look at these files.", ["query/*"])] = []


class LintSettings(Spec, kw_only=True):
    """Which rules `dashgen lint` runs, and their options."""

    preset: Annotated[
        PresetName,
        doc("The rules that run: `strict` has the recommended ones too, `community` suits imported files."),
    ] = "recommended"
    select: Annotated[RulePatterns, doc("More rules, by name or family.", ["alert/*"])] = []
    ignore: Annotated[RulePatterns, doc("Rules that do not run.", ["panel/no-description"])] = []
    rules: Annotated[
        list[str], doc("Folders with rules of the project, each a Python file.", ["checks"])
    ] = []
    paths: Annotated[
        dict[str, PathLint],
        doc("What differs for files, by pattern.", {"specs/imported/**": {"preset": "community"}}),
    ] = {}
    options: Annotated[
        dict[str, Json],
        doc("Options of rules, by the rule's name.", {"dashboard/too-many-panels": {"most": 40}}),
    ] = {}


class Policy(Spec, kw_only=True):
    """What an organisation demands of dashboards and alerts; `dashgen lint` reports what differs.

    Texts are regular expressions for the whole value.
    """

    labels: Annotated[
        dict[str, str],
        doc("Labels that every alert needs.", {"severity": "warning|critical", "team": "[a-z-]+"}),
    ] = {}
    annotations: Annotated[
        dict[str, str],
        doc("Annotations that every alert needs.", {"runbook_url": "https://wiki/.+"}),
    ] = {}
    dashboard_names: Annotated[str | None, doc("The form of titles.", "[A-Z].*")] = None
    alert_names: Annotated[str | None, doc("The form of names of alerts.", "[A-Z][A-Za-z0-9]+")] = None
    recording_names: Annotated[
        str | None, doc("The form of names of recorded metrics.", "[a-z_]+:[a-z_]+:[a-z0-9_]+")
    ] = None
    tags: Annotated[list[str] | None, doc("The tags that dashboards may have.", ["shop", "slo"])] = None
    units: Annotated[list[str] | None, doc("The units that panels may have.", ["s", "reqps"])] = None
    datasources: Annotated[
        list[str] | None, doc("The data sources that queries may read, by uid or type.", ["prometheus"])
    ] = None
    owners: Annotated[
        dict[str, str],
        doc(
            "Who owns the files that match a pattern; the last one that matches counts. Every alert there has "
            "the label `owner_label` with this value.",
            {"specs/payments/**": "payments"},
        ),
    ] = {}
    owner_label: Annotated[str, doc("The label that names the owner of an alert.", "team")] = "team"
