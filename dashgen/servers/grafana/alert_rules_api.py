"""Alert and recording rules; a group is read and written as a whole."""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import PROVISIONING, checked_uid, route
from dashgen.servers.grafana.collection import kept_provenance
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    GrafanaError,
    OutcomeUnknownError,
    RefusedError,
)
from dashgen.servers.grafana.managers import Marks
from dashgen.servers.grafana.preconditions import require_unchanged
from dashgen.servers.grafana.rule_forms import fingerprint, first_difference
from dashgen.servers.grafana.rule_resources import RuleResource
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import integer, objects, text


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules that are evaluated together, every ``interval`` seconds.

    ``marks`` tell who manages any of them, which only a listing has, and ``resources`` has each rule as it
    was read over the API that has a resource for each; empty where it was read over the other one.
    """

    folder_uid: str
    title: str
    interval: int
    rules: tuple[Json, ...] = field(repr=False)
    marks: Marks = field(default=Marks(), compare=False)
    resources: dict[str, RuleResource] = field(default_factory=dict, compare=False, repr=False)

    @property
    def subject(self) -> str:
        """The group in messages."""
        return f"rule group `{self.title}` in folder `{self.folder_uid}`"

    @property
    def fingerprint(self) -> str:
        """Equal for groups that do the same, whatever the server fills in."""
        return fingerprint(self.interval, self.rules)

    @property
    def uids(self) -> tuple[str, ...]:
        """The uids of the rules."""
        return tuple(text(rule, "uid") for rule in self.rules)


class AlertRulesApi:
    """Reads and writes rule groups.

    Args:
        session: the connection.
        headers: further headers of each write.
    """

    def __init__(self, session: Session, headers: Mapping[str, str]) -> None:
        self._session = session
        self._headers = headers

    def list_all(self) -> list[Json]:
        """Every rule of every group, with its ``provenance``; without the groups' intervals."""
        return self._session.read(route(*PROVISIONING, "alert-rules"), "the alert rules").listing()

    def groups(self, folder_uids: Iterable[str] | None = None) -> list[RuleGroup]:
        """The groups, all or those in some folders."""
        within = None if folder_uids is None else set(folder_uids)
        provenances: dict[tuple[str, str], str] = {}
        for rule in self.list_all():
            group_key = text(rule, "folderUID"), text(rule, "ruleGroup")
            if within is None or group_key[0] in within:
                provenances[group_key] = provenances.get(group_key) or text(rule, "provenance")
        # A listing of rules lacks the interval of their groups, so each group is read by itself.
        live_groups = self._session.map(lambda group_key: self.get(*group_key), provenances)
        groups = [group for group in live_groups if group is not None]
        marks = {group_key: Marks.of_provenance(by) for group_key, by in provenances.items()}
        return [replace(group, marks=marks[group.folder_uid, group.title]) for group in groups]

    def get(self, folder_uid: str, title: str) -> RuleGroup | None:
        """One group, or nothing when there is none."""
        reply = self._session.read_or_none(_group_path(folder_uid, title), f"rule group `{title}`")
        if reply is None:
            return None
        data = reply.mapping()
        return RuleGroup(folder_uid, title, integer(data, "interval"), tuple(objects(data, "rules")))

    def rule(self, uid: str) -> Json | None:
        """One rule with its provenance, or nothing when there is none."""
        path = route(*PROVISIONING, "alert-rules", checked_uid(uid))
        reply = self._session.read_or_none(path, f"alert rule `{uid}`")
        return None if reply is None else reply.mapping()

    def put(
        self,
        group: RuleGroup,
        expected: RuleGroup | None,
        *,
        makes_rules: bool = True,
        moving: Mapping[str, str] | None = None,
    ) -> RuleGroup:
        """Write a whole group, when it is still as it was read, and read it back.

        Args:
            group: as it should be; rules that are not in it are deleted.
            expected: as it was read, or nothing when there was none.
            makes_rules: whether Grafana makes the rules of a group that it does not know; else they are made
                before.
            moving: the rules that may be taken from another group, by uid: ``FOLDER/GROUP``. Grafana moves
                them, with their state and history.

        Raises:
            ConflictError: when the group was changed since, a rule of it belongs elsewhere, or a file manages
                it.
            RefusedError: when Grafana does not take it, or stores something else than was sent.
        """
        self._require_unchanged(group, expected)
        self._require_own_rules(group, expected, moving or {})
        rules = [{**rule, "ruleGroup": group.title, "folderUID": group.folder_uid} for rule in group.rules]
        own_uids = {*(expected.uids if expected else ()), *(moving or {})}
        new_uids = [] if makes_rules else self._create_rules(rules, own_uids)
        try:
            return self._put_whole(group, rules, expected)
        except OutcomeUnknownError:
            # The group may be stored, with the new rules in it.
            raise
        except GrafanaError:
            self._delete_rules(new_uids)
            raise

    def _put_whole(self, group: RuleGroup, rules: list[Json], expected: RuleGroup | None) -> RuleGroup:
        body = {
            "title": group.title,
            "folderUid": group.folder_uid,
            "interval": group.interval,
            "rules": rules,
        }
        path = _group_path(group.folder_uid, group.title)
        headers = self._headers_over(expected)
        change = WriteRequest("PUT", path, group.subject, body, headers=headers)

        def is_stored() -> bool:
            live_group = self.get(group.folder_uid, group.title)
            return live_group is not None and live_group.fingerprint == group.fingerprint

        self._session.write_verified(change, is_stored)
        # Grafana answers with success also where it stores another value than was sent, so look.
        try:
            live_group = self.get(group.folder_uid, group.title)
        except GrafanaError as error:
            raise OutcomeUnknownError(group.subject, error) from error
        if live_group is None or live_group.fingerprint != group.fingerprint:
            raise RefusedError(
                f"Grafana stored {group.subject} differently: {_difference(group, live_group)}"
            )
        return live_group

    def _create_rules(self, rules: Iterable[Json], existing_uids: Container[str]) -> list[str]:
        """Create one by one the rules of a group that are not there yet, and return their uids.

        Raises:
            GrafanaError: one of them is refused; then none of them is left.
        """
        new_uids: list[str] = []
        for rule in rules:
            uid = text(rule, "uid")
            if not uid or uid in existing_uids:
                continue
            try:
                self._create_rule(uid, rule)
            except GrafanaError:
                self._delete_rules(new_uids)
                raise
            new_uids.append(uid)
        return new_uids

    def _create_rule(self, uid: str, rule: Json) -> None:
        path = route(*PROVISIONING, "alert-rules")
        change = WriteRequest("POST", path, f"alert rule `{uid}`", rule, headers=self._headers)
        self._session.write_verified(change, lambda: self.rule(uid) is not None)

    def _delete_rules(self, uids: Iterable[str]) -> None:
        """Delete rules that were created for a group which was then refused."""
        for uid in uids:
            path = route(*PROVISIONING, "alert-rules", checked_uid(uid))
            # The refusal of the group is the error to report; a rule that stays is shown by the next diff.
            with suppress(GrafanaError):
                self._session.write(
                    WriteRequest("DELETE", path, f"alert rule `{uid}`", headers=self._headers)
                )

    def delete(self, expected: RuleGroup) -> None:
        """Delete a group, when it is still as it was read; fine when it is gone already."""
        folder_uid, title = expected.folder_uid, expected.title
        if self.get(folder_uid, title) is None:
            return
        self._require_unchanged(expected, expected)
        path = _group_path(folder_uid, title)
        deletion = WriteRequest("DELETE", path, expected.subject, headers=self._headers_over(expected))
        self._session.delete(deletion, lambda: self.get(folder_uid, title) is None)

    def _headers_over(self, expected: RuleGroup | None) -> Mapping[str, str]:
        """The headers of a write over a group: the mark of a tool that lets others write stays."""
        is_marked = expected is not None and expected.marks == Marks.of_provenance("api")
        return kept_provenance(self._headers, "api" if is_marked else "")

    def _require_unchanged(self, group: RuleGroup, expected: RuleGroup | None) -> None:
        live_group = self.get(group.folder_uid, group.title)
        before, now = expected and expected.fingerprint, live_group and live_group.fingerprint
        require_unchanged(group.subject, before, now)

    def _require_own_rules(
        self, group: RuleGroup, expected: RuleGroup | None, moving: Mapping[str, str]
    ) -> None:
        """Refuse uids of other groups and of files.

        Grafana would silently take the rules out of the other groups, and refuses those of files without a
        reason.
        """
        uids = [uid for uid in group.uids if uid]
        own_uids = set(expected.uids) if expected else set()
        for uid, rule in zip(uids, self._session.map(self.rule, uids), strict=True):
            if rule is None:
                continue
            current_group = f"{text(rule, 'folderUID')}/{text(rule, 'ruleGroup')}"
            if uid not in own_uids and moving.get(uid) != current_group:
                location = f"group `{text(rule, 'ruleGroup')}` in folder `{text(rule, 'folderUID')}`"
                message = f"alert rule `{uid}` exists already, in {location}"
                raise ConflictError(message, kind=ConflictKind.EXISTS, hint="give yours another uid")
            if (by := text(rule, "provenance")) not in {"", "api"}:
                message = f"alert rule `{uid}` is managed by {'provisioning files' if by == 'file' else by}"
                raise ConflictError(message, kind=ConflictKind.MANAGED)


def _group_path(folder_uid: str, title: str) -> str:
    return route(*PROVISIONING, "folder", checked_uid(folder_uid), "rule-groups", title)


def _difference(group: RuleGroup, stored_group: RuleGroup | None) -> str:
    if stored_group is None:
        return "it is not there"
    if stored_group.interval != group.interval:
        return f"its interval is {stored_group.interval} s"
    if len(stored_group.rules) != len(group.rules):
        return f"it has {len(stored_group.rules)} rules"
    for sent_rule, stored in zip(group.rules, stored_group.rules, strict=True):
        if field_name := first_difference(sent_rule, stored):
            return f"`{field_name}` of rule `{text(sent_rule, 'uid') or text(sent_rule, 'title')}`"
    return "its rules are in another order"
