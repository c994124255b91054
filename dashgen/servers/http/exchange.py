"""One request and its answer: the only place where bytes leave for a server."""

from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import HTTPError

from dashgen.core.diagnostics.frame import clean
from dashgen.core.version import VERSION
from dashgen.servers.http.endpoint import Endpoint, is_loopback
from dashgen.servers.http.failures import failure_of
from dashgen.servers.http.http_errors import AnswerKind, BadAnswerError
from dashgen.servers.http.plain import POLICY
from dashgen.servers.http.sent_request import Query, RawAnswer, Request
from dashgen.servers.http.transport import BoundedAdapter

_CHUNK = 64 * 1024
_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}


class _Credentials(AuthBase):
    """Sets the header with the credentials.

    Its presence also keeps ``requests`` from reading others from ``.netrc``.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def __repr__(self) -> str:
        return "_Credentials()"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        endpoint = self._endpoint
        if endpoint.token:
            request.headers["Authorization"] = f"Bearer {endpoint.token.reveal()}"
        elif endpoint.user and endpoint.password:
            # As UTF-8: requests would encode text as Latin-1, in which most letters do not exist.
            HTTPBasicAuth(endpoint.user.encode(), endpoint.password.reveal().encode())(request)
        return request


class _Direct(requests.Session):
    """A session that leaves redirects alone.

    ``allow_redirects=False`` is not enough: requests prepares the next request all the same, and fails at a
    bad address.
    """

    def merge_environment_settings(self, url: str | bytes | None, *values: Any, **named: Any) -> Any:
        """Go to this machine directly: a proxy of the environment would get the credentials."""
        settings = super().merge_environment_settings(url, *values, **named)
        if is_loopback(urlsplit(str(url)).hostname or ""):
            settings["proxies"] = {}
        return settings

    def get_redirect_target(self, _response: requests.Response) -> str | None:
        return None


class Exchange:
    """Sends requests to one origin and to no other.

    Redirects of reads are followed within the origin only, and those of writes never.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        cert, key = endpoint.client_cert, endpoint.client_key
        self._certificate = (str(cert), str(key)) if cert and key else str(cert) if cert else None
        self._host = clean(urlsplit(endpoint.url).netloc)
        self._session = _Direct()
        parts = urlsplit(endpoint.url)
        if parts.scheme == "http" and is_loopback(parts.hostname or ""):
            # No proxy and no certificate of the environment is for this machine, and reading them costs time
            # at each request.
            self._session.trust_env = False
        self._session.auth = _Credentials(endpoint)
        # Each request carries its credentials; a cookie would tie it to those of an earlier one.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": f"dashgen/{VERSION}", "Accept": "application/json"})
        self._session.headers.update(endpoint.headers)
        adapter = BoundedAdapter(endpoint.limits)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def __repr__(self) -> str:
        return f"Exchange({self._endpoint.url})"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __call__(self, request: Request) -> RawAnswer:
        """Send one request and read the whole answer.

        Raises:
            NoAnswerError: when no answer came.
            BadAnswerError: when it is too large, broke off, or leads elsewhere.
        """
        url = self._endpoint.url + request.path
        query: Query | None = request.query
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._send(request, url, query)
            if answer.status not in _REDIRECTS:
                return answer
            # The new address has the query in it already.
            url, query = self._redirect_target(request.method, url, answer), None
        raise BadAnswerError(f"`{self._host}` redirects in circles", kind=AnswerKind.REDIRECT)

    def _send(self, request: Request, url: str, query: Query | None) -> RawAnswer:
        endpoint = self._endpoint
        POLICY.check(endpoint)
        kind = {"Content-Type": "application/json"} if request.data is not None else {}
        try:
            with self._session.request(
                request.method,
                url,
                params=query,
                data=request.data,
                headers={**kind, **request.headers},
                timeout=(endpoint.limits.connect, endpoint.limits.read),
                allow_redirects=False,
                verify=str(endpoint.ca_cert) if endpoint.ca_cert else True,
                cert=self._certificate,
                stream=True,
            ) as response:
                return RawAnswer(response.status_code, response.headers, self._body(response))
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = failure_of(error, self._host, endpoint.service)
        # Outside of `except`, so that no traceback shows the exception, whose text may have the query in it.
        raise failure

    def _body(self, response: requests.Response) -> bytes:
        most = self._endpoint.limits.body
        declared = response.headers.get("Content-Length", "")
        size = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 20 else 0
        chunks: list[bytes] = []
        if size <= most:
            # What is declared may be a lie, or the size before decompression, so what comes is counted.
            size = 0
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > most:
                    break
                chunks.append(chunk)
        if size > most:
            message = f"the answer of `{self._host}` is larger than {most / 2**20:g} MiB"
            raise BadAnswerError(message, kind=AnswerKind.TOO_BIG, status=response.status_code)
        return b"".join(chunks)

    def _redirect_target(self, method: str, url: str, answer: RawAnswer) -> str:
        """The address that a redirect leads to.

        Raises:
            BadAnswerError: when it may not be followed.
        """
        try:
            target = urljoin(url, answer.headers.get("Location", ""))
            parts = urlsplit(target)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            target, parts, port = "", urlsplit(""), ""
        shown = clean(f"{parts.scheme}://{parts.hostname}{port}{parts.path}")
        if parts.path.rstrip("/").endswith("/login") or "/oauth2/" in parts.path:
            raise BadAnswerError(
                f"`{self._host}` redirects to a sign-in page instead of answering",
                kind=AnswerKind.LOGIN,
                hint="check the credentials; "
                f"a sign-in proxy in front of {self._endpoint.service} needs a way around it",
                status=answer.status,
            )
        if method == "GET" and _origin(target) == _origin(self._endpoint.url):
            return target
        raise BadAnswerError(
            f"`{self._host}` redirects to `{shown[:200]}`, which is not followed",
            kind=AnswerKind.REDIRECT,
            hint=f"if that is your {self._endpoint.service}, use its address as the url",
            status=answer.status,
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default
