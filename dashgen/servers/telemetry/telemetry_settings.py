"""The address and the credentials of a server of telemetry, from an option and the environment."""

from collections.abc import Mapping

from dashgen.core.errors import DashgenError
from dashgen.servers.http import Endpoint, Limits
from dashgen.servers.http.credentials import credentials, header
from dashgen.servers.http.endpoint import address_problem

# Shorter than those of a Grafana: a query that takes longer is a finding of its own, and the next one waits
# for it.
PATIENCE = Limits(connect=5.0, read=30.0, total=45.0, attempts=2, longest_wait=2.0)


def endpoint(
    service: str, url: str, environment: Mapping[str, str], limits: Limits = PATIENCE, *, port: int = 80
) -> Endpoint:
    """A server as the user named it.

    Credentials come from the environment, under the name of the service: ``LOKI_TOKEN``, ``LOKI_USER`` with
    ``LOKI_PASSWORD``, and ``LOKI_TENANT`` where several share a server.

    Args:
        service: its name in messages, such as ``Loki``.
        url: its address.
        environment: the variables to look at.
        limits: how long to wait, and for how much.
        port: the port where it usually listens, for the example in a message.

    Raises:
        DashgenError: the address is not one or has credentials in it, or the credentials have unfit
            characters.
    """
    prefix = variables_of(service)
    url = url.strip().rstrip("/")
    example = f"write it like `http://localhost:{port}`"
    if problem := address_problem(url, service, prefix, example):
        raise DashgenError("; ".join(problem))
    tenant = header(environment, f"{prefix}_TENANT")
    return Endpoint(
        service,
        url,
        **credentials(environment, prefix),
        headers={"X-Scope-OrgID": tenant} if tenant else {},
        limits=limits,
    )


def variables_of(service: str) -> str:
    """What the names of a service's environment variables start with: ``LOKI``.

    ``APPLICATION`` for "the application".
    """
    return service.rsplit(maxsplit=1)[-1].upper()
