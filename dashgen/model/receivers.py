"""Receivers of notifications, one class for each type that Grafana knows.

The key names are those of Grafana's settings in plain words; `SETTINGS` leads from ours to Grafana's.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec

from dashgen.model.base import Count, OneOrMore, Raw, Spec, Uid, doc
from dashgen.model.environment_references import Secret

TemplateText: TypeAlias = Annotated[
    str, doc("Text; Go templates and your own `templates` work in it.", '{{ template "alert.title" . }}')
]


class Receiver(Spec, kw_only=True):
    """What every receiver has."""

    TYPE: ClassVar[str] = ""
    SETTINGS: ClassVar[dict[str, str]] = {}
    SECRETS: ClassVar[frozenset[str]] = frozenset()

    uid: Annotated[Uid | None, doc("The uid; made from contact point and type when absent.", "ops-slack")] = (
        None
    )
    send_resolved: Annotated[bool, doc("Notify also when the alert is over.")] = True
    raw: Annotated[Raw, doc("Other settings of this receiver, as Grafana calls them.")] = {}

    def kind(self) -> str:
        """The type's name in Grafana."""
        return self.TYPE

    def secrets(self) -> frozenset[str]:
        """The settings that hold secrets; ``a.b`` is nested."""
        return self.SECRETS


class Email(Receiver, kw_only=True):
    """E-mail, through the server that Grafana is configured with."""

    TYPE: ClassVar[str] = "email"
    SETTINGS: ClassVar[dict[str, str]] = {
        "to": "addresses", "single": "singleEmail", "subject": "subject", "message": "message",
    }  # fmt: skip

    to: Annotated[
        OneOrMore,
        doc("Addresses, or a variable that holds them separated by `;`.", "ops@example.com", "$ALERT_EMAIL"),
    ]
    single: Annotated[bool | None, doc("One mail to all addresses, instead of one each.")] = None
    subject: TemplateText | None = None
    message: TemplateText | None = None


class Slack(Receiver, kw_only=True):
    """Slack, by an incoming webhook (`url`) or as an app (`token` and `channel`)."""

    TYPE: ClassVar[str] = "slack"
    SETTINGS: ClassVar[dict[str, str]] = {
        "url": "url", "token": "token", "channel": "recipient", "title": "title", "text": "text",
        "username": "username", "icon_emoji": "icon_emoji", "icon_url": "icon_url", "color": "color",
        "mention": "mentionChannel", "mention_users": "mentionUsers", "mention_groups": "mentionGroups",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"url", "token"})

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

    TYPE: ClassVar[str] = "webhook"
    SETTINGS: ClassVar[dict[str, str]] = {
        "url": "url", "method": "httpMethod", "user": "username", "password": "password",
        "scheme": "authorization_scheme", "credentials": "authorization_credentials", "headers": "headers",
        "max_alerts": "maxAlerts", "title": "title", "message": "message",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"password", "authorization_credentials"})

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

    TYPE: ClassVar[str] = "pagerduty"
    SETTINGS: ClassVar[dict[str, str]] = {
        "key": "integrationKey", "severity": "severity", "class_": "class", "component": "component",
        "group": "group", "summary": "summary", "source": "source", "client": "client",
        "client_url": "client_url", "details": "details",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"integrationKey"})

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

    TYPE: ClassVar[str] = "opsgenie"
    SETTINGS: ClassVar[dict[str, str]] = {
        "key": "apiKey", "url": "apiUrl", "message": "message", "description": "description",
        "auto_close": "autoClose", "override_priority": "overridePriority", "send_tags_as": "sendTagsAs",
        "responders": "responders",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"apiKey"})

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

    TYPE: ClassVar[str] = "teams"
    SETTINGS: ClassVar[dict[str, str]] = {
        "url": "url",
        "title": "title",
        "section_title": "sectiontitle",
        "message": "message",
    }
    SECRETS: ClassVar[frozenset[str]] = frozenset({"url"})

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$TEAMS_WEBHOOK_URL")]
    title: TemplateText | None = None
    section_title: TemplateText | None = None
    message: TemplateText | None = None


class Telegram(Receiver, kw_only=True):
    """A Telegram bot that writes into a chat."""

    TYPE: ClassVar[str] = "telegram"
    SETTINGS: ClassVar[dict[str, str]] = {
        "token": "bottoken", "chat": "chatid", "thread": "message_thread_id", "message": "message",
        "parse_mode": "parse_mode", "silent": "disable_notifications", "no_preview": "disable_web_page_preview",
        "protect": "protect_content",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"bottoken"})

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

    TYPE: ClassVar[str] = "discord"
    SETTINGS: ClassVar[dict[str, str]] = {
        "url": "url", "title": "title", "message": "message", "avatar_url": "avatar_url",
        "use_discord_username": "use_discord_username",
    }  # fmt: skip
    SECRETS: ClassVar[frozenset[str]] = frozenset({"url"})

    url: Annotated[Secret, doc("The webhook's address; who has it can post.", "$DISCORD_WEBHOOK_URL")]
    title: TemplateText | None = None
    message: TemplateText | None = None
    avatar_url: Annotated[str | None, doc("The sender's picture.")] = None
    use_discord_username: Annotated[bool | None, doc("The name that the webhook has in Discord.")] = None


def settings_of(receiver: Receiver) -> dict[str, Any]:
    """The receiver's settings under Grafana's names; ``raw`` is merged last."""
    written = {theirs: getattr(receiver, ours) for ours, theirs in receiver.SETTINGS.items()}
    settings = {name: _plain(name, value) for name, value in written.items() if value not in (None, [], {})}
    return getattr(receiver, "settings", {}) | settings | receiver.raw


def _plain(name: str, value: Any) -> Any:
    if name == "addresses" and isinstance(value, list):
        return ";".join(value)
    if name in {"mentionUsers", "mentionGroups"}:
        return ",".join(value)
    if name in {"chatid", "message_thread_id"}:
        return str(value)
    if name == "responders":
        return [msgspec.to_builtins(responder) for responder in value]
    return value
