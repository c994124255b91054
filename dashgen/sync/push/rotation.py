"""Whether secrets changed since the last push. Grafana shows none, so this machine remembers fingerprints.

A fingerprint is salted and slow to make, and stays in the memory of this machine, which only its owner reads:
nobody gets a secret out of it that could not be guessed otherwise.
"""

import secrets
from collections.abc import Iterable, Mapping
from hashlib import scrypt
from hmac import compare_digest
from typing import Final

import orjson
from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import walk
from dashgen.formats.resources import Key
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of, label
from dashgen.sync.push.live_items import Live
from dashgen.sync.push.push_state import Pushed
from dashgen.sync.push.secret_references import missing, resolved
from dashgen.sync.push.secret_references import secrets as values_of

COST: Final = {"n": 2**14, "r": 8, "p": 1}


class Rotation(Struct, frozen=True):
    """What is known of the secrets of resources that are there.

    Attributes:
        changed: those whose secrets are others than at the last push.
        unknown: those of which that is not known here.
    """

    changed: frozenset[Key] = frozenset()
    unknown: tuple[Item, ...] = ()

    @property
    def notes(self) -> list[Diagnostic]:
        """What a user should know."""
        if not self.unknown:
            return []
        names = ", ".join(label(item) for item in self.unknown)
        message = f"whether the secrets of these changed is not known here, as Grafana shows none: {names}"
        hint = "write them again with `--force` when they did"
        return [Diagnostic("grafana/secrets", message, hint=hint, severity=Severity.INFO)]


def examine(
    items: Iterable[Item], live: Live, last_pushed: Mapping[Key, Pushed], environment: Mapping[str, str]
) -> Rotation:
    """Compare the secrets of resources that the specs and Grafana have with those of the last push.

    Args:
        items: the items of the specs.
        live: what Grafana has.
        last_pushed: what was pushed last.
        environment: what references are resolved with; what is not in it is not compared.
    """
    changed, unknown = [], []
    for item in items:
        if not kind_of(item).has_secrets or live.get(item.key) is None:
            continue
        content = item.content
        # Without all values at hand there is no fingerprint to compare.
        if not values_of(content, environment) or missing(content, environment):
            continue
        pushed = last_pushed.get(item.key)
        if pushed is None or not pushed.secrets:
            unknown.append(item)
        elif not matches(pushed.secrets, item, environment):
            changed.append(item.key)
    return Rotation(frozenset(changed), tuple(unknown))


def fingerprint(item: Item, environment: Mapping[str, str]) -> str:
    """A fingerprint of the secrets of an item; nothing when it has none."""
    if not kind_of(item).has_secrets or not values_of(item.content, environment):
        return ""
    # Equal secrets of two resources do not look equal.
    salt = secrets.token_hex(16)
    return f"{salt}:{_slow_hash(item, environment, salt)}"


def matches(fingerprint: str, item: Item, environment: Mapping[str, str]) -> bool:
    """Whether a fingerprint is that of an item's secrets."""
    salt, _, secrets_hash = fingerprint.partition(":")
    return compare_digest(secrets_hash, _slow_hash(item, environment, salt))


def _slow_hash(item: Item, environment: Mapping[str, str], salt: str) -> str:
    # The place of each secret counts too: two that changed places are other secrets.
    texts = [
        ("".join(f"/{step}" for step in path), resolved(text, environment))
        for path, text in walk(dict(item.content))
        if isinstance(text, str) and values_of(text, environment)
    ]
    return scrypt(orjson.dumps(sorted(texts)), salt=salt.encode(), dklen=32, **COST).hex()
