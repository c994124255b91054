"""Fetching what an application exposes."""

from typing import Final

from dashgen.servers.http import Endpoint, ServiceError
from dashgen.servers.telemetry.exposition import Exposition, parse_exposition
from dashgen.servers.telemetry.service import Service

ACCEPT: Final = "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
_PAGE: Final = (b"<!", b"<html", b"<HTML")


def scrape(endpoint: Endpoint) -> Exposition:
    """Read the metrics at an address.

    Args:
        endpoint: the application; its address is that of the metrics themselves.

    Raises:
        ServiceError: when there is no answer, or a web page instead.
    """
    with Service(endpoint) as service:
        answer = service.text("", "the address of its metrics", {"Accept": ACCEPT})
    body = answer.body
    if body.lstrip().startswith(_PAGE):
        hint = "give the address of the metrics themselves, such as `http://localhost:8000/metrics`"
        raise ServiceError("the answer is a web page instead of metrics", hint=hint)
    return parse_exposition(body.decode(errors="replace"))
