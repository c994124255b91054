"""Values that are used and never shown."""

from base64 import b64encode
from collections.abc import Iterable
from typing import NoReturn

from dashgen.core.diagnostics.frame import clean
from dashgen.core.diagnostics.known_secrets import HIDDEN
from dashgen.core.diagnostics.redaction import forms, redacted

_SHORTEST = 3
_LONGEST_TEXT = 2000


class Secret:
    """Text that every way of printing hides; ``reveal`` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")


class Redactor:
    """Takes secrets and terminal control characters out of text that comes from outside."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret.reveal())}
        # The longest first: a password may be part of "user:password".
        self._forms = sorted(forms, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"Redactor({len(self._forms)} forms)"

    def __call__(self, text: str, extra: Iterable[Secret] = ()) -> str:
        """The text as it may be shown."""
        if extra:
            return Redactor(extra)(self(text))
        # Cut generously before and exactly after: hiding changes the length, and a secret must not be cut in
        # two.
        text = text[: 4 * _LONGEST_TEXT]
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return clean(redacted(text))[:_LONGEST_TEXT].strip()


def _forms(value: str) -> set[str]:
    """How a secret may be spelled in a message: as it is, quoted for an address, in Base64.

    One or two characters occur in any text, so hiding them would only spoil messages.
    """
    if len(value) < _SHORTEST:
        return set()
    return {*forms(value), b64encode(value.encode()).decode().rstrip("=")}
