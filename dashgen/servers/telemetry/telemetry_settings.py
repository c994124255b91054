"""Where a server of telemetry is and what opens it: from an option and the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from dashgen.core.diagnostics.frame import clean
from dashgen.core.errors import DashgenError
from dashgen.servers.http import Endpoint, Limits, credentials
from dashgen.servers.http.endpoint import malformed

PATIENCE = Limits(connect=5.0, read=30.0, total=45.0, attempts=2, longest_wait=2.0)


def endpoint(
    service: str, url: str, environment: Mapping[str, str], limits: Limits = PATIENCE, *, port: int = 80
) -> Endpoint:
    """A server as the user named it.

    Credentials come from the environment, under the name of the service: ``LOKI_TOKEN``, ``LOKI_USER`` with
    ``LOKI_PASSWORD``, and ``LOKI_TENANT`` where several share a server.

    Args:
        service: its name in sentences, such as ``Loki``.
        url: its address.
        environment: the variables to look at.
        limits: how long to wait, and for how much.
        port: the port where it usually listens, for the example in a message.

    Raises:
        DashgenError: when the address is none, or has credentials in it, or they have unfit characters.
    """
    prefix = variables_of(service)
    url = url.strip().rstrip("/")
    example = f"write it like `http://localhost:{port}`"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise DashgenError(f"the address of {service} cannot be read; {example}") from None
    if "@" in parts.netloc:
        raise DashgenError(
            f"the address of {service} has credentials in it; take them out and set `{prefix}_USER` and "
            f"`{prefix}_PASSWORD`, or `{prefix}_TOKEN`"
        )
    if reason := malformed(parts):
        raise DashgenError(f"`{clean(url)}` is not an address of {service}: {reason}; {example}")
    tenant = credentials.header(environment, f"{prefix}_TENANT")
    return Endpoint(
        service,
        url,
        token=credentials.token(environment, f"{prefix}_TOKEN"),
        user=credentials.user(environment, f"{prefix}_USER"),
        password=credentials.password(environment, f"{prefix}_PASSWORD"),
        headers={"X-Scope-OrgID": tenant} if tenant else {},
        limits=limits,
    )


def variables_of(service: str) -> str:
    """What the names of a service's environment variables start with: ``LOKI``; ``APPLICATION`` for "the application"."""
    return service.rsplit(maxsplit=1)[-1].upper()
