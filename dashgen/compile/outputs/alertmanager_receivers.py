"""Contact points as receivers of Alertmanager, and what of them it cannot do, at the spec's lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.compile.outputs.receiver_settings import receivers_of
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.alertmanager_types import ALERTMANAGER_TYPES, AlertmanagerField, AlertmanagerType
from dashgen.model.environment_references import EXPANSION, counts, is_reference, references
from dashgen.model.project_file import AlertmanagerSettings
from dashgen.model.receivers import ContactPoint, Receiver, settings_of
from dashgen.query.gotemplate import ALERTMANAGER_NOTIFICATION, check_template, parse_template
from dashgen.query.gotemplate.template_data import ALERTMANAGER_DEFAULTS
from dashgen.source.provenance import Reporter, SpecPart

_RECEIVER: Final = "alertmanager/receiver"
_SETTING: Final = "alertmanager/setting"
_REFERENCE: Final = "alertmanager/reference"
_SLACK_API: Final = "https://slack.com/api/chat.postMessage"
_ENDPOINT: Final = "/v2/alerts"
_FILE: Final = lazy_pattern(r"\$__file\{([^{}]+)\}")
_NAMED: Final = lazy_pattern(r"\$__env\{([^{}]+)\}")
_WHOLE: Final = frozenset(("chat_id", "message_thread_id"))
_SECONDS: Final = frozenset(("retry", "expire"))


class ReceiverBuilder(Struct, frozen=True):
    """Makes receivers of Alertmanager.

    Attributes:
        settings: the settings of the output.
    """

    settings: AlertmanagerSettings

    def receiver(self, name: str, point: ContactPoint, report: Reporter) -> Json:
        """A receiver; what cannot be in it is reported.

        Args:
            name: its name.
            point: the contact point.
            report: reports at the contact point.
        """
        receiver: Json = {"name": name}
        receivers = receivers_of(point)
        for path, one in receivers:
            at = report.at((*report.path, *path))
            kind = ALERTMANAGER_TYPES.get(one.kind())
            if kind is None or not self._is_served(kind, at):
                if kind is None:
                    message = (
                        f"Alertmanager has no receiver of the type `{one.kind()}`: it notifies nobody there"
                    )
                    at.warn(
                        _RECEIVER, message, (), "add a receiver that it has, such as `webhook:`", key=True
                    )
                continue
            receiver.setdefault(kind.section, []).extend(self._configs(one, kind, at))
        if receivers and len(receiver) == 1:
            message = f"the contact point `{name}` notifies nobody in Alertmanager"
            report.error(
                _RECEIVER, message, (), "add a receiver that Alertmanager has, such as `webhook:`", key=True
            )
        return receiver

    def secret(self, text: str) -> str | None:
        """The path of the file with a secret; None when the reference can be no file."""
        if match := _FILE.fullmatch(text):
            return match[1]
        match = EXPANSION.fullmatch(text)
        named = _NAMED.fullmatch(text)
        name = named[1] if named else (match["bare"] or match["braced"]) if match else None
        return f"{self.settings.secrets.rstrip('/')}/{name}" if name else None

    def _is_served(self, kind: AlertmanagerType, report: Reporter) -> bool:
        if version_of(self.settings) >= kind.since:
            return True
        message = f"Alertmanager {self.settings.version} has no `{kind.section}`; {_shown(kind.since)} has"
        report.warn(_RECEIVER, message, (), "update it, or add a receiver that it has", key=True)
        return False

    def _configs(self, receiver: Receiver, kind: AlertmanagerType, report: Reporter) -> list[Json]:
        config: Json = {"send_resolved": receiver.send_resolved}
        settings = settings_of(receiver)
        single = settings.pop("singleEmail", False)
        for setting, value in _leaves(settings, kind):
            self._set(config, setting, value, kind, _SettingPlace(receiver, setting, report))
        if receiver.kind() == "slack" and "token" in settings:
            config.setdefault("api_url", _SLACK_API)
        if receiver.kind() != "email":
            return [config]
        if not self.settings.smarthost or not self.settings.from_:
            message = "Alertmanager needs a mail server for this"
            example = "alertmanager: {smarthost: smtp.example.com:587, from: alerts@example.com}"
            hint = f"write `{example}` in dashgen.yaml"
            report.error(_RECEIVER, message, (), hint)
        addresses = [part.strip() for part in str(config.get("to", "")).replace("\n", ";").split(";")]
        mails = [", ".join(filter(None, addresses))] if single else list(filter(None, addresses))
        return [{**config, "to": mail} for mail in mails]

    def _set(
        self, config: Json, setting: str, value: Any, kind: AlertmanagerType, spot: "_SettingPlace"
    ) -> None:
        field = kind.secrets.get(setting)
        if field is not None and isinstance(value, str) and is_reference(value):
            path = self.secret(value)
            if path is None:
                spot.error(_REFERENCE, "Alertmanager reads secrets from files only", "write `$NAME`")
            else:
                self._put(config, field, path, spot)
            return
        if setting in kind.lacking:
            if not _is_default(setting, value):
                spot.warn(f"Alertmanager's {kind.section} have no `{spot.word}`", kind.lacking[setting])
            return
        field = kind.fields.get(setting)
        if field is None:
            spot.warn(f"Alertmanager's {kind.section} have no `{spot.word}`", "remove it")
            return
        for text in _texts(value):
            check_text(text, spot)
        self._put(config, field, _converted(field.path, plain_texts(value)), spot)

    def _put(self, config: Json, field: AlertmanagerField, value: Any, spot: "_SettingPlace") -> None:
        if version_of(self.settings) < field.since:
            message = f"Alertmanager {self.settings.version} has no `{field.path}`; {_shown(field.since)} has"
            spot.error(_SETTING, message, "update it, and write its version: `alertmanager: {version: …}`")
            return
        *above, last = field.path.split(".")
        target = config
        for step in above:
            target = target.setdefault(step, {})
        if value is not None:
            target[last] = value


class _SettingPlace(Struct, frozen=True):
    """Where a setting of a receiver is written."""

    receiver: Receiver
    setting: str
    report: Reporter

    @property
    def word(self) -> str:
        """The setting in the words of the spec."""
        return ".".join(self._path()) or self.setting

    def warn(self, message: str, hint: str) -> None:
        """Report what is left out."""
        self.report.warn(_SETTING, f"{message}: it is left out", self._path(), hint)

    def error(self, rule: str, message: str, hint: str) -> None:
        """Report what keeps the receiver from working."""
        self.report.error(rule, message, self._path(), hint)

    def _path(self) -> tuple[str, ...]:
        first, *rest = self.setting.split(".")
        if not isinstance(SpecPart(self.report.resolved, self.report.path).value, dict):
            # Addresses of mails alone.
            return ()
        if first in self.receiver.raw:
            return ("raw", first, *rest)
        own_keys = {theirs: ours.rstrip("_") for ours, theirs in self.receiver.SETTINGS.items()}
        return (own_keys[first], *rest) if first in own_keys else ("settings", first, *rest)


def check_text(text: str, spot: "_SettingPlace") -> None:
    """Report references, which Alertmanager does not expand, and templates that it could not run."""
    reference = next((match[0] for match in references(text) if counts(match)), "")
    if reference:
        message = f"Alertmanager does not expand environment variables, and `{reference}` would stay as it is"
        hint = f"write the value, or `${{{{ env.{reference.strip('${}')} }}}}`, which the build fills in"
        spot.error(_REFERENCE, message, hint)
    for message, hint in template_faults_of(text):
        spot.error("alertmanager/template", message, hint)


def template_faults_of(text: str) -> Iterator[tuple[str, str]]:
    """What of a template only Grafana can run: messages and hints."""
    if "{{" not in text:
        return
    plain = text.replace("$$", "$")
    for fault in check_template(plain, ALERTMANAGER_NOTIFICATION):
        yield fault.message, fault.hint
    for call in parse_template(plain).calls:
        start, _, rest = call.name.partition(".")
        if start == "default" or (rest.startswith("default.") and start not in ALERTMANAGER_DEFAULTS):
            message = f"Alertmanager has no template `{call.name}`, which is one of Grafana's"
            yield message, "define it below `templates:` under another name"


def plain_texts(value: Any) -> Any:
    """The value with one dollar sign for each pair before what looks like a reference."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, Mapping):
        return {key: plain_texts(part) for key, part in value.items()}
    return [plain_texts(part) for part in value] if isinstance(value, list) else value


def _plain(text: str) -> str:
    parts, end = [], 0
    for match in references(text):
        dollars = match["dollars"]
        plain = match[0] if counts(match) else "$" * (len(dollars) // 2) + match[0][len(dollars) :]
        parts += [text[end : match.start()], plain]
        end = match.end()
    return "".join([*parts, text[end:]])


def version_of(settings: AlertmanagerSettings) -> tuple[int, int]:
    """The first two numbers of the version that the output is for."""
    major, minor, *_ = [*map(int, settings.version.split(".")), 0]
    return major, minor


def _shown(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _leaves(settings: Json, kind: AlertmanagerType) -> Iterator[tuple[str, Any]]:
    """The settings; those that fields name with dots one by one."""
    nested = {name.partition(".")[0] for name in (*kind.fields, *kind.secrets, *kind.lacking) if "." in name}
    for name, value in settings.items():
        if name in nested and isinstance(value, Mapping):
            yield from ((f"{name}.{key}", part) for key, part in value.items())
        else:
            yield name, value


def _is_default(setting: str, value: Any) -> bool:
    """Whether a setting says what Alertmanager does anyway."""
    same = {"httpMethod": "POST", "autoClose": True, "sendTagsAs": "details"}
    return value in (False, None, "", []) or same.get(setting) == value


def _converted(path: str, value: Any) -> Any:
    """A setting in the form of Alertmanager's field."""
    last = path.rpartition(".")[2]
    if last in _WHOLE:
        return int(value) if str(value).lstrip("-").isdecimal() else value
    if last in _SECONDS and str(value).isdecimal():
        return f"{value}s"
    if last == "http_headers":
        return {name: {"values": [text]} for name, text in value.items()}
    if last == "parse_mode" and value == "None":
        return ""
    if last == "api_url":
        # Grafana's settings have the whole address of Opsgenie's endpoint.
        endpoint = str(value).rstrip("/")
        return f"{endpoint.removesuffix(_ENDPOINT)}/" if endpoint.endswith(_ENDPOINT) else value
    if path == "priority" and isinstance(value, bool):
        return "{{ .CommonLabels.og_priority }}" if value else None
    return value
