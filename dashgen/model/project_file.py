"""The project file, ``dashgen.yaml``."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Duration, ResourceLabels, ResourceName, Spec, doc
from dashgen.model.environment_references import Secret
from dashgen.model.lint_settings import LintSettings, Policy
from dashgen.model.versions import Version, Versions

PushFormat: TypeAlias = Literal["auto", "classic", "v2"]
UidPrefix: TypeAlias = Annotated[
    str, msgspec.Meta(title="the beginning of a uid", pattern=r"^[A-Za-z0-9_-]{0,20}$", examples=["stage-"])
]


class Environment(Spec, kw_only=True):
    """What differs in one environment."""

    datasources: Annotated[
        dict[str, str], doc("Alias to data source uid or `$variable`.", {"prometheus": "prom-prod"})
    ] = {}
    vars: Annotated[Json, doc("Constants for expressions.", {"cluster": "eu-1"})] = {}
    uid_prefix: Annotated[
        UidPrefix,
        doc(
            "What goes before the uids of dashboards, folders and rules, the keys of events, and all that "
            "refers to them, so that two environments can share one Grafana.",
            "stage-",
        ),
    ] = ""
    namespace: Annotated[
        ResourceName | None,
        doc("The namespace of resources of Kubernetes, instead of the project's.", "shop-stage"),
    ] = None
    folder_prefix: Annotated[
        str,
        doc(
            "What goes before the paths of folders: `Stage - ` for titles, `Stage/` for a folder above all "
            "others.",
            "Stage - ",
        ),
    ] = ""
    format: Annotated[
        PushFormat | None,
        doc(
            "The form in which a push stores dashboards: `classic` JSON, schema `v2` of Grafana 13, or "
            "`auto`: v2 for those that need it, where the Grafana stores v2. What is stored in v2 stays in "
            "v2. When absent `v2` if that is the project's format, else `auto`.",
            "v2",
        ),
    ] = None


class Target(Spec, kw_only=True):
    """A running Grafana."""

    url: Annotated[str, doc("Its address.", "https://grafana.example.com")]
    env: Annotated[str | None, doc("The environment that its dashboards are built for.", "prod")] = None
    token_env: Annotated[str, doc("The environment variable that holds the token.", "GRAFANA_TOKEN")] = (
        "GRAFANA_TOKEN"  # noqa: S105  # a name, not a secret
    )
    org_id: Annotated[int | None, doc("The organisation.")] = None
    format: Annotated[
        PushFormat | None,
        doc("The form in which a push stores dashboards, instead of its environment's.", "classic"),
    ] = None


class Defaults(Spec, kw_only=True):
    """Keys for documents and their parts that do not have them."""

    dashboard: Annotated[
        Json, doc("Keys of every dashboard.", {"refresh": "30s", "timezone": "browser"})
    ] = {}
    panel: Annotated[Json, doc("Keys of every panel.", {"datasource": "prometheus"})] = {}
    panels: Annotated[
        dict[str, Json], doc("Keys of the panels of a type.", {"timeseries": {"fill": 10}})
    ] = {}
    rule: Annotated[Json, doc("Keys of every alert rule.", {"for": "5m"})] = {}


class Provisioning(Spec, kw_only=True):
    """The provider that reads the dashboards from files."""

    name: Annotated[str, doc("The provider's name; Grafana wants each only once.")] = "dashgen"
    path: Annotated[str, doc("Where Grafana sees the folder `dashboards` of the output.")] = (
        "/etc/grafana/dashboards"
    )
    seconds: Annotated[
        Count, doc("How often Grafana looks; 10 and less needs file events, which do not cross bind mounts.")
    ] = 30
    edits: Annotated[bool, doc("People may save changes in Grafana; the file wins when it changes next.")] = (
        True
    )
    keep: Annotated[bool, doc("Keep dashboards in Grafana when their file is gone.")] = False


class CostFields(Spec, kw_only=True):
    """The fields of log lines that the costs of questions are reported by."""

    question: Annotated[str, doc("The text of a question.", "prompt")] = "query"
    model: Annotated[str, doc("The model that answered; also the label of its metrics.")] = "model"
    user: Annotated[str, doc("Who asked.", "account")] = "user_id"
    tool: Annotated[str, doc("The tools that were called.")] = "tool"
    tokens: Annotated[str, doc("The number of tokens; a part of the name of their metric.")] = "tokens"


class DoctorOptions(Spec, kw_only=True):
    """What `dashgen doctor` has to know of the application and its stack."""

    application: Annotated[
        list[str], doc("The names that the application's service may have in the compose file.", ["shop"])
    ] = msgspec.field(default_factory=lambda: ["app"])
    public_passwords: Annotated[
        list[str], doc("Passwords that were published, such as those of an example, and are none any more.")
    ] = []
    costs: Annotated[CostFields, doc("The fields of log lines with the costs of questions.")] = msgspec.field(
        default_factory=CostFields
    )


KubernetesLayout: TypeAlias = Literal["prometheus-rules", "sidecar", "operator", "git-sync"]


class SidecarLabels(Spec, kw_only=True):
    """What the sidecar of Grafana's chart looks for (kiwigrid/k8s-sidecar)."""

    dashboards: Annotated[str, doc("The label of ConfigMaps with dashboards.")] = "grafana_dashboard"
    datasources: Annotated[str, doc("The label of ConfigMaps with data sources.")] = "grafana_datasource"
    alerting: Annotated[str, doc("The label of ConfigMaps with alerting.")] = "grafana_alert"
    value: Annotated[str, doc("The value of these labels.")] = "1"
    folder: Annotated[str, doc("The annotation that names the folder of a dashboard.")] = "grafana_folder"


class OperatorSettings(Spec, kw_only=True):
    """How the resources of the Grafana operator find their Grafana and its secrets."""

    instances: Annotated[dict[str, str], doc("The labels of the `Grafana` resources that they are for.")] = (
        msgspec.field(default_factory=lambda: {"dashboards": "grafana"})
    )
    secret: Annotated[
        ResourceName | None,
        doc(
            "The Secret whose keys are called as the environment variables that specs refer to.",
            "grafana-credentials",
        ),
    ] = None
    resync: Annotated[
        Duration | None,
        doc("How often it undoes changes made in Grafana; every 10 minutes when absent.", "1m"),
    ] = None


class KubernetesSettings(Spec, kw_only=True):
    """The files for Kubernetes beside those that Grafana and Prometheus read."""

    layouts: Annotated[
        list[KubernetesLayout],
        doc(
            "`prometheus-rules` for the Prometheus operator, `sidecar` for ConfigMaps that the sidecar of "
            "Grafana's chart reads, `operator` for the Grafana operator, `git-sync` for a folder that "
            "Grafana pulls from git. Scalers are built without being named.",
            ["prometheus-rules", "sidecar"],
        ),
    ] = []
    namespace: Annotated[
        ResourceName | None, doc("The namespace of everything; none is written when absent.", "shop")
    ] = None
    labels: Annotated[ResourceLabels, doc("Labels of every resource.", {"team": "shop"})] = {}
    rule_labels: Annotated[
        ResourceLabels,
        doc(
            "Labels of a PrometheusRule, by which a Prometheus finds it.",
            {"release": "kube-prometheus-stack"},
        ),
    ] = {}
    sidecar: Annotated[SidecarLabels, doc("What the sidecar looks for.")] = msgspec.field(
        default_factory=SidecarLabels
    )
    operator: Annotated[OperatorSettings, doc("What the Grafana operator looks for.")] = msgspec.field(
        default_factory=OperatorSettings
    )


class AlertmanagerSettings(Spec, kw_only=True):
    """What Alertmanager's file needs beside the specs."""

    version: Annotated[Version, doc("The version of Alertmanager.", "0.28")] = "0.35"
    secrets: Annotated[
        str,
        doc(
            "The folder that has a file for each secret, called as the variable that specs refer to: "
            "`$SLACK_WEBHOOK_URL` is read from `/etc/alertmanager/secrets/SLACK_WEBHOOK_URL`.",
            "/run/secrets",
        ),
    ] = "/etc/alertmanager/secrets"
    smarthost: Annotated[
        str | None,
        doc("The mail server and its port, for contact points with `email:`.", "smtp.example.com:587"),
    ] = None
    from_: Annotated[str | None, doc("The sender of mails.", "alerts@example.com")] = msgspec.field(
        default=None, name="from"
    )
    username: Annotated[str | None, doc("The account on the mail server.", "alerts")] = None
    password: Annotated[Secret | None, doc("The password of that account.", "$SMTP_PASSWORD")] = None
    require_tls: Annotated[bool, doc("Mails go over encrypted connections only.")] = True


class PreviewSettings(Spec, kw_only=True):
    """What `dashgen preview` has to know."""

    pictures: Annotated[
        str,
        doc(
            "The folder of the pictures that `dashgen preview --check` compares with what the dashboards look "
            "like now, so that a change of look that nobody meant is found.",
            "docs/images",
        ),
    ] = ""


class Project(Spec, kw_only=True):
    """Where the specs are, where the output goes, and what all of them share."""

    specs: Annotated[list[str], doc("Folders with specs, below the project file.")] = msgspec.field(
        default_factory=lambda: ["specs"]
    )
    output: Annotated[str, doc("The folder that is written.")] = "generated"
    outputs: Annotated[
        Literal["shared", "per-environment"],
        doc(
            "`shared`: the output is for one environment, or without one. `per-environment`: each has a "
            "folder of its own in it, `generated/prod/`, and all of them are built at once."
        ),
    ] = "shared"
    format: Annotated[
        Literal["classic", "v1beta1", "v2"],
        doc(
            "The form of dashboard files: the classic JSON, the classic form in an envelope, or schema v2 in "
            "its envelope (Grafana 13 and later), which alone has tabs and conditions."
        ),
    ] = "classic"
    grafana: Annotated[Version, doc("The Grafana version that the output is for.", "12.4")] = "12.4"
    versions: Annotated[
        Versions,
        doc("The servers that queries are written for.", {"prometheus": "3.5", "loki": "3.5"}),
    ] = msgspec.field(default_factory=Versions)
    vars: Annotated[Json, doc("Constants for expressions.", {"app": "shop"})] = {}
    env: Annotated[
        dict[str, str | None],
        doc(
            "Environment variables that expressions may read as `env.NAME`, and what holds when one is "
            "unset.",
            {"CLUSTER": "local"},
        ),
    ] = {}
    datasources: Annotated[
        dict[str, str],
        doc("Alias to data source uid or `$variable`, for aliases that no `DataSources` spec defines."),
    ] = {}
    environments: Annotated[
        dict[str, Environment],
        doc("What differs where.", {"prod": {"datasources": {"prometheus": "prom-prod"}}}),
    ] = {}
    targets: Annotated[
        dict[str, Target],
        doc("Running Grafanas.", {"prod": {"url": "https://grafana.example.com", "env": "prod"}}),
    ] = {}
    defaults: Annotated[Defaults, doc("Keys for documents that do not have them.")] = msgspec.field(
        default_factory=Defaults
    )
    severities: Annotated[
        dict[str, Literal["error", "warning", "info", "off"]],
        doc(
            "How serious findings are, by rule or `family/*`. An error that keeps something from being "
            "built stays one.",
            {"query/metric": "error", "alert/grafana-only": "off"},
        ),
    ] = {}
    lint: Annotated[LintSettings, doc("Which rules `dashgen lint` runs.")] = msgspec.field(
        default_factory=LintSettings
    )
    policy: Annotated[Policy, doc("What the organisation demands of dashboards and alerts.")] = msgspec.field(
        default_factory=Policy
    )
    provisioning: Annotated[Provisioning, doc("Settings of the dashboard provider.")] = msgspec.field(
        default_factory=Provisioning
    )
    kubernetes: Annotated[KubernetesSettings, doc("Files for Kubernetes.")] = msgspec.field(
        default_factory=KubernetesSettings
    )
    alertmanager: Annotated[
        AlertmanagerSettings | None,
        doc(
            "Write `alertmanager/alertmanager.yml` for the alerts that Prometheus evaluates, from the same "
            "`Notifications`. Off when absent.",
            {"smarthost": "smtp.example.com:587", "from": "alerts@example.com"},
        ),
    ] = None
    grafana_url: Annotated[
        str,
        doc("Grafana's address, for links from Prometheus alerts to panels.", "https://grafana.example.com"),
    ] = ""
    preview: Annotated[PreviewSettings, doc("What `dashgen preview` has to know.")] = msgspec.field(
        default_factory=PreviewSettings
    )
    doctor: Annotated[DoctorOptions, doc("What `dashgen doctor` has to know.")] = msgspec.field(
        default_factory=DoctorOptions
    )
    insecure_http: Annotated[
        Literal["warn", "refuse"],
        doc(
            "What happens before credentials go to another host over http://, where anybody on the way "
            "reads them."
        ),
    ] = "warn"
    docs_url: Annotated[
        str,
        doc(
            "Where runbooks are, for those that alerts name by a relative path.",
            "https://git.example.com/shop/blob/main",
        ),
    ] = ""
