"""Alert and recording rules; a group is read and written as a whole."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
)
from dashgen.servers.grafana.preconditions import require_unchanged
from dashgen.servers.grafana.rule_forms import fingerprint, first_difference
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, objects, text

_BASE = ("api", "v1", "provisioning")
EDITABLE_HEADER = {"X-Disable-Provenance": "true"}


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules that are evaluated together, every ``interval`` seconds.

    ``provenance`` says who manages any of them; only a listing tells it.
    """

    folder_uid: str
    title: str
    interval: int
    rules: tuple[dict[str, Any], ...] = field(repr=False)
    provenance: str = field(default="", compare=False)

    @property
    def subject(self) -> str:
        """The group in words."""
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
        editable: whether people may edit the rules in Grafana; all writes say the same, because Grafana
            refuses to change it back.
    """

    def __init__(self, session: Session, *, editable: bool = True) -> None:
        self._session = session
        self._headers = EDITABLE_HEADER if editable else {}

    def list_all(self) -> list[dict[str, Any]]:
        """Every rule of every group, with its ``provenance``; without the groups' intervals."""
        return self._session.read(route(*_BASE, "alert-rules"), "the alert rules").listing()

    def groups(self, folder_uids: Iterable[str] | None = None) -> list[RuleGroup]:
        """The groups, all or those in some folders."""
        within = None if folder_uids is None else set(folder_uids)
        managed: dict[tuple[str, str], str] = {}
        for rule in self.list_all():
            place = text(rule, "folderUID"), text(rule, "ruleGroup")
            if within is None or place[0] in within:
                managed[place] = managed.get(place) or text(rule, "provenance")
        found = self._session.map(lambda place: self.get(*place), managed)
        groups = [group for group in found if group is not None]
        return [replace(group, provenance=managed[group.folder_uid, group.title]) for group in groups]

    def get(self, folder_uid: str, title: str) -> RuleGroup | None:
        """One group, or nothing when there is none."""
        try:
            data = self._session.read(_place(folder_uid, title), f"rule group `{title}`").mapping()
        except NotFoundError:
            return None
        return RuleGroup(folder_uid, title, integer(data, "interval"), tuple(objects(data, "rules")))

    def rule(self, uid: str) -> dict[str, Any] | None:
        """One rule with its provenance, or nothing when there is none."""
        try:
            path = route(*_BASE, "alert-rules", checked_uid(uid))
            return self._session.read(path, f"alert rule `{uid}`").mapping()
        except NotFoundError:
            return None

    def put(self, group: RuleGroup, expected: RuleGroup | None, *, makes_rules: bool = True) -> RuleGroup:
        """Write a whole group, when it is still as it was read, and read it back.

        Args:
            group: as it should be; rules that are not in it are deleted.
            expected: as it was read, or nothing when there was none.
            makes_rules: whether Grafana makes the rules of a group that it does not know; else they are made before.

        Raises:
            ConflictError: when the group was changed since, a rule of it belongs elsewhere, or a file manages it.
            RefusedError: when Grafana does not take it, or stores something else than was sent.
        """
        self._require(group, expected)
        self._require_own(group, expected)
        rules = [{**rule, "ruleGroup": group.title, "folderUID": group.folder_uid} for rule in group.rules]
        made = [] if makes_rules else self._make_rules(rules, expected)
        try:
            return self._put_whole(group, rules)
        except OutcomeUnknownError:
            raise
        except GrafanaError:
            self._take_back(made)
            raise

    def _put_whole(self, group: RuleGroup, rules: list[dict[str, Any]]) -> RuleGroup:
        body = {
            "title": group.title,
            "folderUid": group.folder_uid,
            "interval": group.interval,
            "rules": rules,
        }
        change = WriteRequest(
            "PUT", _place(group.folder_uid, group.title), group.subject, body, headers=self._headers
        )

        def stored() -> RuleGroup | None:
            found = self.get(group.folder_uid, group.title)
            return found if found and found.fingerprint == group.fingerprint else None

        write_or_verify(lambda: self._session.write(change), stored, self._session.pause)
        try:
            found = self.get(group.folder_uid, group.title)
        except GrafanaError as error:
            raise OutcomeUnknownError(group.subject, error) from error
        if found is None or found.fingerprint != group.fingerprint:
            raise RefusedError(f"Grafana stored {group.subject} differently: {_difference(group, found)}")
        return found

    def _make_rules(self, rules: Iterable[dict[str, Any]], expected: RuleGroup | None) -> list[str]:
        """Make the rules of a group one by one that are not there yet; their uids.

        Raises:
            GrafanaError: one of them is refused; then none of them is left.
        """
        known = set(expected.uids) if expected else set()
        made: list[str] = []
        for rule in rules:
            uid = text(rule, "uid")
            if not uid or uid in known:
                continue
            change = WriteRequest(
                "POST", route(*_BASE, "alert-rules"), f"alert rule `{uid}`", rule, headers=self._headers
            )
            try:
                write_or_verify(
                    partial(self._session.write, change), partial(self._stored, uid), self._session.pause
                )
            except GrafanaError:
                self._take_back(made)
                raise
            made.append(uid)
        return made

    def _stored(self, uid: str) -> dict[str, Any] | None:
        return self.rule(uid)

    def _take_back(self, uids: Iterable[str]) -> None:
        """Delete rules that were made for a group which was then refused."""
        for uid in uids:
            with suppress(GrafanaError):
                path = route(*_BASE, "alert-rules", checked_uid(uid))
                self._session.write(
                    WriteRequest("DELETE", path, f"alert rule `{uid}`", headers=self._headers)
                )

    def delete(self, expected: RuleGroup) -> None:
        """Delete a group, when it is still as it was read; fine when it is gone already."""
        found = self.get(expected.folder_uid, expected.title)
        if found is None:
            return
        self._require(expected, expected)
        place = _place(expected.folder_uid, expected.title)

        def delete() -> bool:
            self._session.write(WriteRequest("DELETE", place, expected.subject, headers=self._headers))
            return True

        def gone() -> bool | None:
            return True if self.get(expected.folder_uid, expected.title) is None else None

        write_or_verify(delete, gone, self._session.pause)

    def _require(self, group: RuleGroup, expected: RuleGroup | None) -> None:
        found = self.get(group.folder_uid, group.title)
        before, now = expected and expected.fingerprint, found and found.fingerprint
        require_unchanged(group.subject, before, now)

    def _require_own(self, group: RuleGroup, expected: RuleGroup | None) -> None:
        """Grafana would silently take rules out of other groups, and refuses those of files without a reason."""
        uids = [uid for uid in group.uids if uid]
        known = set(expected.uids) if expected else set()
        for uid, rule in zip(uids, self._session.map(self.rule, uids), strict=True):
            if rule is None:
                continue
            if uid not in known:
                place = f"group `{text(rule, 'ruleGroup')}` in folder `{text(rule, 'folderUID')}`"
                message = f"alert rule `{uid}` exists already, in {place}"
                raise ConflictError(message, kind=ConflictKind.EXISTS, hint="give yours another uid")
            if (by := text(rule, "provenance")) not in {"", "api"}:
                message = f"alert rule `{uid}` is managed by {'provisioning files' if by == 'file' else by}"
                raise ConflictError(message, kind=ConflictKind.MANAGED)


def _place(folder_uid: str, title: str) -> str:
    return route(*_BASE, "folder", checked_uid(folder_uid), "rule-groups", title)


def _difference(group: RuleGroup, found: RuleGroup | None) -> str:
    if found is None:
        return "it is not there"
    if found.interval != group.interval:
        return f"its interval is {found.interval} s"
    if len(found.rules) != len(group.rules):
        return f"it has {len(found.rules)} rules"
    for wanted, stored in zip(group.rules, found.rules, strict=True):
        if field_name := first_difference(wanted, stored):
            return f"`{field_name}` of rule `{text(wanted, 'uid') or text(wanted, 'title')}`"
    return "its rules are in another order"
