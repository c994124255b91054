"""The words of a rule, with proof that they build to the same rule."""

from typing import Any

from dashgen.importer.rules.built_rules import built_rule
from dashgen.importer.rules.plain_rule import plain_rule
from dashgen.importer.rules.rule_keys_of import rule_keys, with_sources_of
from tests.importer.rules.support import AROUND

KINDS = {ref.uid: ref.type for ref in AROUND.sources.values()}


def proved_keys(found: dict[str, Any]) -> dict[str, Any]:
    """The words, after proof that they build to the same rule."""
    produced, leftovers = rule_keys(found, AROUND)
    assert not [left for left in leftovers if left.kind == "dropped"], leftovers
    built, problems = built_rule(produced, with_sources_of(found, AROUND))
    assert built is not None, problems
    assert plain_rule(built, KINDS) == plain_rule(found, KINDS)
    return produced


def keys_among(found: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Some of the words."""
    built = proved_keys(found)
    return {key: built[key] for key in keys if key in built}
