"""Rules over ``/apis/rules.alerting.grafana.app`` of Grafana 13 and newer: a resource for each rule.

What the API cannot do is done over the provisioning API, which writes a group as a whole (Grafana 13.3,
apps/alerting/rules/pkg/app/util/group_validation.go and pkg/services/ngalert/provisioning/alert_rules.go):

- a rule that is created may name no group, and one without a group can never get one;
- the interval of a rule in a group stays as it is, whatever is sent;
- the order of a group is a number in each of its rules, so that changing it takes a request for each.

A rule that changes, or is deleted, is written by itself: rules beside it that somebody else changes meanwhile
are not touched. The resourceVersion goes along; before 13.3 Grafana takes any
(pkg/registry/apps/alerting/rules/alertrule/legacy_storage.go), so each write reads the rule once more and
compares.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from dashgen.core.json_values import Json
from dashgen.servers.grafana.alert_rules_api import AlertRulesApi, RuleGroup
from dashgen.servers.grafana.api_paths import checked_name, checked_uid, route
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    ForbiddenError,
    GrafanaError,
    OutcomeUnknownError,
    RefusedError,
)
from dashgen.servers.grafana.managers import Marks
from dashgen.servers.grafana.paging import object_pages
from dashgen.servers.grafana.preconditions import delete_options
from dashgen.servers.grafana.rule_forms import comparable, first_difference
from dashgen.servers.grafana.rule_resources import (
    KINDS,
    RULES_GROUP,
    RuleResource,
    plural_of,
    read_rule,
    resource_of,
)
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import objects, text

_PAGE = 200
_FOLDER_LABEL = "grafana.app/folder"
T = TypeVar("T")


class RuleResources:
    """Reads and writes the resources of single rules.

    Args:
        session: the connection.
        version: the version of the API to speak, such as ``v1beta1``.
        namespace: the namespace of the organization.
    """

    def __init__(self, session: Session, version: str, namespace: str) -> None:
        self._session = session
        self._version = checked_name(version)
        self._namespace = checked_name(namespace)

    def list_all(self, folder_uid: str = "") -> list[RuleResource]:
        """Every rule of both kinds, or those in a folder."""
        listings = self._session.map(lambda plural: self._list(plural, folder_uid), KINDS)
        return [resource for listing in listings for resource in listing]

    def _list(self, plural: str, folder_uid: str) -> list[RuleResource]:
        # Grafana 13.0 takes a selector and does not look at it.
        selector = {"labelSelector": f"{_FOLDER_LABEL}={folder_uid}"} if folder_uid else {}
        query = {"limit": str(_PAGE), **selector}
        pages = object_pages(self._session, self._path(plural), "alert rules", query=query)
        resources = [read_rule(item, plural) for page in pages for item in objects(page, "items")]
        return [one for one in resources if folder_uid in ("", one.place[0])]

    def get(self, uid: str, plural: str) -> RuleResource | None:
        """One rule, or nothing when there is none of this kind."""
        reply = self._session.read_or_none(self._path(plural, checked_uid(uid)), f"alert rule `{uid}`")
        return None if reply is None else read_rule(reply.mapping(), plural)

    def update(self, rule: Json, expected: RuleResource) -> None:
        """Replace a rule, when it is still as it was read.

        Raises:
            ConflictError: it was changed since, or is managed by somebody else now.
            RefusedError: Grafana does not take it, or stores something else than was sent.
        """
        live = self._unchanged(expected)
        subject = _subject(rule)
        path = self._path(live.plural, checked_uid(live.uid))
        body = resource_of(rule, live, self._version)

        def is_stored() -> bool:
            stored = self.get(live.uid, live.plural)
            return stored is not None and comparable(stored.rule) == comparable(rule)

        self._session.write_verified(WriteRequest("PUT", path, subject, body), is_stored)
        # Grafana answers with success also where it stores another value than was sent, so look.
        try:
            stored = self.get(live.uid, live.plural)
        except GrafanaError as error:
            raise OutcomeUnknownError(subject, error) from error
        if stored is None or comparable(stored.rule) != comparable(rule):
            where = f"`{first_difference(rule, stored.rule)}`" if stored else "it is not there"
            raise RefusedError(f"Grafana stored {subject} differently: {where}")

    def delete(self, expected: RuleResource) -> None:
        """Delete a rule, when it is still as it was read; fine when it is gone already.

        Raises:
            ConflictError: it was changed since, is managed by somebody else now, or is in use.
        """
        if self.get(expected.uid, expected.plural) is None:
            return
        live = self._unchanged(expected)
        options = delete_options(text(live.metadata, "resourceVersion"))
        path = self._path(live.plural, checked_uid(live.uid))
        change = WriteRequest("DELETE", path, _subject(live.rule), options)
        self._session.delete(change, lambda: self.get(live.uid, live.plural) is None)

    def _unchanged(self, expected: RuleResource) -> RuleResource:
        """The rule as it is now, which has to be as it was read.

        Its version alone does not tell: Grafana counts it up for each rule of a group when one is changed.

        Raises:
            ConflictError: it is not.
        """
        subject = _subject(expected.rule)
        live = self.get(expected.uid, expected.plural)
        if live is None:
            raise ConflictError(f"{subject} was deleted in the meantime", kind=ConflictKind.VERSION)
        if live.marks != expected.marks and (manager := live.marks.manager):
            raise ConflictError(
                f"{subject} is managed by {manager}", kind=ConflictKind.MANAGED, hint=manager.way
            )
        if live.place != expected.place:
            location = f"group `{live.place[1]}` in folder `{live.place[0]}`"
            raise ConflictError(f"{subject} was moved to {location}", kind=ConflictKind.VERSION)
        if comparable(live.rule) != comparable(expected.rule):
            hint = "look at the change with `dashgen diff`"
            raise ConflictError(
                f"{subject} was changed in the meantime", kind=ConflictKind.VERSION, hint=hint
            )
        return live

    def _path(self, plural: str, *name: str) -> str:
        return route("apis", RULES_GROUP, self._version, "namespaces", self._namespace, plural, *name)


class KubernetesAlertRules(AlertRulesApi):
    """Rule groups over the API that has a resource for each rule, and over the other one where needed.

    Args:
        session: the connection.
        headers: further headers of each write over the provisioning API.
        version: the version of the API to speak, such as ``v1beta1``.
        namespace: the namespace of the organization.
    """

    def __init__(self, session: Session, headers: Mapping[str, str], version: str, namespace: str) -> None:
        super().__init__(session, headers)
        self._resources = RuleResources(session, version, namespace)
        self._barred = False

    def list_all(self) -> list[Json]:
        """Every rule with its folder, its group, if it is in one, and its ``provenance``."""
        listing = self._readable(self._resources.list_all)
        return super().list_all() if listing is None else [resource.rule for resource in listing]

    def groups(self, folder_uids: Iterable[str] | None = None) -> list[RuleGroup]:
        """The groups, all or those in some folders, from one listing; rules without a group are in none."""
        listing = self._readable(self._resources.list_all)
        if listing is None:
            return super().groups(folder_uids)
        within = None if folder_uids is None else set(folder_uids)
        return _grouped(one for one in listing if within is None or one.place[0] in within)

    def get(self, folder_uid: str, title: str) -> RuleGroup | None:
        """One group, or nothing when there is none."""
        listing = self._readable(lambda: self._resources.list_all(checked_uid(folder_uid)))
        if listing is None:
            return super().get(folder_uid, title)
        groups = _grouped(one for one in listing if one.place == (folder_uid, title))
        return groups[0] if groups else None

    def put(
        self,
        group: RuleGroup,
        expected: RuleGroup | None,
        *,
        makes_rules: bool = True,
        moving: Mapping[str, str] | None = None,
    ) -> RuleGroup:
        """Write what differs of a group: single rules where that is possible, else the group as a whole.

        Args:
            group: as it should be; rules that are not in it are deleted.
            expected: as it was read, or nothing when there was none.
            makes_rules: as of the provisioning API.
            moving: as of the provisioning API.

        Raises:
            ConflictError: a rule that is written was changed since, belongs elsewhere, or is managed by
                somebody else.
            RefusedError: Grafana does not take it, or stores something else than was sent.
        """
        by_rule = expected is not None and not self._barred and _is_rule_by_rule(group, expected)
        if expected is None or not by_rule or not self._writable(lambda: self._put_rules(group, expected)):
            return super().put(group, expected, makes_rules=makes_rules, moving=moving)
        live = self.get(group.folder_uid, group.title)
        if live is None and group.rules:
            raise RefusedError(f"Grafana did not keep {group.subject}")
        return live or group

    def _put_rules(self, group: RuleGroup, expected: RuleGroup) -> None:
        rules_by_uid = {text(rule, "uid"): rule for rule in group.rules}
        # Deletions first: a title may go from one rule to another.
        for uid, resource in expected.resources.items():
            if uid not in rules_by_uid:
                self._resources.delete(resource)
        for uid, resource in expected.resources.items():
            if uid in rules_by_uid and comparable(rules_by_uid[uid]) != comparable(resource.rule):
                self._resources.update(rules_by_uid[uid], resource)

    def delete(self, expected: RuleGroup) -> None:
        """Delete each rule of a group, when the group is still as it was read; fine when it is gone already.

        Raises:
            ConflictError: it was changed since.
        """
        is_listed = bool(expected.resources) and not self._barred
        if not is_listed or not self._writable(lambda: self._delete_rules_of(expected)):
            super().delete(expected)

    def _delete_rules_of(self, expected: RuleGroup) -> None:
        if self.get(expected.folder_uid, expected.title) is None:
            return
        self._require_unchanged(expected, expected)
        for resource in expected.resources.values():
            self._resources.delete(resource)

    def _writable(self, write: Callable[[], None]) -> bool:
        """Write; false for an account with permissions for the provisioning API only."""
        try:
            write()
        except ForbiddenError:
            self._barred = True
            return False
        return True

    def _readable(self, read: Callable[[], T]) -> T | None:
        """What is read; nothing for an account with permissions for the provisioning API only."""
        if self._barred:
            return None
        try:
            return read()
        except ForbiddenError:
            # From now on the other API is used; its refusal is final.
            self._barred = True
            return None


def _grouped(resources: Iterable[RuleResource]) -> list[RuleGroup]:
    members: dict[tuple[str, str], list[RuleResource]] = {}
    for resource in resources:
        if resource.place[1]:
            members.setdefault(resource.place, []).append(resource)
    return [_group(*key, sorted(some, key=_number)) for key, some in members.items()]


def _number(resource: RuleResource) -> tuple[int, str]:
    return resource.index, resource.uid


def _group(folder_uid: str, title: str, resources: list[RuleResource]) -> RuleGroup:
    return RuleGroup(
        folder_uid,
        title,
        resources[0].interval,
        tuple(one.rule for one in resources),
        marks=next((one.marks for one in resources if one.marks.manager), Marks()),
        resources={one.uid: one for one in resources},
    )


def _is_rule_by_rule(group: RuleGroup, expected: RuleGroup) -> bool:
    """Whether single rules can be written: none is new, moved or of another kind, the interval is equal."""
    if not expected.resources or group.interval != expected.interval or not group.rules:
        return False
    remaining = [uid for uid in expected.uids if uid in group.uids]
    titles = {text(rule, "title"): text(rule, "uid") for rule in expected.rules}
    # Written one after the other, two rules could have one title for a moment, which older versions refuse.
    if any(titles.get(text(rule, "title"), text(rule, "uid")) != text(rule, "uid") for rule in group.rules):
        return False
    kinds = {uid: resource.plural for uid, resource in expected.resources.items()}
    return list(group.uids) == remaining and all(
        plural_of(rule) == kinds[text(rule, "uid")] for rule in group.rules
    )


def _subject(rule: Json) -> str:
    return f"alert rule `{text(rule, 'title') or text(rule, 'uid')}`"
