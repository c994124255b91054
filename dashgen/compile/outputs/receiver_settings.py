"""What Grafana would refuse of a receiver, and secrets in plain text."""

from collections.abc import Iterator

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.environment_references import is_reference, reference_fault
from dashgen.model.receivers import (
    RECEIVER_TYPES,
    ContactPoint,
    Email,
    Opsgenie,
    Other,
    Receiver,
    Slack,
    Sns,
    Webhook,
    WeCom,
    settings_of,
)
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_SECRET_NAME = lazy_pattern(r"(?i)password|secret|token|api_?key|credential|webhook")
_PLAIN_TEXT = (
    "write the name of an environment variable of Grafana's, such as `$SLACK_WEBHOOK_URL`, "
    "and replace the secret: it has been seen"
)
_RESTRICTED_HEADERS = frozenset(
    {"authorization", "host", "cookie", "proxy-authorization", "content-length", "user-agent"}
)


def receivers_of(point: ContactPoint) -> list[tuple[Path, Receiver]]:
    """The receivers of a contact point, each with its path below it."""
    receivers: list[tuple[Path, Receiver]] = []
    for kind in RECEIVER_TYPES:
        value = getattr(point, kind)
        if isinstance(value, Receiver):
            receivers.append(((kind,), value))
        elif kind == "email" and value:
            receivers.append(((kind,), Email(to=value)))
        elif isinstance(value, list):
            receivers += [((kind, i), item) for i, item in enumerate(value)]
    return receivers


def check_receiver(receiver: Receiver, report: Reporter) -> None:
    """Report what would stop Grafana's start, and secrets that are not references."""
    for step, message, hint in _refused(receiver):
        report.error("notification/receiver", message, (step,) if step else (), hint)
    settings = settings_of(receiver)
    for name in sorted(receiver.secrets()):
        steps = tuple(name.split("."))
        value = at(settings, steps, None)
        if value not in (None, "") and not is_reference(str(value)):
            value_path = _spelled(receiver, steps)
            _report_secret(f"{receiver.kind()} {value_path[-1]}", str(value), value_path, report)
    if isinstance(receiver, Other):
        _check_other(receiver, report)


def _check_other(receiver: Other, report: Reporter) -> None:
    """Report what is wrong with a receiver in Grafana's own form."""
    contact_type = CONTACT_TYPES.get(receiver.type)
    if contact_type is None:
        message = f"Grafana 12.4 has no receiver of the type `{receiver.type}`"
        hint = nearest(receiver.type, CONTACT_TYPES) or "correct the type, unless a newer Grafana has it"
        report.warn("notification/receiver", message, ("type",), hint)
    else:
        for name, why in contact_type.needed.items():
            if receiver.settings.get(name) in (None, ""):
                message = f"Grafana would not start: {why}"
                report.error("notification/receiver", message, ("settings",), f"add `{name}:`")
        for name in receiver.settings:
            if name not in contact_type.names:
                message = f"a receiver of the type `{receiver.type}` has no setting `{name}`"
                hint = nearest(name, contact_type.names)
                report.warn("notification/receiver", message, ("settings", name), hint, key=True)
    for name, value in receiver.settings.items():
        # Of a type that nobody here knows, the names of settings tell which of them are secret.
        is_secret = contact_type is None and _SECRET_NAME.search(name) is not None
        if is_secret and isinstance(value, str) and not is_reference(value):
            _report_secret(f"{receiver.type} {name}", value, ("settings", name), report)


def _report_secret(what: str, text: str, path: Path, report: Reporter) -> None:
    """Report a secret in the spec itself, without repeating it, and a reference that is not one."""
    fault = reference_fault(text)
    if fault is not None:
        report.error("secret/reference", f"the {what} {fault[0]}", path, fault[1])
    else:
        report.error("secret/plain-text", f"the {what} is a secret in plain text", path, _PLAIN_TEXT)


def _spelled(receiver: Receiver, steps: tuple[str, ...]) -> tuple[str, ...]:
    """The path of a setting in the receiver as it is written."""
    if at(receiver.raw, steps, None) is not None:
        return ("raw", *steps)
    ours = next((ours for ours, theirs in receiver.SETTINGS.items() if theirs == steps[0]), None)
    return (ours.rstrip("_"), *steps[1:]) if ours else ("settings", *steps)


def _refused(receiver: Receiver) -> Iterator[tuple[str, str, str]]:
    """Yield what keeps Grafana from starting: the key in the receiver, if any, the message and the hint."""
    if isinstance(receiver, Email) and not settings_of(receiver).get("addresses"):
        yield "to", "the e-mail goes to nobody", "add an address"
    elif isinstance(receiver, Slack) and not (receiver.url or (receiver.token and receiver.channel)):
        yield "", "Slack needs a webhook's `url`, or `token` and `channel`", "add `url: $SLACK_WEBHOOK_URL`"
    elif isinstance(receiver, Sns) and not (receiver.topic or receiver.phone or receiver.target):
        yield "", "SNS needs a `topic`, a `phone` or a `target`", "add one of them"
    elif isinstance(receiver, WeCom):
        if not (receiver.url or (receiver.secret and receiver.corp and receiver.agent)):
            yield "", "WeCom needs a robot's `url`, or `secret`, `corp` and `agent`", "add `url: $WECOM_URL`"
    elif isinstance(receiver, Webhook):
        yield from _refused_webhook(receiver)
    elif isinstance(receiver, Opsgenie):
        for responder in receiver.responders:
            if not (responder.id or responder.name or responder.username):
                yield "responders", "a responder has no id, name or username", "add one of them"


def _refused_webhook(webhook: Webhook) -> Iterator[tuple[str, str, str]]:
    if webhook.password and webhook.credentials:
        yield "credentials", "the webhook has both a password and credentials", "remove one of them"
    for name in webhook.headers:
        if name.lower() in _RESTRICTED_HEADERS:
            hint = "use `user` and `password`, or `credentials`"
            yield "headers", f"Grafana refuses the header `{name}`", hint
