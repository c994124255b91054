"""Notifications over ``/apis/notifications.alerting.grafana.app``, which Grafana 13 and newer is used with.

Each write reads once more just before and refuses to go on when the content is not as the caller read it, and
sends the resourceVersion of that reading, so that Grafana refuses what was changed in between too. Objects
are looked up by their titles in a listing: names are made from titles (`NameToUid` in
pkg/services/ngalert/notifier/legacy_storage/compat.go: base64), and need not stay so.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import ClassVar, Final

from dashgen.core.json_values import Json
from dashgen.servers.grafana import notification_objects as forms
from dashgen.servers.grafana.api_paths import checked_name, route
from dashgen.servers.grafana.collection import Content
from dashgen.servers.grafana.notification_objects import NOTIFICATIONS_GROUP, PROVENANCE, ROUTING_TREE
from dashgen.servers.grafana.notifications_api import (
    Item,
    NotificationCollection,
    is_stored,
    secrets_of,
)
from dashgen.servers.grafana.preconditions import delete_options, is_unchanged, require_unchanged
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import mapping, objects, text
from dashgen.servers.http.secret import Secret

NOTIFICATION_OBJECTS_SINCE: Final = 13
"""The first Grafana whose Kubernetes-style API of notifications is used."""
NOTIFICATION_VERSIONS: Final = ("v1beta1", "v0alpha1")
"""The versions of that API that dashgen knows, the better one first."""


class ObjectApi:
    """The objects of one kind in a namespace.

    Args:
        session: the connection.
        version: the version of the API, such as ``v1beta1``.
        namespace: the namespace of the organization.
        editable: whether people may edit in Grafana what is made.
    """

    def __init__(self, session: Session, version: str, namespace: str, *, editable: bool) -> None:
        self.session = session
        self._version = checked_name(version)
        self._namespace = checked_name(namespace)
        self._editable = editable

    def path(self, plural: str, name: str = "") -> str:
        """The path of a kind, or of one object of it."""
        base = ("apis", NOTIFICATIONS_GROUP, self._version, "namespaces", self._namespace, plural)
        return route(*base, *((name,) if name else ()))

    def body(self, kind: str, spec: Json, stored: Json | None, name: str = "") -> Json:
        """An object as it is sent.

        Args:
            kind: its kind.
            spec: its content.
            stored: the object that it replaces, whose name, version and annotations go along; None for a new
                one.
            name: the name of a new one, where Grafana does not make it.
        """
        old = mapping(stored, "metadata")
        annotations = dict(mapping(old, "annotations"))
        if not self._editable and annotations.get(PROVENANCE, "none") in ("", "none"):
            annotations[PROVENANCE] = "api"
        metadata: Json = {"namespace": self._namespace}
        metadata |= {"annotations": annotations} if annotations else {}
        for key in ("name", "resourceVersion", "uid"):
            if old.get(key):
                metadata[key] = old[key]
        if name:
            metadata["name"] = name
        return {
            "apiVersion": f"{NOTIFICATIONS_GROUP}/{self._version}",
            "kind": kind,
            "metadata": metadata,
            "spec": spec,
        }

    def serves(self, plural: str) -> bool:
        """Whether the API has a kind; one that is not there answers a listing with 404."""
        return self.session.read_or_none(self.path(plural), f"the {plural}") is not None

    def list_all(self, plural: str, subject: str) -> list[Json]:
        """Every object of a kind."""
        return objects(self.session.read(self.path(plural), subject).mapping(), "items")

    def delete(self, plural: str, stored: Json, subject: str, is_gone: Callable[[], bool]) -> None:
        """Delete an object, if it is still the one that was read."""
        metadata = mapping(stored, "metadata")
        options = delete_options(text(metadata, "resourceVersion"))
        path = self.path(plural, text(metadata, "name"))
        self.session.delete(WriteRequest("DELETE", path, subject, options), is_gone)


class ObjectCollection(NotificationCollection):
    """Things of one kind that are objects of their own, or parts of such.

    Attributes:
        plural: the kind in paths.
        kind: the kind in objects.
    """

    plural: ClassVar[str]
    kind: ClassVar[str]
    key: ClassVar[str] = "name"
    base: ClassVar[tuple[str, ...]] = ()

    def __init__(self, api: ObjectApi) -> None:
        super().__init__(api.session)
        self._api = api

    @abstractmethod
    def items(self, stored: Json) -> Iterable[Item]:
        """The things in one object."""

    @abstractmethod
    def spec(self, content: Content, stored: Json | None) -> Json:
        """The ``spec`` of an object with this content in it."""

    def list_all(self) -> list[Item]:
        """All of them, in the order of the server."""
        return [item for stored in self._objects() for item in self.items(stored)]

    def get(self, key: str) -> Item | None:
        """One of them, or nothing when there is none."""
        return self._find(key)[1]

    def create(self, content: Content) -> None:
        """Add one.

        Raises:
            ConflictError: its uid or name is taken.
        """
        subject = self.subject(content)
        require_unchanged(subject, None, self.get(text(content, self.key)))
        self._save(content, self.container(content))

    def update(self, content: Content, expected: Item) -> None:
        """Replace one, when it is still as it was read.

        Raises:
            ConflictError: it was changed since.
        """
        stored, current = self._find(text(expected, self.key))
        require_unchanged(self.subject(content), expected, current)
        self._save(content, stored)

    def delete(self, expected: Item) -> None:
        """Delete one, when it is still as it was read; fine when it is gone already.

        Raises:
            ConflictError: it was changed since.
        """
        key = text(expected, self.key)
        stored, current = self._find(key)
        if stored is None or current is None:
            return
        require_unchanged(self.subject(expected), expected, current)
        self._remove(stored, current)

    def container(self, content: Content) -> Json | None:
        """The object that a new thing becomes a part of; None for one of its own."""
        del content
        return None

    def name(self, content: Content) -> str:
        """The name of a new object, where Grafana does not make it."""
        del content
        return ""

    def _objects(self) -> list[Json]:
        return self._api.list_all(self.plural, f"the {self.noun}s")

    def _find(self, key: str) -> tuple[Json | None, Item | None]:
        """A thing and the object that it is in."""
        pairs = ((stored, item) for stored in self._objects() for item in self.items(stored))
        return next(((stored, item) for stored, item in pairs if text(item, self.key) == key), (None, None))

    def _save(self, content: Content, stored: Json | None) -> None:
        body = self._api.body(
            self.kind, self.spec(content, stored), stored, self.name(content) if stored is None else ""
        )
        self._write(content, stored, body)

    def _write(self, content: Content, stored: Json | None, body: Json) -> None:
        key = text(content, self.key)

        def is_done() -> bool:
            live = self.get(key)
            return live is not None and is_stored(live, content)

        path = self._api.path(self.plural, text(mapping(stored, "metadata"), "name") if stored else "")
        method = "PUT" if stored else "POST"
        change = WriteRequest(method, path, self.subject(content), body, secrets=self.secrets(content))
        self._api.session.write_verified(change, is_done)

    def _remove(self, stored: Json, item: Item) -> None:
        key = text(item, self.key)
        self._api.delete(self.plural, stored, self.subject(item), lambda: self.get(key) is None)


class Receivers(ObjectCollection):
    """Integrations of contact points: parts of receivers, whose title is the name of the contact point."""

    noun: ClassVar[str] = "contact point"
    plural: ClassVar[str] = "receivers"
    kind: ClassVar[str] = "Receiver"
    key: ClassVar[str] = "uid"

    def items(self, stored: Json) -> Iterable[Item]:
        """The integrations of a receiver."""
        return forms.integrations(stored)

    def subject(self, content: Content) -> str:
        """The integration with its contact point: uids mean nothing to people."""
        return f"`{text(content, 'type')}` of contact point `{text(content, 'name')}`"

    def secrets(self, content: Content) -> tuple[Secret, ...]:
        """The settings whose names are those of secrets."""
        return secrets_of(content)

    def container(self, content: Content) -> Json | None:
        """The receiver with the name of the contact point."""
        name = text(content, "name")
        return next((one for one in self._objects() if text(mapping(one, "spec"), "title") == name), None)

    def update(self, content: Content, expected: Item) -> None:
        """Replace an integration, which may change its contact point.

        Raises:
            ConflictError: it was changed since.
        """
        stored, current = self._find(text(expected, "uid"))
        require_unchanged(self.subject(content), expected, current)
        if stored is None or text(content, "name") == text(expected, "name"):
            self._save(content, stored)
            return
        target = self.container(content)
        if target is None and len(objects(mapping(stored, "spec"), "integrations")) == 1:
            # A contact point with another name: Grafana renames it in policies and rules too.
            self._save(content, stored)
            return
        self._remove(stored, expected)
        self._save(content, target)

    def spec(self, content: Content, stored: Json | None) -> Json:
        """A receiver with the integration in the place of the one with its uid, or after all others."""
        uid = text(content, "uid")
        others = objects(mapping(stored, "spec"), "integrations")
        old = next((one for one in others if text(one, "uid") == uid), None)
        new = forms.integration(content, old)
        parts = [new if one is old else one for one in others] if old else [*others, new]
        return {**mapping(stored, "spec"), "title": text(content, "name"), "integrations": parts}

    def _remove(self, stored: Json, item: Item) -> None:
        """Take an integration out of its receiver; the last one takes the receiver along."""
        spec, uid = mapping(stored, "spec"), text(item, "uid")
        others = [one for one in objects(spec, "integrations") if text(one, "uid") != uid]
        if not others:
            super()._remove(stored, item)
            return
        body = self._api.body(self.kind, {**spec, "integrations": others}, stored)
        path = self._api.path(self.plural, text(mapping(stored, "metadata"), "name"))
        change = WriteRequest("PUT", path, self.subject(item), body)
        self._api.session.write_verified(change, lambda: self.get(uid) is None)


class TimeIntervals(ObjectCollection):
    """Times in which notifications are muted."""

    noun: ClassVar[str] = "mute timing"
    plural: ClassVar[str] = "timeintervals"
    kind: ClassVar[str] = "TimeInterval"

    def items(self, stored: Json) -> Iterable[Item]:
        """The one mute timing of a time interval."""
        return [forms.mute_timing(stored)]

    def spec(self, content: Content, stored: Json | None) -> Json:
        """The content of a time interval."""
        return {**mapping(stored, "spec"), **forms.mute_timing_spec(content)}


class TemplateGroups(ObjectCollection):
    """Templates of notification texts; Grafana's own, which nobody can edit, is left out."""

    noun: ClassVar[str] = "template"
    plural: ClassVar[str] = "templategroups"
    kind: ClassVar[str] = "TemplateGroup"

    def items(self, stored: Json) -> Iterable[Item]:
        """The one template of a template group."""
        template = forms.template(stored)
        return [] if text(template, "provenance") == "system" else [template]

    def spec(self, content: Content, stored: Json | None) -> Json:
        """The content of a template group."""
        return {**forms.template_spec(content), **_kind_of(stored)}


class InhibitionRules(ObjectCollection):
    """Inhibition rules, whose names are their own."""

    noun: ClassVar[str] = "inhibition rule"
    plural: ClassVar[str] = "inhibitionrules"
    kind: ClassVar[str] = "InhibitionRule"

    def items(self, stored: Json) -> Iterable[Item]:
        """The rule itself."""
        return [forms.inhibition_rule(stored)]

    def spec(self, content: Content, stored: Json | None) -> Json:
        """The content of an inhibition rule."""
        del stored
        return forms.inhibition_spec(content)

    def name(self, content: Content) -> str:
        """Its name."""
        return text(content, "name")


class RoutingTrees:
    """The tree of notification policies: the default one of the routing trees; named ones are left alone."""

    subject = "the notification policies"

    def __init__(self, api: ObjectApi) -> None:
        self._api = api

    def get(self) -> Item:
        """The whole tree, with its provenance."""
        return forms.routing_tree(self._read())

    def put(self, tree: Content, expected: Item) -> None:
        """Replace the whole tree, when it is still as it was read."""
        stored = self._read()
        require_unchanged(self.subject, expected, forms.routing_tree(stored))
        spec = forms.routing_tree_spec(tree)
        body = self._api.body("RoutingTree", spec, stored)
        change = WriteRequest("PUT", self._api.path("routingtrees", ROUTING_TREE), self.subject, body)
        self._api.session.write_verified(change, lambda: is_unchanged(mapping(self._read(), "spec"), spec))

    def reset(self, expected: Item) -> None:
        """Put Grafana's own tree back, when the tree is still as it was read."""
        stored = self._read()
        require_unchanged(self.subject, expected, forms.routing_tree(stored))
        self._api.delete("routingtrees", stored, self.subject, lambda: not is_unchanged(self.get(), expected))

    def _read(self) -> Json:
        path = self._api.path("routingtrees", ROUTING_TREE)
        return self._api.session.read(path, self.subject).mapping()


def _kind_of(stored: Json | None) -> Json:
    kind = text(mapping(stored, "spec"), "kind")
    return {"kind": kind} if kind else {}
