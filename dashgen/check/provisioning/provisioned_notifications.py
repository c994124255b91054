"""Contact points and the policy tree of an alerting file."""

import re
from typing import Any

from dashgen.check.check_names import check_uid
from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries
from dashgen.check.provisioning.provisioned_policies import check_policies
from dashgen.check.provisioning.provisioned_values import NO_START
from dashgen.check.provisioning_references import check_dollars, check_secret, is_reference
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.contact_types import CONTACT_TYPES, ContactType

_CONTACT_POINT: Fields = {"orgId": ValueKind.NUMBER, "name": ValueKind.TEXT, "receivers": ValueKind.LIST}
_RECEIVER: Fields = {
    "uid": ValueKind.TEXT,
    "type": ValueKind.TEXT,
    "settings": ValueKind.MAPPING,
    "disableResolveMessage": ValueKind.BOOLEAN,
}
_ADDRESS = lazy_pattern(r"[^@\s<>]+@[^@\s<>]+\Z|.*<[^@\s<>]+@[^@\s<>]+>\Z")
_SLACK_API = "https://slack.com/api/chat.postMessage"
_RESPONDERS = ("team", "teams", "user", "escalation", "schedule")


def check_notifications(report: Report) -> None:
    """Check the contact points and policies of one file."""
    for path, point in check_entries(
        report, ("contactPoints",), _CONTACT_POINT, "a contact point", "contact"
    ):
        _check_contact_point(report, path, point)
    check_policies(report)


def _check_contact_point(report: Report, path: Path, point: Json) -> None:
    name = text_of(point.get("name")).strip()
    if not name:
        report.error(
            "contact/name", path, f"{NO_START}: failure parsing contact points: no name is set", "add `name:`"
        )
    check_dollars(report, (*path, "name"), name, "the name of a contact point")
    if not report.value((*path, "receivers")):
        message = f"contact point `{name}` has no receivers: what is sent to it is lost"
        report.error("contact/no-receivers", path, message, "add a receiver below `receivers:`")
    for where, receiver in check_entries(report, (*path, "receivers"), _RECEIVER, "a receiver", "contact"):
        _check_receiver(report, where, receiver, name)


def _check_receiver(report: Report, path: Path, receiver: Json, name: str) -> None:
    settings, kind = mapping(receiver.get("settings")), text_of(receiver.get("type")).strip()
    for key in ("uid", "type"):
        if not text_of(receiver.get(key)).strip():
            report.error(f"contact/{key}", path, f"{NO_START}: {name}: no {key} is set", f"add `{key}:`")
    uid = text_of(receiver.get("uid")).strip()
    check_uid(report, (*path, "uid"), uid, "contact/uid", f"a receiver of `{name}`")
    if not settings:
        where = (*path, "settings") if "settings" in receiver else path
        message = f"{NO_START}: {name}: no settings are set"
        report.error("contact/no-settings", where, message, "add the settings of its type")
        return
    contact_type = CONTACT_TYPES.get(kind)
    if contact_type is None:
        if kind:
            message = f"{NO_START}: {name}: `{kind}` is not a type of receiver"
            report.error("contact/type", (*path, "type"), message, nearest(kind, CONTACT_TYPES))
        return
    _check_settings(report, (*path, "settings"), settings, contact_type, f"{name}: {{}}")
    special = _SPECIAL.get(kind)
    if special:
        special(report, (*path, "settings"), settings, name)


def _check_settings(
    report: Report, path: Path, settings: Json, contact_type: ContactType, reason: str
) -> None:
    for key, error in contact_type.needed.items():
        if not text_of(settings.get(key)).strip():
            report.error("contact/setting", path, f"{NO_START}: {reason.format(error)}", f"add `{key}:`")
    for key, value in settings.items():
        if key not in contact_type.names:
            message = f"unknown setting `{key}`: it would be ignored silently"
            report.error(
                "contact/unknown-key", (*path, key), message, nearest(key, contact_type.names), key=True
            )
            continue
        if key not in contact_type.secret:
            _check_address(report, (*path, key), key, text_of(value))
            check_dollars(report, (*path, key), _without_secrets(key, value, contact_type), f"`{key}`")
    for name in contact_type.secret:
        first, _dot, second = name.partition(".")
        value = mapping(settings.get(first)).get(second) if second else settings.get(first)
        check_secret(report, (*path, *name.split(".")), value, f"`{name}`")


def _check_address(report: Report, path: Path, key: str, address: str) -> None:
    """Report an invalid address of a server; references and templates get theirs later."""
    if not key.lower().endswith("url") or "." not in address or "$" in address or "{{" in address:
        return
    schemes = ("tcp", "ssl", "ws", "wss") if key == "brokerUrl" else ("http", "https")
    scheme, separator, server = address.partition("://")
    if not separator or server.startswith("/") or scheme not in schemes:
        message = f"`{address}` is not an address that notifications can be sent to"
        report.error(
            "contact/address", path, message, f"begin it with `{schemes[0]}://` or `{schemes[1]}://`"
        )


def _without_secrets(key: str, value: object, contact_type: ContactType) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: item for name, item in value.items() if f"{key}.{name}" not in contact_type.secret}


def _check_email(report: Report, path: Path, settings: Json, _name: str) -> None:
    for address in re.split(r"[,;\n]", text_of(settings.get("addresses"))):
        text = address.strip()
        if text and not is_reference(text) and not _ADDRESS.match(text):
            message = f"`{text}` is not an e-mail address"
            report.error("contact/address", (*path, "addresses"), message, "write it as `name@example.com`")


def _check_slack(report: Report, path: Path, settings: Json, name: str) -> None:
    url = text_of(settings.get("url")) or text_of(settings.get("endpointUrl")) or _SLACK_API
    for key in ("recipient", "token"):
        if url == _SLACK_API and not text_of(settings.get(key)).strip():
            message = f"{NO_START}: {name}: {key} must be specified when using the Slack chat API"
            report.error("contact/setting", path, message, f"add `{key}:`, or `url:` of an incoming webhook")
    channel = text_of(settings.get("mentionChannel"))
    if channel not in ("", "here", "channel") and not is_reference(channel):
        message = f'{NO_START}: {name}: invalid value for mentionChannel: "{channel}"'
        report.error("contact/setting", (*path, "mentionChannel"), message, "write `here` or `channel`")


def _check_webhook(report: Report, path: Path, settings: Json, name: str) -> None:
    both = all(text_of(settings.get(key)) for key in ("username", "password", "authorization_credentials"))
    if both:
        why = "both HTTP Basic Authentication and Authorization Header are set, only 1 is permitted"
        report.error("contact/setting", path, f"{NO_START}: {name}: {why}", "remove one of them")
    method = text_of(settings.get("httpMethod"))
    if method not in ("", "POST", "PUT") and not is_reference(method):
        message = f"`{method}` is not a method that a webhook is called with"
        report.error("contact/setting", (*path, "httpMethod"), message, "write `POST` or `PUT`")


def _check_opsgenie(report: Report, path: Path, settings: Json, name: str) -> None:
    tags = text_of(settings.get("sendTagsAs"))
    if tags not in ("", "tags", "details", "both") and not is_reference(tags):
        message = f'{NO_START}: {name}: invalid value for sendTagsAs: "{tags}"'
        report.error("contact/setting", (*path, "sendTagsAs"), message, "write `tags`, `details` or `both`")
    responders = settings.get("responders")
    for index, responder in enumerate(responders if isinstance(responders, list) else []):
        kind = text_of(mapping(responder).get("type"))
        where = (*path, "responders", index)
        if kind not in _RESPONDERS and "{{" not in kind:
            why = f"responder at index [{index}] has unsupported type"
            report.error("contact/setting", where, f"{NO_START}: {name}: {why}", nearest(kind, _RESPONDERS))
        if not any(text_of(mapping(responder).get(key)) for key in ("id", "name", "username")):
            why = f"responder at index [{index}] must have at least one of id, username or name specified"
            report.error("contact/setting", where, f"{NO_START}: {name}: {why}", "add `name:`")


def _check_telegram(report: Report, path: Path, settings: Json, name: str) -> None:
    mode = text_of(settings.get("parse_mode"))
    if mode.lower() not in ("", "markdown", "markdownv2", "html", "none") and not is_reference(mode):
        message = f"{NO_START}: {name}: unknown parse_mode, must be Markdown, MarkdownV2, HTML or None"
        report.error("contact/setting", (*path, "parse_mode"), message, "write `HTML`")


_SPECIAL = {
    "email": _check_email,
    "slack": _check_slack,
    "webhook": _check_webhook,
    "opsgenie": _check_opsgenie,
    "telegram": _check_telegram,
}
