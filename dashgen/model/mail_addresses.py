"""E-mail addresses as contact points and reports write them."""

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.environment_references import is_reference, reference_fault

_SEPARATORS = lazy_pattern(r"[;,\n]")
# What a mail server takes without quotes and extensions: RFC 5321, section 4.1.2.
_ADDRESS = lazy_pattern(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def mail_addresses(text: str) -> list[str]:
    """The addresses of a text; Grafana takes `;`, `,` and line ends between them."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def is_address(text: str) -> bool:
    """Whether a text is one address that every mail server takes."""
    return _ADDRESS.fullmatch(text) is not None


def address_problem(text: str) -> str:
    """Why a text has something that is neither an address nor a variable that holds some; empty when not."""
    for part in mail_addresses(text):
        if is_reference(part) or is_address(part):
            continue
        fault = reference_fault(part)
        return f"`{part}` {fault[0]}" if fault else f"`{part}` is not an e-mail address"
    return "" if mail_addresses(text) else "there is no address"
