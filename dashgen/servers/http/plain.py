"""Credentials over plain HTTP: a warning or an error before anything is sent."""

import sys
import threading
from urllib.parse import urlsplit

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import clean, draw
from dashgen.core.errors import DashgenError
from dashgen.servers.http.endpoint import Endpoint, is_open

_RULE = "http/unencrypted"
_HINT = "use https://"


class PlainHttpError(DashgenError):
    """dashgen.yaml forbids what was about to be sent."""


class PlainHttpPolicy:
    """The reaction to credentials for another host over `http://`: one warning, or an error.

    There is one for the process, as everything that is sent passes `Exchange`; dashgen.yaml sets it
    (`insecure_http`).
    """

    def __init__(self) -> None:
        self.refuse = False
        self._warned: set[str] = set()
        self._lock = threading.Lock()

    def check(self, endpoint: Endpoint) -> None:
        """Warn, or refuse, when a server would get credentials that can be read on the way.

        Raises:
            PlainHttpError: dashgen.yaml refuses that.
        """
        if not endpoint.secrets or not is_open(endpoint.url):
            return
        host = clean(urlsplit(endpoint.url).netloc)
        message = (
            f"the credentials for {endpoint.service} travel unencrypted to `{host}`: "
            "its address starts with http://"
        )
        if self.refuse:
            raise PlainHttpError(
                f"{message}, and `insecure_http: refuse` in dashgen.yaml forbids that; {_HINT}"
            )
        with self._lock:
            # Several threads may send the first request at once, and one warning is enough.
            if host in self._warned:
                return
            self._warned.add(host)
        finding = Diagnostic(_RULE, message, hint=_HINT, severity=Severity.WARNING)
        sys.stderr.write(f"{draw(finding, lambda _: None)}\n")
        sys.stderr.flush()

    def renew(self) -> None:
        """Go back to the state of a new process."""
        self.refuse = False
        self._warned.clear()


POLICY = PlainHttpPolicy()
