"""The kinds of Kubernetes' resources that are checked, told without reading a schema."""

from typing import Final

API_VERSIONS: Final = {
    "ScaledObject": "keda.sh/v1alpha1",
    "TriggerAuthentication": "keda.sh/v1alpha1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "GrafanaAlertRuleGroup": "grafana.integreatly.org/v1beta1",
    "GrafanaContactPoint": "grafana.integreatly.org/v1beta1",
    "GrafanaDashboard": "grafana.integreatly.org/v1beta1",
    "GrafanaDatasource": "grafana.integreatly.org/v1beta1",
    "GrafanaFolder": "grafana.integreatly.org/v1beta1",
    "GrafanaMuteTiming": "grafana.integreatly.org/v1beta1",
    "GrafanaNotificationPolicy": "grafana.integreatly.org/v1beta1",
    "GrafanaNotificationTemplate": "grafana.integreatly.org/v1beta1",
    "InhibitionRule": "notifications.alerting.grafana.app/v1beta1",
}
"""The version of its API that a kind has a schema for."""
MAPS: Final = frozenset({"ConfigMap", "Secret"})
FOLDER_API: Final = "folder.grafana.app/"


def is_checked(data: object) -> bool:
    """Whether data is a resource that `check_manifest` knows: also in a version that it has no schema for."""
    # Without metadata it is a part of one: a patch, or an excerpt in a template.
    if not isinstance(data, dict) or not isinstance(data.get("metadata"), dict):
        return False
    kind, version = data.get("kind"), data.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return False
    if version.startswith(FOLDER_API):
        return kind == "Folder"
    if kind in MAPS:
        return version == "v1"
    return kind in API_VERSIONS and version.partition("/")[0] == API_VERSIONS[kind].partition("/")[0]
