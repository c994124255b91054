"""Receivers of notifications, one class for each type that Grafana knows.

The key names are those of Grafana's settings in plain words; `NAMES` has Grafana's where they differ.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.base import Count, OneOrMore, Raw, Spec, Uid, doc
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.environment_references import Secret

Names: TypeAlias = dict[str, str]
TemplateText: TypeAlias = Annotated[
    str, doc("Text; Go templates and your own `templates` work in it.", '{{ template "alert.title" . }}')
]


class Receiver(Spec, kw_only=True):
    """What every receiver has."""

    # Grafana's name of the type, and its names of settings where they differ from the keys.
    TYPE: ClassVar[str] = ""
    NAMES: ClassVar[Names] = {}
    SETTINGS: ClassVar[Names] = {}
    SECRETS: ClassVar[frozenset[str]] = frozenset()

    uid: Annotated[Uid | None, doc("The uid; made from contact point and type when absent.", "ops-slack")] = (
        None
    )
    send_resolved: Annotated[bool, doc("Notify also when the alert is over.")] = True
    raw: Annotated[Raw, doc("Other settings of this receiver, as Grafana calls them.")] = {}

    def __init_subclass__(cls) -> None:
        """Derive `SETTINGS`, Grafana's settings by our keys, and `SECRETS`, those that hold secrets."""
        if cls.TYPE:
            keys = [key for key in cls.__annotations__ if key not in ("TYPE", "NAMES")]
            cls.SETTINGS = {key: cls.NAMES.get(key, key) for key in keys}
            secret = CONTACT_TYPES[cls.TYPE].secret
            cls.SECRETS = frozenset(name for name in secret if name.split(".")[0] in cls.SETTINGS.values())

    def kind(self) -> str:
        """The type's name in Grafana."""
        return self.TYPE

    def secrets(self) -> frozenset[str]:
        """The settings that hold secrets; ``a.b`` is nested."""
        return self.SECRETS


class Email(Receiver, kw_only=True):
    """E-mail, through the server that Grafana is configured with."""

    TYPE: ClassVar = "email"
    NAMES: ClassVar = {"to": "addresses", "single": "singleEmail"}

    to: Annotated[
        OneOrMore,
        doc("Addresses, or a variable that holds them separated by `;`.", "ops@example.com", "$ALERT_EMAIL"),
    ]
    single: Annotated[bool | None, doc("One mail to all addresses, instead of one each.")] = None
    subject: TemplateText | None = None
    message: TemplateText | None = None


class Slack(Receiver, kw_only=True):
    """Slack, by an incoming webhook (`url`) or as an app (`token` and `channel`)."""

    TYPE: ClassVar = "slack"
    NAMES: ClassVar = {
        "channel": "recipient",
        "mention": "mentionChannel",
        "mention_users": "mentionUsers",
        "mention_groups": "mentionGroups",
    }

    url: Annotated[Secret | None, doc("The incoming webhook's address.", "$SLACK_WEBHOOK_URL")] = None
    token: Annotated[Secret | None, doc("The app's token.", "$SLACK_TOKEN")] = None
    channel: Annotated[str | None, doc("The channel; needed with `token`.", "#ops")] = None
    title: TemplateText | None = None
    text: TemplateText | None = None
    username: Annotated[str | None, doc("The sender's name.")] = None
    icon_emoji: Annotated[str | None, doc("The sender's picture.", ":rotating_light:")] = None
    icon_url: Annotated[str | None, doc("The sender's picture.")] = None
    color: Annotated[str | None, doc("The message's colour.")] = None
    mention: Annotated[
        Literal["here", "channel"] | None, doc("Mention everybody, or everybody who is there.")
    ] = None
    mention_users: Annotated[list[str], doc("Users to mention, by id.", ["U024BE7LH"])] = []
    mention_groups: Annotated[list[str], doc("User groups to mention, by id.")] = []


class Webhook(Receiver, kw_only=True):
    """An HTTP request to an address of yours."""

    TYPE: ClassVar = "webhook"
    NAMES: ClassVar = {
        "method": "httpMethod",
        "user": "username",
        "scheme": "authorization_scheme",
        "credentials": "authorization_credentials",
        "max_alerts": "maxAlerts",
    }

    url: Annotated[str, doc("The address.", "https://hooks.example.com/grafana", "$HOOK_URL")]
    method: Annotated[Literal["POST", "PUT"] | None, doc("The request's method.")] = None
    user: Annotated[str | None, doc("The user, for basic authentication.")] = None
    password: Secret | None = None
    scheme: Annotated[str | None, doc("The scheme of the Authorization header; `Bearer` when absent.")] = None
    credentials: Secret | None = None
    headers: Annotated[
        dict[str, str], doc("Other headers; never a secret in plain text.", {"X-Source": "grafana"})
    ] = {}
    max_alerts: Annotated[Count | None, doc("At most so many alerts in one request.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class PagerDuty(Receiver, kw_only=True):
    """PagerDuty's events API."""

    TYPE: ClassVar = "pagerduty"
    NAMES: ClassVar = {"key": "integrationKey", "class_": "class"}

    key: Secret
    severity: Annotated[
        str | None, doc("critical, error, warning or info; templates work.", "{{ .CommonLabels.severity }}")
    ] = None
    class_: Annotated[str | None, doc("The event's class.")] = msgspec.field(default=None, name="class")
    component: Annotated[str | None, doc("The part that is concerned.")] = None
    group: Annotated[str | None, doc("The cluster or group that is concerned.")] = None
    summary: TemplateText | None = None
    source: Annotated[str | None, doc("Where the event comes from.")] = None
    client: Annotated[str | None, doc("The sender's name.")] = None
    client_url: Annotated[str | None, doc("The sender's address.")] = None
    details: Annotated[dict[str, str], doc("More keys and values.", {"service": "shop"})] = {}


class Responder(Spec, kw_only=True):
    """Who answers in Opsgenie; one of `id`, `name`, `username` says who."""

    type: Annotated[Literal["team", "teams", "user", "escalation", "schedule"], doc("What it is.")]
    id: Annotated[str | None, doc("Its id.", "4513b7ea-3b91-438f-b7e4-e3e54af9147c")] = None
    name: Annotated[str | None, doc("Its name.", "shop")] = None
    username: Annotated[str | None, doc("The user's e-mail address.", "ops@example.com")] = None


class Opsgenie(Receiver, kw_only=True):
    """Opsgenie's alert API."""

    TYPE: ClassVar = "opsgenie"
    NAMES: ClassVar = {
        "key": "apiKey",
        "url": "apiUrl",
        "auto_close": "autoClose",
        "override_priority": "overridePriority",
        "send_tags_as": "sendTagsAs",
    }

    key: Secret
    url: Annotated[str | None, doc("The address of the API.", "https://api.eu.opsgenie.com/v2/alerts")] = None
    message: TemplateText | None = None
    description: TemplateText | None = None
    auto_close: Annotated[bool | None, doc("Close the alert when it is over.")] = None
    override_priority: Annotated[bool | None, doc("Take the priority from the label `og_priority`.")] = None
    send_tags_as: Annotated[Literal["tags", "details", "both"] | None, doc("How labels are sent.")] = None
    responders: Annotated[list[Responder], doc("Who answers.", [{"type": "team", "name": "shop"}])] = []


class Teams(Receiver, kw_only=True):
    """Microsoft Teams, by an incoming webhook."""

    TYPE: ClassVar = "teams"
    NAMES: ClassVar = {"section_title": "sectiontitle"}

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$TEAMS_WEBHOOK_URL")]
    title: TemplateText | None = None
    section_title: TemplateText | None = None
    message: TemplateText | None = None


class Telegram(Receiver, kw_only=True):
    """A Telegram bot that writes into a chat."""

    TYPE: ClassVar = "telegram"
    NAMES: ClassVar = {
        "token": "bottoken",
        "chat": "chatid",
        "thread": "message_thread_id",
        "silent": "disable_notifications",
        "no_preview": "disable_web_page_preview",
        "protect": "protect_content",
    }

    token: Annotated[Secret, doc("The bot's token.", "$TELEGRAM_BOT_TOKEN")]
    chat: Annotated[str | int, doc("The chat's id; no secret.", -1001234567890)]
    thread: Annotated[int | None, doc("The topic's id in a group with topics.")] = None
    message: TemplateText | None = None
    parse_mode: Annotated[
        Literal["None", "HTML", "Markdown", "MarkdownV2"] | None, doc("How the message is marked up.")
    ] = None
    silent: Annotated[bool | None, doc("No sound.")] = None
    no_preview: Annotated[bool | None, doc("No preview of links.")] = None
    protect: Annotated[bool | None, doc("The message can't be forwarded.")] = None


class Discord(Receiver, kw_only=True):
    """Discord, by a channel's webhook."""

    TYPE: ClassVar = "discord"

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$DISCORD_WEBHOOK_URL")]
    title: TemplateText | None = None
    message: TemplateText | None = None
    avatar_url: Annotated[str | None, doc("The sender's picture.")] = None
    use_discord_username: Annotated[bool | None, doc("The name that the webhook has in Discord.")] = None


class GoogleChat(Receiver, kw_only=True):
    """Google Chat, by a space's webhook."""

    TYPE: ClassVar = "googlechat"
    NAMES: ClassVar = {"hide_button": "hide_open_button"}

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$CHAT_WEBHOOK_URL")]
    title: TemplateText | None = None
    message: TemplateText | None = None
    hide_button: Annotated[bool | None, doc("No button that opens Grafana.")] = None


class Alertmanager(Receiver, kw_only=True):
    """An Alertmanager of Prometheus."""

    TYPE: ClassVar = "prometheus-alertmanager"
    NAMES: ClassVar = {"user": "basicAuthUser", "password": "basicAuthPassword"}

    url: Annotated[str, doc("Its address.", "http://alertmanager:9093")]
    user: Annotated[str | None, doc("The user, for basic authentication.")] = None
    password: Secret | None = None


class DingDing(Receiver, kw_only=True):
    """DingTalk, by a robot's webhook."""

    TYPE: ClassVar = "dingding"
    NAMES: ClassVar = {"message_type": "msgType"}

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$DINGTALK_WEBHOOK_URL")]
    message_type: Annotated[Literal["link", "actionCard"] | None, doc("How the message looks.")] = None
    title: TemplateText | None = None
    message: TemplateText | None = None


class Kafka(Receiver, kw_only=True):
    """A topic of Kafka, through its REST proxy."""

    TYPE: ClassVar = "kafka"
    NAMES: ClassVar = {
        "proxy": "kafkaRestProxy",
        "topic": "kafkaTopic",
        "user": "username",
        "api_version": "apiVersion",
        "cluster": "kafkaClusterId",
    }

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

    TYPE: ClassVar = "LINE"

    token: Annotated[Secret, doc("The access token.", "$LINE_TOKEN")]
    title: TemplateText | None = None
    description: TemplateText | None = None


class Mqtt(Receiver, kw_only=True):
    """A topic of an MQTT broker; its TLS settings go to `raw`."""

    TYPE: ClassVar = "mqtt"
    NAMES: ClassVar = {
        "broker": "brokerUrl",
        "client": "clientId",
        "format": "messageFormat",
        "user": "username",
    }

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

    TYPE: ClassVar = "oncall"
    NAMES: ClassVar = {
        "method": "httpMethod",
        "user": "username",
        "scheme": "authorization_scheme",
        "credentials": "authorization_credentials",
        "max_alerts": "maxAlerts",
    }

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

    TYPE: ClassVar = "pushover"
    NAMES: ClassVar = {
        "user_key": "userKey",
        "token": "apiToken",
        "ok_priority": "okPriority",
        "ok_sound": "okSound",
        "image": "uploadImage",
    }

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

    TYPE: ClassVar = "sensugo"
    NAMES: ClassVar = {"key": "apikey"}

    url: Annotated[str, doc("The backend's address.", "http://sensu:8080")]
    key: Annotated[Secret, doc("The API key.", "$SENSU_KEY")]
    entity: Annotated[str | None, doc("The entity that the event is about.")] = None
    check: Annotated[str | None, doc("The check that the event comes from.")] = None
    namespace: Annotated[str | None, doc("The namespace.")] = None
    handler: Annotated[str | None, doc("The handler.")] = None
    message: TemplateText | None = None


class Sns(Receiver, kw_only=True):
    """Amazon's SNS: a topic, a phone's text messages, or an endpoint."""

    TYPE: ClassVar = "sns"
    NAMES: ClassVar = {
        "topic": "topic_arn",
        "phone": "phone_number",
        "target": "target_arn",
        "url": "api_url",
    }

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

    TYPE: ClassVar = "threema"
    NAMES: ClassVar = {"gateway": "gateway_id", "recipient": "recipient_id", "secret": "api_secret"}

    gateway: Annotated[str, doc("The gateway's id, which starts with `*`.", "*OPSTEAM")]
    recipient: Annotated[str, doc("The id of who is notified.", "ECHOECHO")]
    secret: Annotated[Secret, doc("The gateway's secret.", "$THREEMA_SECRET")]
    title: TemplateText | None = None
    description: TemplateText | None = None


class VictorOps(Receiver, kw_only=True):
    """Splunk On-Call, once VictorOps."""

    TYPE: ClassVar = "victorops"
    NAMES: ClassVar = {"message_type": "messageType"}

    url: Annotated[Secret, doc("The address of the integration; who has it can post.", "$VICTOROPS_URL")]
    message_type: Annotated[str | None, doc("CRITICAL or WARNING; templates work.", "CRITICAL")] = None
    title: TemplateText | None = None
    description: TemplateText | None = None


class Webex(Receiver, kw_only=True):
    """Cisco Webex, as a bot."""

    TYPE: ClassVar = "webex"
    NAMES: ClassVar = {"token": "bot_token", "room": "room_id", "url": "api_url"}

    token: Annotated[Secret, doc("The bot's token.", "$WEBEX_TOKEN")]
    room: Annotated[str, doc("The room's id.", "Y2lzY29zcGFyazovL3VzL1JPT00")]
    url: Annotated[str | None, doc("The address of the API.")] = None
    message: TemplateText | None = None


class WeCom(Receiver, kw_only=True):
    """WeCom: a group robot by its `url`, or an app by `secret`, `corp` and `agent`."""

    TYPE: ClassVar = "wecom"
    NAMES: ClassVar = {
        "agent": "agent_id",
        "corp": "corp_id",
        "to": "touser",
        "message_type": "msgtype",
        "endpoint": "endpointUrl",
    }

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

    TYPE: ClassVar = "jira"
    NAMES: ClassVar = {"url": "api_url", "token": "api_token", "dedup_field": "dedup_key_field"}

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
    fields: Annotated[Json, doc("Other fields of the issues.", {"customfield_10000": "x"})] = {}


class Other(Receiver, kw_only=True):
    """A receiver of any type, with Grafana's own settings."""

    type: Annotated[str, doc("The type's name in Grafana.", "dingding", "mqtt")]
    settings: Annotated[
        Json, doc("Its settings as Grafana calls them; secrets as references.", {"url": "$MY_URL"})
    ]

    def kind(self) -> str:
        """The type's name in Grafana."""
        return self.type

    def secrets(self) -> frozenset[str]:
        """The settings that hold secrets, as far as Grafana's list tells."""
        contact_type = CONTACT_TYPES.get(self.type)
        return contact_type.secret if contact_type else frozenset()


RECEIVER_TYPES = {model.__name__.lower(): model for model in Receiver.__subclasses__()}
"""The receivers by the key that a contact point has for each."""


class ContactPoint(Spec, kw_only=True):
    """Somebody to notify, in one or several ways at once."""

    name: Annotated[
        str | None, doc("The name that policies and rules use. The key in the map form.", "ops")
    ] = None
    email: Annotated[
        str | list[str] | Email | None, doc("E-mail: addresses, or all settings.", "ops@example.com")
    ] = None
    slack: Annotated[Slack | list[Slack] | None, doc("Slack.", {"url": "$SLACK_WEBHOOK_URL"})] = None
    webhook: Annotated[
        Webhook | list[Webhook] | None, doc("An HTTP request.", {"url": "https://hooks.example.com/x"})
    ] = None
    pagerduty: Annotated[PagerDuty | list[PagerDuty] | None, doc("PagerDuty.", {"key": "$PAGERDUTY_KEY"})] = (
        None
    )
    opsgenie: Annotated[Opsgenie | list[Opsgenie] | None, doc("Opsgenie.", {"key": "$OPSGENIE_KEY"})] = None
    teams: Annotated[Teams | list[Teams] | None, doc("Microsoft Teams.", {"url": "$TEAMS_WEBHOOK_URL"})] = (
        None
    )
    telegram: Annotated[
        Telegram | list[Telegram] | None, doc("Telegram.", {"token": "$TELEGRAM_BOT_TOKEN", "chat": -100123})
    ] = None
    discord: Annotated[Discord | list[Discord] | None, doc("Discord.", {"url": "$DISCORD_WEBHOOK_URL"})] = (
        None
    )
    googlechat: Annotated[
        GoogleChat | list[GoogleChat] | None, doc("Google Chat.", {"url": "$CHAT_WEBHOOK_URL"})
    ] = None
    alertmanager: Annotated[
        Alertmanager | list[Alertmanager] | None,
        doc("An Alertmanager of Prometheus.", {"url": "http://alertmanager:9093"}),
    ] = None
    dingding: Annotated[
        DingDing | list[DingDing] | None, doc("DingTalk.", {"url": "$DINGTALK_WEBHOOK_URL"})
    ] = None
    kafka: Annotated[
        Kafka | list[Kafka] | None,
        doc("A topic of Kafka.", {"proxy": "http://kafka-rest:8082", "topic": "alerts"}),
    ] = None
    line: Annotated[Line | list[Line] | None, doc("LINE Notify.", {"token": "$LINE_TOKEN"})] = None
    mqtt: Annotated[
        Mqtt | list[Mqtt] | None,
        doc("A topic of an MQTT broker.", {"broker": "tcp://mqtt:1883", "topic": "grafana/alerts"}),
    ] = None
    oncall: Annotated[OnCall | list[OnCall] | None, doc("Grafana OnCall.", {"url": "$ONCALL_URL"})] = None
    pushover: Annotated[
        Pushover | list[Pushover] | None,
        doc("Pushover.", {"user_key": "$PUSHOVER_USER", "token": "$PUSHOVER_TOKEN"}),
    ] = None
    sensugo: Annotated[
        SensuGo | list[SensuGo] | None, doc("Sensu Go.", {"url": "http://sensu:8080", "key": "$SENSU_KEY"})
    ] = None
    sns: Annotated[
        Sns | list[Sns] | None, doc("Amazon's SNS.", {"topic": "arn:aws:sns:eu-west-1:123456789012:alerts"})
    ] = None
    threema: Annotated[
        Threema | list[Threema] | None,
        doc("Threema.", {"gateway": "*OPSTEAM", "recipient": "ECHOECHO", "secret": "$THREEMA_SECRET"}),
    ] = None
    victorops: Annotated[
        VictorOps | list[VictorOps] | None, doc("Splunk On-Call, once VictorOps.", {"url": "$VICTOROPS_URL"})
    ] = None
    webex: Annotated[
        Webex | list[Webex] | None,
        doc("Cisco Webex.", {"token": "$WEBEX_TOKEN", "room": "Y2lzY29zcGFyazovL3VzL1JPT00"}),
    ] = None
    wecom: Annotated[WeCom | list[WeCom] | None, doc("WeCom.", {"url": "$WECOM_URL"})] = None
    jira: Annotated[
        Jira | list[Jira] | None,
        doc(
            "Issues in Jira.",
            {"url": "https://example.atlassian.net/rest/api/3", "project": "OPS", "issue_type": "Incident"},
        ),
    ] = None
    other: Annotated[
        Other | list[Other] | None,
        doc(
            "A receiver of any type that Grafana has, with Grafana's own settings.",
            {"type": "mqtt", "settings": {"brokerUrl": "tcp://mqtt:1883", "topic": "x"}},
        ),
    ] = None


def settings_of(receiver: Receiver) -> Json:
    """The receiver's settings under Grafana's names; ``raw`` is merged last."""
    written = {theirs: getattr(receiver, ours) for ours, theirs in receiver.SETTINGS.items()}
    settings = {name: _plain(name, value) for name, value in written.items() if value not in (None, [], {})}
    return getattr(receiver, "settings", {}) | settings | receiver.raw


def _plain(name: str, value: Any) -> Any:
    """A setting in the form that Grafana's integrations read: lists as text, ids as text."""
    if name == "addresses" and isinstance(value, list):
        return ";".join(value)
    if name in {"mentionUsers", "mentionGroups"}:
        return ",".join(value)
    if name in {"chatid", "message_thread_id"}:
        return str(value)
    if name == "responders":
        return [msgspec.to_builtins(responder) for responder in value]
    return value
