"""The settings of each kind of contact point: what is needed, what is secret, what is known.

The names are those of Grafana 12.4's integrations; a setting that Grafana does not know is ignored silently.
"""

from msgspec import Struct


class ContactType(Struct, frozen=True):
    """One kind of receiver.

    Attributes:
        needed: the settings without which Grafana does not start, each with the reason that it gives.
        secret: settings that have to come from the environment; `a.b` is nested.
        optional: the other settings.
    """

    needed: dict[str, str]
    secret: frozenset[str]
    optional: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """All settings at the first level."""
        nested = {name.split(".")[0] for name in self.secret}
        return self.optional | nested | set(self.needed)


def _type(needed: dict[str, str], secret: str = "", optional: str = "") -> ContactType:
    return ContactType(needed, frozenset(secret.split()), frozenset(optional.split()))


_URL = "could not find url property in settings"
_TLS = "tlsConfig.caCertificate tlsConfig.clientCertificate tlsConfig.clientKey"
_HTTP = "httpMethod maxAlerts authorization_scheme username title message"

CONTACT_TYPES: dict[str, ContactType] = {
    "email": _type(
        {"addresses": "could not find addresses in settings"}, optional="singleEmail message subject"
    ),
    "slack": _type(
        {},
        "url token",
        "endpointUrl recipient text title username icon_emoji icon_url mentionChannel mentionUsers "
        "mentionGroups color footer",
    ),
    "webhook": _type(
        {"url": "required field 'url' is not specified"},
        f"password authorization_credentials hmacConfig.secret {_TLS}",
        f"{_HTTP} headers payload",
    ),
    "pagerduty": _type(
        {"integrationKey": "could not find integration key property in settings"},
        "integrationKey",
        "severity details class component group summary source client client_url url",
    ),
    "opsgenie": _type(
        {"apiKey": "could not find api key property in settings"},
        "apiKey",
        "apiUrl message description autoClose overridePriority sendTagsAs responders",
    ),
    "teams": _type({"url": _URL}, "url", "message title sectiontitle"),
    "telegram": _type(
        {"bottoken": "could not find Bot Token in settings", "chatid": "could not find Chat Id in settings"},
        "bottoken",
        "message_thread_id message parse_mode disable_web_page_preview protect_content disable_notifications",
    ),
    "discord": _type(
        {"url": "could not find webhook url property in settings"},
        "url",
        "title message avatar_url use_discord_username use_embed_description",
    ),
    "googlechat": _type({"url": _URL}, "url", "title message hide_open_button hide_version_info"),
    "prometheus-alertmanager": _type({"url": _URL}, "basicAuthPassword", "basicAuthUser"),
    "dingding": _type({"url": _URL}, "url", "msgType title message"),
    "kafka": _type(
        {
            "kafkaRestProxy": "could not find kafka rest proxy endpoint property in settings",
            "kafkaTopic": "could not find kafka topic property in settings",
        },
        "password",
        "description details username apiVersion kafkaClusterId",
    ),
    "LINE": _type({"token": "could not find token in settings"}, "token", "title description"),
    "mqtt": _type(
        {"brokerUrl": "MQTT broker URL must be specified", "topic": "MQTT topic must be specified"},
        f"password {_TLS}",
        "clientId message messageFormat username qos retain",
    ),
    "oncall": _type(
        {"url": "required field 'url' is not specified"}, "password authorization_credentials", _HTTP
    ),
    "pushover": _type(
        {"userKey": "user key not found", "apiToken": "API token not found"},
        "userKey apiToken",
        "priority okPriority retry expire device sound okSound uploadImage title message",
    ),
    "sensugo": _type(
        {"url": "could not find URL property in settings",
         "apikey": "could not find the API key property in settings"},
        "apikey",
        "entity check namespace handler message",
    ),
    "sns": _type(
        {},
        "sigv4.access_key sigv4.secret_key",
        "api_url topic_arn phone_number target_arn subject message attributes",
    ),
    "threema": _type(
        {
            "gateway_id": "could not find Threema Gateway ID in settings",
            "recipient_id": "could not find Threema Recipient ID in settings",
            "api_secret": "could not find Threema API secret in settings",
        },
        "api_secret",
        "title description",
    ),
    "victorops": _type(
        {"url": "could not find victorops url property in settings"}, "url", "messageType title description"
    ),
    "webex": _type({}, "bot_token", "room_id message api_url"),
    "wecom": _type({}, "url secret", "endpointUrl agent_id corp_id message msgtype touser title"),
    "jira": _type(
        {"api_url": "could not find api_url property in settings",
         "project": "missing project in jira_config",
         "issue_type": "missing issue_type in jira_config"},
        "password api_token",
        "user summary description labels priority reopen_transition resolve_transition wont_fix_resolution "
        "reopen_duration dedup_key_field fields",
    ),
}  # fmt: skip
