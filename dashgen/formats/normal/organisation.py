"""The organization of provisioned resources; a session of the API has only one."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.formats.normal.plain_values import without_empty
from dashgen.formats.resources import Resource


def organisation(document: Mapping[str, Any]) -> Json:
    """The organization that a provisioning file names; nothing for the first one, which is the default."""
    number = document.get("orgId")
    return {"orgId": None if number in (0, 1) else number}


def with_organisation(resource: Resource, document: Mapping[str, Any]) -> Resource:
    """A resource of a provisioning file with the organization that the file names for it."""
    named = without_empty(organisation(document))
    return replace(resource, data={**resource.data, **named}) if named else resource
