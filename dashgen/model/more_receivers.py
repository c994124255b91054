"""The receivers that fewer people have, and the one that takes any type with Grafana's own settings."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from dashgen.model.base import Count, doc
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.environment_references import Secret
from dashgen.model.receivers import Receiver, TemplateText

Settings: TypeAlias = dict[str, str]
Secrets: TypeAlias = frozenset[str]


class GoogleChat(Receiver, kw_only=True):
    """Google Chat, by a space's webhook."""

    TYPE: ClassVar[str] = "googlechat"
    SETTINGS: ClassVar[Settings] = {
        "url": "url",
        "title": "title",
        "message": "message",
        "hide_button": "hide_open_button",
    }
    SECRETS: ClassVar[Secrets] = frozenset({"url"})

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$CHAT_WEBHOOK_URL")]
    title: TemplateText | None = None
    message: TemplateText | None = None
    hide_button: Annotated[bool | None, doc("No button that opens Grafana.")] = None


class Alertmanager(Receiver, kw_only=True):
    """An Alertmanager of Prometheus."""

    TYPE: ClassVar[str] = "prometheus-alertmanager"
    SETTINGS: ClassVar[Settings] = {"url": "url", "user": "basicAuthUser", "password": "basicAuthPassword"}
    SECRETS: ClassVar[Secrets] = frozenset({"basicAuthPassword"})

    url: Annotated[str, doc("Its address.", "http://alertmanager:9093")]
    user: Annotated[str | None, doc("The user, for basic authentication.")] = None
    password: Secret | None = None


class DingDing(Receiver, kw_only=True):
    """DingTalk, by a robot's webhook."""

    TYPE: ClassVar[str] = "dingding"
    SETTINGS: ClassVar[Settings] = {
        "url": "url",
        "message_type": "msgType",
        "title": "title",
        "message": "message",
    }
    SECRETS: ClassVar[Secrets] = frozenset({"url"})

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$DINGTALK_WEBHOOK_URL")]
    message_type: Annotated[Literal["link", "actionCard"] | None, doc("How the message looks.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class Kafka(Receiver, kw_only=True):
    """A topic of Kafka, through its REST proxy."""

    TYPE: ClassVar[str] = "kafka"
    SETTINGS: ClassVar[Settings] = {
        "proxy": "kafkaRestProxy", "topic": "kafkaTopic", "user": "username", "password": "password",
        "api_version": "apiVersion", "cluster": "kafkaClusterId", "description": "description", "details": "details",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"password"})

    proxy: Annotated[str, doc("The address of the REST proxy.", "http://kafka-rest:8082")]
    topic: Annotated[str, doc("The topic.", "alerts")]
    user: Annotated[str | None, doc("The user.")] = None
    password: Secret | None = None
    api_version: Annotated[Literal["v2", "v3"] | None, doc("The proxy's API.")] = None
    cluster: Annotated[str | None, doc("The cluster's id; needed with `api_version: v3`.")] = None
    description: TemplateText | None = None
    details: TemplateText | None = None


class Line(Receiver, kw_only=True):
    """LINE Notify."""

    TYPE: ClassVar[str] = "LINE"
    SETTINGS: ClassVar[Settings] = {"token": "token", "title": "title", "description": "description"}
    SECRETS: ClassVar[Secrets] = frozenset({"token"})

    token: Annotated[Secret, doc("The access token.", "$LINE_TOKEN")]
    title: TemplateText | None = None
    description: TemplateText | None = None


class Mqtt(Receiver, kw_only=True):
    """A topic of an MQTT broker; its TLS settings go to `raw`."""

    TYPE: ClassVar[str] = "mqtt"
    SETTINGS: ClassVar[Settings] = {
        "broker": "brokerUrl", "topic": "topic", "client": "clientId", "message": "message", "format": "messageFormat",
        "user": "username", "password": "password", "qos": "qos", "retain": "retain",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"password"})

    broker: Annotated[str, doc("The broker's address.", "tcp://mqtt:1883")]
    topic: Annotated[str, doc("The topic.", "grafana/alerts")]
    client: Annotated[str | None, doc("The client's id.")] = None
    message: TemplateText | None = None
    format: Annotated[Literal["json", "text"] | None, doc("The form of the message.")] = None
    user: Annotated[str | None, doc("The user.")] = None
    password: Secret | None = None
    qos: Annotated[Literal["0", "1", "2"] | None, doc("How surely it is delivered.")] = None
    retain: Annotated[bool | None, doc("The broker keeps the last message.")] = None


class OnCall(Receiver, kw_only=True):
    """Grafana OnCall."""

    TYPE: ClassVar[str] = "oncall"
    SETTINGS: ClassVar[Settings] = {
        "url": "url", "method": "httpMethod", "user": "username", "password": "password", "scheme": "authorization_scheme",
        "credentials": "authorization_credentials", "max_alerts": "maxAlerts", "title": "title", "message": "message",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"password", "authorization_credentials"})

    url: Annotated[str, doc("The address of the integration.", "$ONCALL_URL")]
    method: Annotated[Literal["POST", "PUT"] | None, doc("The request's method.")] = None
    user: Annotated[str | None, doc("The user, for basic authentication.")] = None
    password: Secret | None = None
    scheme: Annotated[str | None, doc("The scheme of the Authorization header; `Bearer` when absent.")] = None
    credentials: Secret | None = None
    max_alerts: Annotated[Count | None, doc("At most so many alerts in one request.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class Pushover(Receiver, kw_only=True):
    """Pushover, to phones."""

    TYPE: ClassVar[str] = "pushover"
    SETTINGS: ClassVar[Settings] = {
        "user_key": "userKey", "token": "apiToken", "priority": "priority", "ok_priority": "okPriority", "retry": "retry",
        "expire": "expire", "device": "device", "sound": "sound", "ok_sound": "okSound", "image": "uploadImage", "title": "title",
        "message": "message",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"userKey", "apiToken"})

    user_key: Annotated[Secret, doc("The users' keys.", "$PUSHOVER_USER")]
    token: Annotated[Secret, doc("The application's token.", "$PUSHOVER_TOKEN")]
    priority: Annotated[str | None, doc("From -2 to 2; templates work.", "1")] = None
    ok_priority: Annotated[str | None, doc("The priority of the message that it is over.", "0")] = None
    retry: Annotated[str | None, doc("With priority 2, repeat after so many seconds.", "60")] = None
    expire: Annotated[str | None, doc("With priority 2, repeat for so many seconds.", "3600")] = None
    device: Annotated[str | None, doc("The devices; all when absent.")] = None
    sound: Annotated[str | None, doc("The sound.", "siren")] = None
    ok_sound: Annotated[str | None, doc("The sound when it is over.", "magic")] = None
    image: Annotated[bool | None, doc("Send the panel's picture.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class SensuGo(Receiver, kw_only=True):
    """Sensu Go."""

    TYPE: ClassVar[str] = "sensugo"
    SETTINGS: ClassVar[Settings] = {
        "url": "url", "key": "apikey", "entity": "entity", "check": "check", "namespace": "namespace", "handler": "handler",
        "message": "message",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"apikey"})

    url: Annotated[str, doc("The backend's address.", "http://sensu:8080")]
    key: Annotated[Secret, doc("The API key.", "$SENSU_KEY")]
    entity: Annotated[str | None, doc("The entity that the event is about.")] = None
    check: Annotated[str | None, doc("The check that the event comes from.")] = None
    namespace: Annotated[str | None, doc("The namespace.")] = None
    handler: Annotated[str | None, doc("The handler.")] = None
    message: TemplateText | None = None


class Sns(Receiver, kw_only=True):
    """Amazon's SNS: a topic, a phone's text messages, or an endpoint."""

    TYPE: ClassVar[str] = "sns"
    SETTINGS: ClassVar[Settings] = {
        "topic": "topic_arn", "phone": "phone_number", "target": "target_arn", "url": "api_url", "sigv4": "sigv4",
        "subject": "subject", "message": "message", "attributes": "attributes",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"sigv4.access_key", "sigv4.secret_key"})

    topic: Annotated[str | None, doc("The topic's ARN.", "arn:aws:sns:eu-west-1:123456789012:alerts")] = None
    phone: Annotated[str | None, doc("A phone number, for text messages.", "+491701234567")] = None
    target: Annotated[str | None, doc("The ARN of a mobile endpoint.")] = None
    url: Annotated[str | None, doc("The address of the API.")] = None
    sigv4: Annotated[
        dict[str, str],
        doc(
            "How requests are signed.",
            {"region": "eu-west-1", "access_key": "$AWS_KEY", "secret_key": "$AWS_SECRET"},
        ),
    ] = {}
    subject: TemplateText | None = None
    message: TemplateText | None = None
    attributes: Annotated[dict[str, str], doc("Attributes of the message.")] = {}


class Threema(Receiver, kw_only=True):
    """Threema's gateway."""

    TYPE: ClassVar[str] = "threema"
    SETTINGS: ClassVar[Settings] = {
        "gateway": "gateway_id", "recipient": "recipient_id", "secret": "api_secret", "title": "title",
        "description": "description",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"api_secret"})

    gateway: Annotated[str, doc("The gateway's id, which starts with `*`.", "*OPSTEAM")]
    recipient: Annotated[str, doc("The id of who is notified.", "ECHOECHO")]
    secret: Annotated[Secret, doc("The gateway's secret.", "$THREEMA_SECRET")]
    title: TemplateText | None = None
    description: TemplateText | None = None


class VictorOps(Receiver, kw_only=True):
    """Splunk On-Call, once VictorOps."""

    TYPE: ClassVar[str] = "victorops"
    SETTINGS: ClassVar[Settings] = {
        "url": "url", "message_type": "messageType", "title": "title", "description": "description",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"url"})

    url: Annotated[Secret, doc("The address of the integration; who has it can post.", "$VICTOROPS_URL")]
    message_type: Annotated[str | None, doc("CRITICAL or WARNING; templates work.", "CRITICAL")] = None
    title: TemplateText | None = None
    description: TemplateText | None = None


class Webex(Receiver, kw_only=True):
    """Cisco Webex, as a bot."""

    TYPE: ClassVar[str] = "webex"
    SETTINGS: ClassVar[Settings] = {
        "token": "bot_token",
        "room": "room_id",
        "url": "api_url",
        "message": "message",
    }
    SECRETS: ClassVar[Secrets] = frozenset({"bot_token"})

    token: Annotated[Secret, doc("The bot's token.", "$WEBEX_TOKEN")]
    room: Annotated[str, doc("The room's id.", "Y2lzY29zcGFyazovL3VzL1JPT00")]
    url: Annotated[str | None, doc("The address of the API.")] = None
    message: TemplateText | None = None


class WeCom(Receiver, kw_only=True):
    """WeCom: a group robot by its `url`, or an app by `secret`, `corp` and `agent`."""

    TYPE: ClassVar[str] = "wecom"
    SETTINGS: ClassVar[Settings] = {
        "url": "url", "secret": "secret", "agent": "agent_id", "corp": "corp_id", "to": "touser", "message_type": "msgtype",
        "endpoint": "endpointUrl", "title": "title", "message": "message",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"url", "secret"})

    url: Annotated[Secret | None, doc("The robot's address; who has it can post.", "$WECOM_URL")] = None
    secret: Annotated[Secret | None, doc("The app's secret.", "$WECOM_SECRET")] = None
    agent: Annotated[str | None, doc("The app's id.")] = None
    corp: Annotated[str | None, doc("The company's id.")] = None
    to: Annotated[str | None, doc("Who is notified; everybody when absent.")] = None
    message_type: Annotated[Literal["text", "markdown"] | None, doc("The form of the message.")] = None
    endpoint: Annotated[str | None, doc("The address of the API.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class Jira(Receiver, kw_only=True):
    """Issues in Jira."""

    TYPE: ClassVar[str] = "jira"
    SETTINGS: ClassVar[Settings] = {
        "url": "api_url", "project": "project", "issue_type": "issue_type", "user": "user", "password": "password",
        "token": "api_token", "summary": "summary", "description": "description", "labels": "labels", "priority": "priority",
        "reopen_transition": "reopen_transition", "resolve_transition": "resolve_transition",
        "wont_fix_resolution": "wont_fix_resolution", "reopen_duration": "reopen_duration", "dedup_field": "dedup_key_field",
        "fields": "fields",
    }  # fmt: skip
    SECRETS: ClassVar[Secrets] = frozenset({"password", "api_token"})

    url: Annotated[str, doc("The address of the API.", "https://example.atlassian.net/rest/api/3")]
    project: Annotated[str, doc("The project's key.", "OPS")]
    issue_type: Annotated[str, doc("The type of the issues.", "Incident")]
    user: Annotated[str | None, doc("The user, for basic authentication.")] = None
    password: Annotated[Secret | None, doc("The user's password or token.", "$JIRA_TOKEN")] = None
    token: Annotated[Secret | None, doc("A personal access token, instead of a user.", "$JIRA_TOKEN")] = None
    summary: TemplateText | None = None
    description: TemplateText | None = None
    labels: Annotated[list[str], doc("Labels of the issues.", ["alert"])] = []
    priority: Annotated[str | None, doc("The priority; templates work.", "High")] = None
    reopen_transition: Annotated[str | None, doc("The transition that opens an issue again.")] = None
    resolve_transition: Annotated[str | None, doc("The transition that closes an issue.")] = None
    wont_fix_resolution: Annotated[str | None, doc("Issues with this resolution are not opened again.")] = (
        None
    )
    reopen_duration: Annotated[str | None, doc("Open an issue again only so long.", "24h")] = None
    dedup_field: Annotated[str | None, doc("The field that holds the key of the alert group.")] = None
    fields: Annotated[dict[str, Any], doc("Other fields of the issues.", {"customfield_10000": "x"})] = {}


class Other(Receiver, kw_only=True):
    """A receiver of any type, with Grafana's own settings."""

    type: Annotated[str, doc("The type's name in Grafana.", "dingding", "mqtt")]
    settings: Annotated[
        dict[str, Any], doc("Its settings as Grafana calls them; secrets as references.", {"url": "$MY_URL"})
    ]

    def kind(self) -> str:
        """The type's name in Grafana."""
        return self.type

    def secrets(self) -> frozenset[str]:
        """The settings that hold secrets, as far as Grafana's list tells."""
        known = CONTACT_TYPES.get(self.type)
        return known.secret if known else frozenset()


MORE_RECEIVERS: Mapping[str, type[Receiver]] = {
    "googlechat": GoogleChat, "alertmanager": Alertmanager, "dingding": DingDing, "kafka": Kafka, "line": Line, "mqtt": Mqtt,
    "oncall": OnCall, "pushover": Pushover, "sensugo": SensuGo, "sns": Sns, "threema": Threema, "victorops": VictorOps,
    "webex": Webex, "wecom": WeCom, "jira": Jira, "other": Other,
}  # fmt: skip
