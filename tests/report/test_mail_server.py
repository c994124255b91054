"""Mails through a real SMTP server."""

import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.report.mail_server import Encryption, MailError, MailSettings, mail_settings, send_mail
from dashgen.servers.http.secret import Secret
from tests.report.smtp_server import PASSWORD, certificate, hanging_server, mail_server

ONE = ["one@example.com"]
TWO = ["one@example.com", "two@example.com"]
HOST = {"SMTP_HOST": "mail.example.com", "SMTP_FROM": "reports@example.com"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"))


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Yesterday", "reports@example.com", ", ".join(TWO)
    mail.set_content("12 signups\n")
    return mail


def plain(port: int, **more: object) -> MailSettings:
    return MailSettings("localhost", port, "reports@example.com", Encryption.NONE, **more)  # type: ignore[arg-type]


def encrypted(port: int, cert: Path, encryption: Encryption, **more: object) -> MailSettings:
    return MailSettings(
        "localhost", port, "reports@example.com", encryption, ca_cert=str(cert), **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_mail_arrives_for_all_recipients_with_the_sender() -> None:
    with mail_server() as mailbox:
        delivery = send_mail(plain(mailbox.port), message(), TWO)
    (mail,) = mailbox.mails
    assert delivery.accepted == tuple(TWO)
    assert delivery.refused == {}
    assert (mail.sender, mail.recipients) == ("reports@example.com", TWO)
    assert mail.message.get_content() == "12 signups\r\n"


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_a_connection_is_encrypted_and_the_certificate_checked(
    own: tuple[ssl.SSLContext, Path], encryption: Encryption
) -> None:
    context, cert = own
    with mail_server(context, implicit=encryption is Encryption.TLS) as mailbox:
        send_mail(encrypted(mailbox.port, cert, encryption), message(), ONE)
        with pytest.raises(
            MailError, match=r"certificate of the mail server localhost:[0-9]+ is not trusted"
        ) as caught:
            send_mail(MailSettings("localhost", mailbox.port, "a@b.c", encryption), message(), ONE)
    assert not caught.value.is_unknown
    assert len(mailbox.mails) == 1


def test_the_name_of_a_certificate_counts(tmp_path: Path) -> None:
    context, cert = certificate(tmp_path, "other.example.com")
    with (
        mail_server(context, implicit=True) as mailbox,
        pytest.raises(MailError, match=r"is not trusted: [Hh]ostname mismatch"),
    ):
        send_mail(encrypted(mailbox.port, cert, Encryption.TLS), message(), ONE)
    assert mailbox.mails == []


def test_a_server_without_starttls_gets_nothing(own: tuple[ssl.SSLContext, Path]) -> None:
    with mail_server() as mailbox, pytest.raises(MailError, match="offers no STARTTLS"):
        send_mail(encrypted(mailbox.port, own[1], Encryption.STARTTLS), message(), ONE)
    assert mailbox.mails == []


def test_a_user_logs_in_and_a_wrong_password_is_never_shown(own: tuple[ssl.SSLContext, Path]) -> None:
    context, cert = own
    with mail_server(context, users=True) as mailbox:
        for password in (PASSWORD, "wrong pony"):
            settings = encrypted(
                mailbox.port, cert, Encryption.STARTTLS, user="reports", password=Secret(password)
            )
            if password == PASSWORD:
                send_mail(settings, message(), ONE)
                continue
            with pytest.raises(MailError, match="rejects the credentials: 535") as caught:
                send_mail(settings, message(), ONE)
            assert "pony" not in str(caught.value)
            assert "pony" not in repr(settings)
    assert len(mailbox.mails) == 1


def test_the_others_get_the_mail_when_the_server_refuses_some() -> None:
    with mail_server() as mailbox:
        mailbox.refused["two@example.com"] = "550 no such user\x1b[31m"
        delivery = send_mail(plain(mailbox.port), message(), TWO)
    assert delivery.accepted == ("one@example.com",)
    assert delivery.refused["two@example.com"].startswith("550 no such user")
    assert "\x1b" not in delivery.refused["two@example.com"]
    assert mailbox.mails[0].recipients == ["one@example.com"]


def test_nothing_is_about_to_be_sent_when_all_recipients_are_refused() -> None:
    marks: list[str] = []
    with mail_server() as mailbox:
        mailbox.refused = dict.fromkeys(TWO, "550 no such user")
        with pytest.raises(MailError, match="refuses all recipients") as caught:
            send_mail(plain(mailbox.port), message(), TWO, lambda: marks.append("sending"))
    assert caught.value.refused == dict.fromkeys(TWO, "550 no such user")
    assert marks == []
    assert mailbox.mails == []


def test_a_mail_that_the_server_refuses_surely_did_not_arrive() -> None:
    with mail_server() as mailbox:
        mailbox.reply = "554 looks like spam"
        with pytest.raises(MailError, match="refuses the mail: 554 looks like spam") as caught:
            send_mail(plain(mailbox.port), message(), ONE)
    assert not caught.value.is_unknown


@pytest.mark.parametrize(
    ("greeting", "drip"),
    [(b"", b""), (b"220 hello\r\n", b""), (b"220-", b"x"), (b"", b"220-more\r\n"), (b"250 wrong\r\n", b"")],
)
def test_a_server_that_hangs_or_drips_is_given_up(greeting: bytes, drip: bytes) -> None:
    with hanging_server(greeting, drip) as port:
        settings = MailSettings("127.0.0.1", port, "a@b.c", Encryption.NONE, seconds=0.5, total=1.0)
        with pytest.raises(MailError) as caught:
            send_mail(settings, message(), ONE)
    assert not caught.value.is_unknown


def test_a_server_that_is_away_is_named() -> None:
    with pytest.raises(MailError, match=r"the mail server localhost:1 cannot be reached: connection refused"):
        send_mail(plain(1), message(), ONE)


def test_after_the_text_was_sent_nobody_knows() -> None:
    marks: list[str] = []
    answers = b"220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n"
    with hanging_server(answers) as port:
        settings = MailSettings("127.0.0.1", port, "a@b.c", Encryption.NONE, seconds=0.5, total=2.0)
        with pytest.raises(MailError, match="whether the mail arrives is unknown") as caught:
            send_mail(settings, message(), ONE, lambda: marks.append("sending"))
    assert caught.value.is_unknown
    assert marks == ["sending"]


SETTINGS = {
    "smtp.example.com": ("smtp.example.com", 587, "starttls"),
    "smtp.example.com:465": ("smtp.example.com", 465, "tls"),
    "smtp.example.com:2525": ("smtp.example.com", 2525, "starttls"),
    "[2001:db8::1]:25": ("2001:db8::1", 25, "starttls"),
    "2001:db8::1": ("2001:db8::1", 587, "starttls"),
}


@pytest.mark.parametrize("host", SETTINGS)
def test_a_host_has_a_port_and_an_encryption(host: str) -> None:
    settings = mail_settings({**HOST, "SMTP_HOST": host})
    assert (settings.host, settings.port, str(settings.encryption)) == SETTINGS[host]


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"SMTP_HOST": ""}, "`SMTP_HOST` is not set"),
        ({"SMTP_HOST": "https://mail.example.com"}, "`SMTP_HOST` is not a server"),
        ({"SMTP_HOST": "mail:99999"}, "`SMTP_HOST` is not a server"),
        ({"SMTP_HOST": "mail\r\nRCPT TO:<x@y.z>"}, "`SMTP_HOST` is not a server"),
        ({"SMTP_FROM": ""}, "`SMTP_FROM` is not an address"),
        ({"SMTP_FROM": "a@b.c\r\nBcc: x@y.z"}, "`SMTP_FROM` is not an address"),
        ({"SMTP_TLS": "ssl"}, "one of `starttls`, `tls` and `none`"),
        ({"SMTP_USER": "me", "SMTP_PASSWORD": "hunter22", "SMTP_TLS": "none"}, "as readable text"),
        ({"SMTP_PASSWORD_FILE": "/nowhere/at/all"}, "no such file"),
    ],
)
def test_what_is_wrong_with_the_environment_is_said_without_secrets(
    variables: dict[str, str], reason: str
) -> None:
    with pytest.raises(DashgenError, match=reason) as caught:
        mail_settings({**HOST, **variables})
    assert "hunter22" not in str(caught.value)


def test_a_password_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from the file\n", encoding="utf-8")
    settings = mail_settings({**HOST, "SMTP_USER": "me", "SMTP_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings.password.reveal() == "from the file"
