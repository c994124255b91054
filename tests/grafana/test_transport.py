"""TLS, certificates and large bodies over real sockets."""

import contextlib
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from dashgen.servers.grafana import ConnectionSettings, GrafanaError
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import UnreachableError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http import Limits, ReachKind, Secret
from tests.grafana.fake import FakeGrafana
from tests.grafana.support import session
from tests.tools.hanging import PATIENT

ORG = route("api", "org")
HOST = "grafana.test"


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server for 127.0.0.1 and the host `HOST`, and a client."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "names").write_text(f"subjectAltName=IP:127.0.0.1,DNS:{HOST}\n", encoding="ascii")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    authority = ("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=Test authority")
    _openssl(folder, *authority, "-keyout", "ca.key", "-out", "ca.pem")
    for name in ("server", "client"):
        _openssl(
            folder, "req", *new_key, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"
        )
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2")
        _openssl(
            folder, "x509", "-req", "-in", f"{name}.csr", *signing, "-extfile", "names", "-out", f"{name}.pem"
        )
    return folder


@pytest.fixture
def secure(certificates: Path) -> Iterator[FakeGrafana]:
    """A Grafana behind TLS that wants a client certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    context.load_verify_locations(certificates / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    fake = FakeGrafana()
    fake.socket_server.socket = context.wrap_socket(fake.socket_server.socket, server_side=True)
    with fake:
        yield fake


def _connect(
    fake: FakeGrafana, certificates: Path, *, host: str = "127.0.0.1", ca: bool = True, client: bool = True
) -> Session:
    settings = ConnectionSettings(
        fake.url.replace("http://127.0.0.1", f"https://{host}"),
        token=Secret(fake.admin_token),
        ca_cert=certificates / "ca.pem" if ca else None,
        client_cert=certificates / "client.pem" if client else None,
        client_key=certificates / "client.key" if client else None,
        limits=PATIENT,
    )
    return Session(settings, sleep=lambda _: None)


def test_a_private_authority_and_a_client_certificate_do(secure: FakeGrafana, certificates: Path) -> None:
    with _connect(secure, certificates) as connection:
        assert connection.read(ORG, "the organization").status == 200


def test_the_authority_that_is_given_wins_over_the_environments(
    secure: FakeGrafana, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "client.pem"))
    with _connect(secure, certificates) as connection:
        assert connection.read(ORG, "the organization").status == 200


def test_an_unknown_authority_is_refused_with_the_way_out(secure: FakeGrafana, certificates: Path) -> None:
    with _connect(secure, certificates, ca=False) as connection, pytest.raises(UnreachableError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.kind is ReachKind.TLS
    assert "--ca-cert" in caught.value.hint
    assert len(secure.log) == 0


def test_a_certificate_for_another_name_is_refused(secure: FakeGrafana, certificates: Path) -> None:
    port = secure.socket_server.server_address[1]
    settings = ConnectionSettings(
        f"https://localhost:{port}", ca_cert=certificates / "ca.pem", limits=PATIENT, token=Secret("glsa_x")
    )
    with Session(settings, sleep=lambda _: None) as connection, pytest.raises(UnreachableError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.kind is ReachKind.TLS
    assert "is not trusted" in caught.value.message


def test_plain_http_behind_an_https_address_is_named(fake: FakeGrafana) -> None:
    settings = ConnectionSettings(fake.url.replace("http://", "https://"), limits=PATIENT)
    with Session(settings, sleep=lambda _: None) as connection, pytest.raises(UnreachableError) as caught:
        connection.write(WriteRequest("POST", route("api", "folders"), "folder `a`", {}))
    assert caught.value.kind is ReachKind.TLS


def test_a_certificate_file_that_is_none_is_named(fake: FakeGrafana, tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    wrong.write_text("not a certificate", encoding="ascii")
    settings = ConnectionSettings(fake.url.replace("http://", "https://"), ca_cert=wrong, limits=PATIENT)
    with Session(settings, sleep=lambda _: None) as connection, pytest.raises(UnreachableError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.kind is ReachKind.TLS


class _Tunnel(socketserver.StreamRequestHandler):
    """A proxy that only knows CONNECT."""

    asked: ClassVar[list[str]] = []

    def handle(self) -> None:
        words = self.rfile.readline().decode().split()
        self.asked.append(" ".join(words[:2]))
        while self.rfile.readline().strip():
            pass
        host, port = words[1].split(":")
        assert host == HOST
        with socket.create_connection(("127.0.0.1", int(port))) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._pipe, args=(there, self.connection), daemon=True)
            back.start()
            self._pipe(self.connection, there)
            back.join()

    @staticmethod
    def _pipe(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(65536):
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)


def test_a_proxy_tunnels_to_an_encrypted_grafana(
    secure: FakeGrafana, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Tunnel) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
        # Loopback is never asked through a proxy, so the Grafana has a name that only the proxy knows.
        with _connect(secure, certificates, host=HOST) as connection:
            assert connection.read(ORG, "the organization").status == 200
        proxy.shutdown()
    assert _Tunnel.asked == [f"CONNECT {HOST}:{secure.socket_server.server_address[1]}"]


def test_a_large_dashboard_goes_through(fake: FakeGrafana) -> None:
    content = {"title": "Large", "uid": "large", "notes": "x" * (4 * 2**20)}
    body = {"dashboard": content, "folderUid": "", "overwrite": False}
    with session(fake) as connection:
        connection.write(WriteRequest("POST", route("api", "dashboards", "db"), "dashboard `large`", body))
        found = connection.read(route("api", "dashboards", "uid", "large"), "dashboard `large`").mapping()
    assert len(found["dashboard"]["notes"]) == 4 * 2**20


def test_a_server_that_never_takes_the_body_is_left() -> None:
    limits = Limits(connect=1.0, read=0.3, total=0.6)
    with FakeGrafana() as fake:
        # The listening socket queues connections that nobody reads from: without a limit this would not end.
        fake.socket_server.shutdown()
        settings = ConnectionSettings(fake.url, limits=limits)
        body = {"x": "y" * (32 * 2**20)}
        with Session(settings) as connection, pytest.raises(GrafanaError, match=r"in time|broke off"):
            connection.write(WriteRequest("POST", route("api", "folders"), "folder `a`", body))
