"""Requests to the API of a code host."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from dashgen.core.errors import DashgenError
from dashgen.core.json_values import mapping, mappings, text
from dashgen.servers.http import (
    BadAnswerError,
    Endpoint,
    Limits,
    Query,
    RawAnswer,
    Request,
    ServerSession,
    ServiceError,
)
from dashgen.servers.http.body import decoded
from dashgen.servers.http.credentials import credentials
from dashgen.servers.http.endpoint import address_problem

PATIENCE: Final = Limits(connect=10.0, read=30.0, total=60.0, body=16 * 2**20, attempts=3, longest_wait=5.0)
_MOST_PAGES: Final = 50
_PAGE: Final = 100
READ_ONLY: Final = frozenset({401, 403, 404})
"""The statuses that a code host gives a token that may not write, such as that of a fork's job."""


class ForgeError(ServiceError):
    """The code host refuses something; ``status`` is its answer."""

    @property
    def is_read_only(self) -> bool:
        """Whether the token may not do that."""
        return self.status in READ_ONLY


class ForgeSession(ServerSession):
    """The API of a code host."""

    @property
    def name(self) -> str:
        """The code host, for messages."""
        return self.endpoint.service

    def read(self, path: str, query: Query | None = None) -> Any:
        """The decoded JSON of an address.

        Raises:
            ForgeError: it is refused.
            ServiceError: no answer came.
        """
        return self._decoded(self._answer(Request("GET", path, query or {})))

    def pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        """The things in a list, from all of its pages.

        Raises:
            ForgeError: it is refused.
            ServiceError: no answer came.
        """
        for page in range(1, _MOST_PAGES + 1):
            answer = self._answer(Request("GET", path, {"per_page": _PAGE, "page": page}))
            yield from mappings(self._decoded(answer))
            # Both GitHub and GitLab say in this header whether there is another page.
            if 'rel="next"' not in answer.headers.get("Link", ""):
                return

    def write(self, method: str, path: str, content: object = None) -> Any:
        """Send JSON; again after an error of the server, as twice the same comment is no harm.

        Raises:
            ForgeError: it is refused.
            ServiceError: no answer came.
        """
        data = None if content is None else orjson.dumps(content)
        return self._decoded(self._answer(Request(method, path, {}, data)))

    def upload(self, path: str, data: bytes, content_type: str) -> Any:
        """Send a form with a file.

        Raises:
            ForgeError: it is refused.
            ServiceError: no answer came.
        """
        request = Request("POST", path, {}, data, {"Content-Type": content_type})
        return self._decoded(self._answer(request))

    def _answer(self, request: Request) -> RawAnswer:
        return self.repeated(lambda: self._once(request))

    def _once(self, request: Request) -> RawAnswer:
        answer = self.send(request)
        if answer.status >= 400:
            raise self._refused(request, answer)
        return answer

    def _refused(self, request: Request, answer: RawAnswer) -> ForgeError:
        reason = self.shown(_reason(answer))
        because = f": {reason.rstrip('.')}" if reason else ""
        error = ForgeError(
            f"{self.name} answers {answer.status} to {request.method}{because}", status=answer.status
        )
        error.transient = answer.status >= 500 or answer.status == 429
        return error

    def _decoded(self, answer: RawAnswer) -> Any:
        return decoded(answer, self.name) if answer.body.strip() else None


def _reason(answer: RawAnswer) -> str:
    try:
        body = decoded(answer, "")
    except BadAnswerError:
        return ""
    reason = mapping(body).get("message") or mapping(body).get("error")
    return reason if isinstance(reason, str) else ""


def forge_endpoint(service: str, url: str, environment: Mapping[str, str]) -> Endpoint:
    """The API of a code host; its token is in the environment, as ``GITHUB_TOKEN`` or ``GITLAB_TOKEN``.

    Raises:
        DashgenError: the address is not one, or there is no token.
    """
    prefix = service.upper()
    url = url.strip().rstrip("/")
    if problem := address_problem(url, service, prefix, "write it like `https://api.github.com`"):
        raise DashgenError("; ".join(problem))
    opened = credentials(environment, prefix)
    if not opened.get("token"):
        raise DashgenError(f"there is no token for {service}; set `{prefix}_TOKEN`")
    return Endpoint(service, url, **opened, limits=PATIENCE)


def required(environment: Mapping[str, str], name: str, what: str) -> str:
    """The value of an environment variable that CI jobs have.

    Raises:
        DashgenError: it is missing.
    """
    value = text(environment.get(name)).strip()
    if not value:
        raise DashgenError(f"`{name}` is not set, so {what} is not known; run this in a CI job, or set it")
    return value
