"""One request and its answer: the only place where bytes leave for Grafana."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from dashgen.diagnostics.frame import clean
from dashgen.grafana.errors import AnswerKind, UnusableAnswerError
from dashgen.grafana.failures import failure_of
from dashgen.grafana.settings import ConnectionSettings
from dashgen.grafana.transport import BoundedAdapter
from dashgen.version import VERSION

Query = Mapping[str, str | int | Sequence[str]]

_CHUNK = 64 * 1024
_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The status, headers and whole body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What to send: ``path`` is below the address of Grafana and made by ``route``."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    data: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class _Credentials(AuthBase):
    """Puts the credentials on; being there also keeps ``requests`` from looking for others in ``.netrc``."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings

    def __repr__(self) -> str:
        return "_Credentials()"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        settings = self._settings
        if settings.token:
            request.headers["Authorization"] = f"Bearer {settings.token.reveal()}"
        elif settings.user and settings.password:
            basic = requests.auth._basic_auth_str  # noqa: SLF001 - the public class takes it from here too
            pair = (settings.user.encode(), settings.password.reveal().encode())
            request.headers["Authorization"] = basic(*pair)
        return request


class _Direct(requests.Session):
    """A session that leaves redirects alone; otherwise it prepares the next request whatever is asked."""

    def get_redirect_target(self, _response: requests.Response) -> str | None:
        return None


class Exchange:
    """Sends requests to one origin and to no other.

    Redirects of reads are followed within the origin only, and those of writes never.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        cert, key = settings.client_cert, settings.client_key
        self._certificate = (str(cert), str(key)) if cert and key else str(cert) if cert else None
        self._host = clean(urlsplit(settings.url).netloc)
        self._session = _Direct()
        self._session.auth = _Credentials(settings)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": f"dashgen/{VERSION}", "Accept": "application/json"})
        if settings.org_id is not None:
            self._session.headers["X-Grafana-Org-Id"] = str(settings.org_id)
        adapter = BoundedAdapter(settings.limits)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def __repr__(self) -> str:
        return f"Exchange({self._settings.url})"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __call__(self, request: Request) -> RawAnswer:
        """Send one request and read the whole answer.

        Raises:
            UnreachableError: when no answer came.
            UnusableAnswerError: when it is too large, broke off, or leads elsewhere.
        """
        url = self._settings.url + request.path
        query: Query | None = request.query
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._send(request, url, query)
            if answer.status not in _REDIRECTS:
                return answer
            url, query = self._next(request.method, url, answer), None
        raise UnusableAnswerError(f"`{self._host}` redirects in circles", kind=AnswerKind.REDIRECT)

    def _send(self, request: Request, url: str, query: Query | None) -> RawAnswer:
        settings = self._settings
        kind = {"Content-Type": "application/json"} if request.data is not None else {}
        try:
            with self._session.request(
                request.method,
                url,
                params=query,
                data=request.data,
                headers={**kind, **request.headers},
                timeout=(settings.limits.connect, settings.limits.read),
                allow_redirects=False,
                verify=str(settings.ca_cert) if settings.ca_cert else True,
                cert=self._certificate,
                stream=True,
            ) as response:
                return RawAnswer(response.status_code, response.headers, self._body(response))
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = failure_of(error, self._host)
        raise failure

    def _body(self, response: requests.Response) -> bytes:
        most = self._settings.limits.body
        declared = response.headers.get("Content-Length", "")
        size = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 20 else 0
        chunks: list[bytes] = []
        if size <= most:
            size = 0
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > most:
                    break
                chunks.append(chunk)
        if size > most:
            message = f"the answer of `{self._host}` is larger than {most / 2**20:g} MiB"
            raise UnusableAnswerError(message, kind=AnswerKind.TOO_BIG, status=response.status_code)
        return b"".join(chunks)

    def _next(self, method: str, url: str, answer: RawAnswer) -> str:
        """Where a redirect may be followed to.

        Raises:
            UnusableAnswerError: when it may not be followed.
        """
        try:
            target = urljoin(url, answer.headers.get("Location", ""))
            parts = urlsplit(target)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            target, parts, port = "", urlsplit(""), ""
        shown = clean(f"{parts.scheme}://{parts.hostname}{port}{parts.path}")
        if parts.path.rstrip("/").endswith("/login") or "/oauth2/" in parts.path:
            raise UnusableAnswerError(
                f"`{self._host}` sends to a sign-in page instead of answering",
                kind=AnswerKind.LOGIN,
                hint="check the credentials; a sign-in proxy before Grafana needs its own way through",
                status=answer.status,
            )
        same = _origin(target) == _origin(self._settings.url)
        if method == "GET" and same:
            return target
        raise UnusableAnswerError(
            f"`{self._host}` redirects to `{shown[:200]}`, which is not followed",
            kind=AnswerKind.REDIRECT,
            hint="if that is your Grafana, give its address as the url",
            status=answer.status,
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default
