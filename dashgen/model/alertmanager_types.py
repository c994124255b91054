"""The receivers of Alertmanager beside Grafana's contact types: which setting is which field, and since when.

Source: config/config.go and config/notifiers.go of prometheus/alertmanager (to commit 00b2b058) for the
fields, its CHANGELOG.md for the versions that brought them; pkg/alertmanager/amcfg.go of prometheus-operator
agrees. Alertmanager expands no environment variables: a secret is read from a file, by a field that ends in
``_file``.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct

Version = tuple[int, int]
OLDEST: Final[Version] = (0, 25)
"""The oldest Alertmanager whose configuration is known."""


class AlertmanagerField(NamedTuple):
    """A field of a receiver: its path with dots, and the first version that has it."""

    path: str
    since: Version = OLDEST


class AlertmanagerType(Struct, frozen=True):
    """A kind of receiver that Alertmanager has too.

    Attributes:
        section: the key of a receiver that lists them, such as ``slack_configs``.
        fields: the fields by Grafana's settings.
        secrets: the fields that name a file with the secret, by Grafana's settings; ``a.b`` is nested.
        lacking: Grafana's settings that it has no field for, each with what to do instead.
        since: the first version that has the kind.
    """

    section: str
    fields: Mapping[str, AlertmanagerField]
    secrets: Mapping[str, AlertmanagerField]
    lacking: Mapping[str, str] = {}
    since: Version = OLDEST


def _fields(table: str) -> dict[str, AlertmanagerField]:
    """The fields of a table of ``setting=field@0.28``; a setting alone is a field of the same name."""
    fields = {}
    for entry in table.split():
        pair, _, since = entry.partition("@")
        setting, _, path = pair.partition("=")
        major, minor = (since or "0.25").split(".")
        fields[setting] = AlertmanagerField(path or setting, (int(major), int(minor)))
    return fields


_FIXED_BODY: Final = (
    "remove it, or write a message of your own at the receiving end: Alertmanager's webhook has one form"
)
_BASIC: Final = "http_config.basic_auth"
_BEARER: Final = "http_config.authorization"
_MENTION: Final = "write `<!channel>` or `<@USER>` into `text:`"
_NOT_THERE: Final = "remove it; Alertmanager has no such setting"

ALERTMANAGER_TYPES: Final[Mapping[str, AlertmanagerType]] = {
    "email": AlertmanagerType(
        "email_configs", _fields("addresses=to subject=headers.Subject message=html"), {}
    ),
    "slack": AlertmanagerType(
        "slack_configs",
        _fields("recipient=channel endpointUrl=api_url text title username icon_emoji icon_url color footer"),
        _fields(f"url=api_url_file token={_BEARER}.credentials_file"),
        dict.fromkeys(("mentionChannel", "mentionUsers", "mentionGroups"), _MENTION),
    ),
    "webhook": AlertmanagerType(
        "webhook_configs",
        _fields(
            f"url username={_BASIC}.username authorization_scheme={_BEARER}.type maxAlerts=max_alerts "
            "headers=http_config.http_headers@0.28"
        ),
        _fields(
            f"url=url_file@0.26 password={_BASIC}.password_file "
            f"authorization_credentials={_BEARER}.credentials_file"
        ),
        {
            **dict.fromkeys(("title", "message", "payload"), _FIXED_BODY),
            "httpMethod": "remove it: Alertmanager sends a POST",
            "hmacConfig": _NOT_THERE,
            "tlsConfig": "write the files of certificates into Alertmanager's own `http_config`",
        },
    ),
    "pagerduty": AlertmanagerType(
        "pagerduty_configs",
        _fields("severity class component group summary=description source client client_url details url"),
        _fields("integrationKey=routing_key_file"),
    ),
    "opsgenie": AlertmanagerType(
        "opsgenie_configs",
        _fields("apiUrl=api_url message description responders overridePriority=priority"),
        _fields("apiKey=api_key_file"),
        {
            "sendTagsAs": "remove it: Alertmanager sends labels as details",
            "autoClose": "remove it, or write `send_resolved: false`",
        },
    ),
    "teams": AlertmanagerType(
        "msteamsv2_configs",
        _fields("title message=text"),
        _fields("url=webhook_url_file"),
        {"sectiontitle": _NOT_THERE},
        (0, 28),
    ),
    "telegram": AlertmanagerType(
        "telegram_configs",
        _fields("chatid=chat_id message_thread_id@0.28 message parse_mode disable_notifications"),
        _fields("bottoken=bot_token_file@0.26"),
        dict.fromkeys(("disable_web_page_preview", "protect_content"), _NOT_THERE),
    ),
    "discord": AlertmanagerType(
        "discord_configs",
        _fields("title message avatar_url@0.28"),
        _fields("url=webhook_url_file@0.27"),
        dict.fromkeys(("use_discord_username", "use_embed_description"), _NOT_THERE),
    ),
    "pushover": AlertmanagerType(
        "pushover_configs",
        _fields("priority retry expire device@0.26 sound title message"),
        _fields("userKey=user_key_file@0.26 apiToken=token_file@0.26"),
        dict.fromkeys(("okPriority", "okSound", "uploadImage"), _NOT_THERE),
    ),
    "sns": AlertmanagerType(
        "sns_configs",
        _fields(
            "api_url topic_arn phone_number target_arn subject message attributes sigv4.region=sigv4.region "
            "sigv4.profile=sigv4.profile sigv4.assume_role_arn=sigv4.role_arn"
        ),
        {},
        dict.fromkeys(
            ("sigv4.access_key", "sigv4.secret_key"),
            "remove it: Alertmanager takes AWS credentials from its environment, or write `profile:`",
        ),
    ),
    "webex": AlertmanagerType(
        "webex_configs",
        _fields("room_id message api_url"),
        _fields(f"bot_token={_BEARER}.credentials_file"),
    ),
    "wecom": AlertmanagerType(
        "wechat_configs",
        _fields("agent_id corp_id message touser=to_user msgtype=message_type"),
        _fields("secret=api_secret_file@0.31"),
        {
            "url": "write `secret:`, `corp:` and `agent:`: Alertmanager speaks to an app, not to a robot",
            "title": _NOT_THERE,
            "endpointUrl": _NOT_THERE,
        },
    ),
    "jira": AlertmanagerType(
        "jira_configs",
        _fields(
            "api_url project issue_type summary description labels priority reopen_transition "
            f"resolve_transition wont_fix_resolution reopen_duration fields user={_BASIC}.username"
        ),
        _fields(f"password={_BASIC}.password_file api_token={_BEARER}.credentials_file"),
        {"dedup_key_field": _NOT_THERE},
        (0, 28),
    ),
}
"""By Grafana's names of contact types."""

SECTION_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    section: frozenset((*fields.split(), "send_resolved"))
    for section, fields in {
        "discord_configs": "http_config webhook_url webhook_url_file content title message username "
        "avatar_url",
        "email_configs": "to from hello smarthost auth_username auth_password auth_password_file auth_secret "
        "auth_secret_file auth_identity headers html text require_tls tls_config force_implicit_tls "
        "threading",
        "incidentio_configs": "http_config url url_file alert_source_token alert_source_token_file "
        "max_alerts timeout metadata",
        "jira_configs": "http_config api_url api_type project summary description labels priority issue_type "
        "reopen_transition resolve_transition wont_fix_resolution reopen_duration fields custom_fields",
        "mattermost_configs": "http_config webhook_url webhook_url_file channel username text fallback color "
        "pretext author_name author_link author_icon title title_link fields thumb_url footer footer_icon "
        "image_url icon_url icon_emoji attachments type props priority",
        "msteams_configs": "http_config webhook_url webhook_url_file title summary text",
        "msteamsv2_configs": "http_config webhook_url webhook_url_file title text",
        "opsgenie_configs": "http_config api_key api_key_file api_url message description source details "
        "entity responders actions tags note priority update_alerts",
        "pagerduty_configs": "http_config service_key service_key_file routing_key routing_key_file url "
        "client client_url description details images links source severity class component group timeout",
        "pushover_configs": "http_config user_key user_key_file token token_file title message url url_title "
        "device sound priority retry expire ttl html monospace",
        "rocketchat_configs": "http_config api_url token token_file token_id token_id_file channel color "
        "title title_link text fields short_fields emoji icon_url image_url thumb_url link_names actions",
        "slack_configs": "http_config api_url api_url_file app_token app_token_file app_url channel username "
        "color title title_link pretext text fields short_fields footer fallback callback_id icon_emoji "
        "icon_url image_url thumb_url link_names mrkdwn_in actions timeout message_text edit_messages "
        "update_message",
        "sns_configs": "http_config api_url sigv4 topic_arn phone_number target_arn subject message "
        "attributes",
        "telegram_configs": "http_config api_url bot_token bot_token_file chat_id chat_id_file "
        "message_thread_id message disable_notifications parse_mode",
        "victorops_configs": "http_config api_key api_key_file api_url routing_key message_type "
        "state_message entity_display_name monitoring_tool custom_fields",
        "webex_configs": "http_config api_url message room_id",
        "webhook_configs": "http_config url url_file max_alerts timeout payload",
        "wechat_configs": "http_config api_secret api_secret_file corp_id message api_url to_user to_party "
        "to_tag agent_id message_type",
    }.items()
}
"""The fields of each kind of receiver, those that no contact type of Grafana has included."""
