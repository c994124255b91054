"""Contact points, mute timings, inhibition rules, templates and policies: what notifications share."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from dashgen.compare.hidden_secrets import hidden
from dashgen.compile.outputs.inhibition_files import INHIBITION_FOLDER
from dashgen.compile.outputs.notification_files import CONTACT_POINTS_FILE, MUTE_TIMINGS_FILE, TEMPLATES_FILE
from dashgen.compile.outputs.policy_tree import POLICIES_FILE
from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats import resources
from dashgen.formats.normal.normal_notifications import (
    contact_points_of_api,
    inhibition_rule,
    mute_timings,
    policies_resource,
    templates_of_api,
)
from dashgen.formats.normal.plain_values import undollared
from dashgen.formats.resources import Resource
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.collection import Collection
from dashgen.servers.grafana.grafana_errors import RefusedError
from dashgen.servers.grafana.kubernetes_notifications import RoutingTrees
from dashgen.servers.grafana.managers import Manager, Marks
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.secret_references import Environment, comparable, resolved

_NOTIFICATIONS: Final = (
    resources.CONTACT_POINT,
    resources.MUTE_TIMING,
    resources.INHIBITION_RULE,
    resources.TEMPLATE,
    resources.POLICIES,
)
_POLICIES_UID: Final = "policies"


def _manager(content: Mapping[str, Any]) -> Manager | None:
    """Who else manages a resource, by the annotations of its object or else by its provenance."""
    annotations = mapping(content.get("annotations"))
    marks = (
        Marks.of_annotations(annotations)
        if annotations
        else Marks.of_provenance(scalar_text(content.get("provenance")))
    )
    return marks.manager


class NotificationKind(ResourceKind):
    """What the kinds of notification resources share."""

    def is_requested(self, request: ReadRequest) -> bool:
        """Whether any notification resource is: policies name the others, so all are read together."""
        return any(request.of(kind) for kind in _NOTIFICATIONS)

    def uses_apis(self, grafana: Grafana) -> bool:
        """Whether each of them is an object."""
        return isinstance(grafana.policies, RoutingTrees)

    def content_to_send(self, context: WriteContext, item: Item) -> Json:
        """The body of a request."""
        content: Json = dict(item.content)
        return resolved(content, context.environment) if self.has_references else content

    def live(self, content: Json) -> LiveItem:
        """A resource as it was read."""
        name = scalar_text(content.get("name"))
        uid = scalar_text(content.get("uid")) if self.uid_in_content else name
        item = Item(self.name, uid, name, content)
        return LiveItem(item, content, _manager(content))


class CollectionKind(NotificationKind):
    """Notification resources of which there may be many."""

    @abstractmethod
    def collection(self, grafana: Grafana) -> Collection[Json]:
        """The client of this kind."""

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterator[LiveItem]:
        """All of them, in one request."""
        return map(self.live, self.collection(grafana).list_all())

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One of them."""
        content = self.collection(grafana).get(item.uid)
        return self.live(content) if content else None

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create or replace it."""
        content, collection = self.content_to_send(context, item), self.collection(context.grafana)
        if live is None:
            collection.create(content)
        else:
            collection.update(content, handle_of(live, dict))
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete it."""
        self.collection(grafana).delete(handle_of(live, dict))


class ContactPointKind(CollectionKind):
    """The integrations of contact points, which the API takes one by one."""

    name: ClassVar[str] = resources.CONTACT_POINT
    order: ClassVar[int] = 30
    page: ClassVar[str] = "/alerting/notifications"
    has_references: ClassVar[bool] = True
    has_secrets: ClassVar[bool] = True
    uid_in_content: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The integrations of the provisioning file; their texts keep their references."""
        data, specs = sources.provisioning(CONTACT_POINTS_FILE)
        for point in mappings(data.get("contactPoints")):
            name = scalar_text(point.get("name"))
            for receiver in mappings(point.get("receivers")):
                uid = scalar_text(receiver.get("uid"))
                content = {
                    "uid": uid,
                    "name": name,
                    "type": scalar_text(receiver.get("type")),
                    "settings": mapping(receiver.get("settings")),
                    "disableResolveMessage": receiver.get("disableResolveMessage") is True,
                }
                yield Item(self.name, uid, undollared(name), content, spec=specs.get(uid, ""))

    def collection(self, grafana: Grafana) -> Collection[Json]:
        """The contact points."""
        return grafana.contact_points

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        return contact_points_of_api([_comparable(item, environment)])

    def for_backup(self, content: Mapping[str, Any]) -> Json:
        """The content with secrets hidden."""
        return mapping(hidden(dict(content)))


class MuteTimingKind(CollectionKind):
    """Mute timings."""

    name: ClassVar[str] = resources.MUTE_TIMING
    order: ClassVar[int] = 40
    page: ClassVar[str] = "/alerting/routes"

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The mute timings of the provisioning file."""
        for timing, name, spec in _named(sources, MUTE_TIMINGS_FILE, "muteTimes"):
            content = {"name": name, "time_intervals": mappings(timing.get("time_intervals"))}
            yield Item(self.name, name, name, content, spec=spec)

    def collection(self, grafana: Grafana) -> Collection[Json]:
        """The mute timings."""
        return grafana.mute_timings

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        return mute_timings([item.content])


class InhibitionRuleKind(CollectionKind):
    """Inhibition rules, which Grafana 13 and newer has."""

    name: ClassVar[str] = resources.INHIBITION_RULE
    order: ClassVar[int] = 45
    page: ClassVar[str] = "/alerting/routes"

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The rules of the files of the output."""
        for data, spec in sources.folder(INHIBITION_FOLDER):
            name = scalar_text(mapping(data.get("metadata")).get("name"))
            yield Item(self.name, name, name, {"name": name, **mapping(data.get("spec"))}, spec=spec)

    def is_requested(self, request: ReadRequest) -> bool:
        """Whether a request has any: no other kind names them."""
        return bool(request.of(self.name))

    def uses_apis(self, grafana: Grafana) -> bool:
        """Always: the provisioning API has none."""
        return True

    def lacks(self, grafana: Grafana) -> str:
        """Why a Grafana has none."""
        if grafana.inhibition_rules is not None:
            return ""
        version = grafana.capabilities.version
        return f"Grafana {version or 'of this version'} has no inhibition rules; 13 and newer has them"

    def collection(self, grafana: Grafana) -> Collection[Json]:
        """The inhibition rules."""
        if grafana.inhibition_rules is None:
            raise RefusedError(self.lacks(grafana), hint="update Grafana, or remove `inhibition_rules:`")
        return grafana.inhibition_rules

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterator[LiveItem]:
        """All of them; none where Grafana has no such thing."""
        return iter(()) if grafana.inhibition_rules is None else super().read_all(grafana, request)

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One of them; none where Grafana has no such thing."""
        return None if grafana.inhibition_rules is None else super().read(grafana, item)

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield inhibition_rule(item.uid, item.content)


class TemplateKind(CollectionKind):
    """Templates of notification texts."""

    name: ClassVar[str] = resources.TEMPLATE
    order: ClassVar[int] = 50
    page: ClassVar[str] = "/alerting/notifications"

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The templates of the provisioning file."""
        for template, name, spec in _named(sources, TEMPLATES_FILE, "templates"):
            content = {"name": name, "template": scalar_text(template.get("template"))}
            yield Item(self.name, name, name, content, spec=spec)

    def collection(self, grafana: Grafana) -> Collection[Json]:
        """The templates."""
        return grafana.templates

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        return templates_of_api([item.content])


def _named(sources: DesiredSources, file: str, key: str) -> Iterator[tuple[Json, str, str]]:
    """The entries of a provisioning file that are known by their names, each with its name and its spec."""
    data, specs = sources.provisioning(file)
    for entry in mappings(data.get(key)):
        name = scalar_text(entry.get("name"))
        yield entry, name, specs.get(name, "")


class PoliciesKind(NotificationKind):
    """The tree of notification policies: Grafana always has one, and takes it as a whole."""

    name: ClassVar[str] = resources.POLICIES
    order: ClassVar[int] = 60
    page: ClassVar[str] = "/alerting/routes"
    has_references: ClassVar[bool] = True
    is_permanent: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The tree of the provisioning file; its texts keep their references."""
        data, specs = sources.provisioning(POLICIES_FILE)
        for tree in mappings(data.get("policies")):
            # The API knows the organization from the account.
            content = {key: value for key, value in tree.items() if key != "orgId"}
            yield Item(self.name, _POLICIES_UID, "", content, spec=next(iter(specs.values()), ""))

    def label(self, uid: str, title: str) -> str:
        """Its name; there is only one."""
        return "the notification policies"

    def live(self, content: Json) -> LiveItem:
        """The tree as it was read."""
        item = Item(self.name, _POLICIES_UID, "", content)
        return LiveItem(item, content, _manager(content))

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterator[LiveItem]:
        """The tree."""
        yield self.live(grafana.policies.get())

    def read(self, grafana: Grafana, item: Item) -> LiveItem:
        """The tree."""
        return self.live(grafana.policies.get())

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield policies_resource(_comparable(item, environment))

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Replace the tree."""
        expected = handle_of(live, dict) if live else {}
        context.grafana.policies.put(self.content_to_send(context, item), expected)
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Put Grafana's own tree back."""
        grafana.policies.reset(handle_of(live, dict))

    def is_default(self, item: Item) -> bool:
        """Whether it is the tree of a new Grafana, with the receiver `grafana-default-email`, or `empty`."""
        # A tree with routes was made by somebody, whatever its default receiver is called.
        is_flat = not item.content.get("routes")
        return is_flat and scalar_text(item.content.get("receiver")) in ("grafana-default-email", "empty")


def _comparable(item: Item, environment: Environment | None) -> Json:
    """The content for a comparison; that of the specs with its references resolved or hidden."""
    content: Json = dict(item.content)
    return content if environment is None else comparable(content, environment)
