"""What Grafana would refuse of a receiver, and secrets that stand in plain text."""

from dashgen.diagnostics import Diagnostic
from dashgen.model.environment import is_reference, reference_fault
from dashgen.model.notifications import RECEIVER_TYPES, ContactPoint, Named
from dashgen.model.receivers import Email, Opsgenie, Receiver, Slack, Webhook, settings_of
from dashgen.spec.source import Path

_RESTRICTED_HEADERS = frozenset(
    {"authorization", "host", "cookie", "proxy-authorization", "content-length", "user-agent"}
)


def receivers_of(point: ContactPoint) -> list[tuple[Path, Receiver]]:
    """The receivers of a contact point, each with its path below it."""
    found: list[tuple[Path, Receiver]] = []
    for kind in RECEIVER_TYPES:
        value = getattr(point, kind)
        if isinstance(value, Receiver):
            found.append(((kind,), value))
        elif kind == "email" and value:
            found.append(((kind,), Email(to=value)))
        elif isinstance(value, list):
            found += [((kind, i), item) for i, item in enumerate(value)]
    return found


def check_receiver(named: Named, path: Path, receiver: Receiver, problems: list[Diagnostic]) -> None:
    """Report what would stop Grafana's start, and secrets that are not references."""
    resolved = named.document.resolved
    for step, message, hint in _refused(receiver):
        problems.append(
            resolved.diagnostic("notification/receiver", message, (*path, step) if step else path, hint)
        )
    settings = settings_of(receiver)
    for key in sorted(receiver.SECRETS & set(settings)):
        if not is_reference(str(settings[key])):
            steps = ("raw", key) if key in receiver.raw else (_spelled(receiver, key),)
            problems.append(
                plain_secret(named, (*path, *steps), f"{receiver.TYPE} {steps[-1]}", str(settings[key]))
            )


def plain_secret(named: Named, path: Path, what: str, text: str = "") -> Diagnostic:
    """A secret that stands in the spec itself, which the message does not repeat, or a reference that is none."""
    fault = reference_fault(text)
    if fault is not None:
        return named.document.resolved.diagnostic(
            "secret/reference", f"the {what} {fault[0]}", path, fault[1]
        )
    return named.document.resolved.diagnostic(
        "secret/plain-text",
        f"the {what} is a secret in plain text",
        path,
        "write the name of an environment variable of Grafana's, such as `$SLACK_WEBHOOK_URL`, and replace the secret: it has been seen",
    )


def _spelled(receiver: Receiver, setting: str) -> str:
    return next(ours for ours, theirs in receiver.SETTINGS.items() if theirs == setting).rstrip("_")


def _refused(receiver: Receiver) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if isinstance(receiver, Email) and not settings_of(receiver).get("addresses"):
        found.append(("to", "the e-mail goes to nobody", "add an address"))
    if isinstance(receiver, Slack) and not receiver.url and not (receiver.token and receiver.channel):
        found.append(
            ("", "Slack needs a webhook's `url`, or `token` and `channel`", "add `url: $SLACK_WEBHOOK_URL`")
        )
    if isinstance(receiver, Webhook):
        if receiver.password and receiver.credentials:
            found.append(
                ("credentials", "the webhook has both a password and credentials", "remove one of them")
            )
        names = [name for name in receiver.headers if name.lower() in _RESTRICTED_HEADERS]
        found += [
            ("headers", f"Grafana refuses the header `{name}`", "use `user` and `password`, or `credentials`")
            for name in names
        ]
    if isinstance(receiver, Opsgenie):
        for responder in receiver.responders:
            if not (responder.id or responder.name or responder.username):
                found.append(("responders", "a responder has no id, name or username", "add one of them"))
    return found
