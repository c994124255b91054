"""The addresses of a report's recipients, with those that the environment has."""

from collections.abc import Mapping, Sequence

from dashgen.core.errors import DashgenError
from dashgen.model.environment_references import EXPANSION, is_reference
from dashgen.model.mail_addresses import is_address, mail_addresses


def addresses_of(written: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The addresses, each once.

    Args:
        written: addresses, and references to variables that hold some.
        environment: the variables.

    Raises:
        DashgenError: a variable is not set, or holds something else; or there is no address.
    """
    addresses: list[str] = []
    for text in written:
        if not is_reference(text):
            addresses.append(_checked(text, "it"))
            continue
        match = EXPANSION.fullmatch(text)
        name = (match["bare"] or match["braced"]) if match else None
        if not name:
            raise DashgenError(f"`{text}` of a contact point can only be read by Grafana; write a variable")
        value = environment.get(name, "")
        if not value.strip():
            raise DashgenError(f"`{name}` is not set; it has the addresses of recipients")
        addresses += [_checked(one, f"`{name}`") for one in mail_addresses(value)]
    unique = list({address.lower(): address for address in reversed(addresses)}.values())[::-1]
    if not unique:
        raise DashgenError("nobody gets the report; add `recipients:` to it, or give `--to`")
    return unique


def _checked(address: str, owner: str) -> str:
    if not is_address(address):
        raise DashgenError(
            f"a recipient is not an e-mail address; {owner} has to hold addresses with `;` between"
        )
    return address
