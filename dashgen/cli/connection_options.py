"""Options of commands that talk to a running Grafana."""

from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.options import Environment, ProjectFolder
from dashgen.cli.parameters import Option

Url = Annotated[
    str, Option("--url", "-u", metavar="URL", help="The Grafana's address; `GRAFANA_URL` when absent.")
]
TargetNames = Annotated[
    list[str] | None,
    Option("--target", "-t", metavar="NAME", help="A target of dashgen.yaml; may be repeated."),
]
Concurrency = Annotated[
    int, Option("--concurrency", min=1, max=64, help="How many requests may run at once.")
]
CaCert = Annotated[
    Path | None, Option("--ca-cert", metavar="FILE", help="The certificate of the server's authority.")
]
ClientCert = Annotated[Path | None, Option("--client-cert", metavar="FILE", help="The client's certificate.")]
ClientKey = Annotated[Path | None, Option("--client-key", metavar="FILE", help="The client's key.")]

DryRun = Annotated[bool, Option("--dry-run", "-n", help="Show the plan; change nothing.")]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Show no progress.")]


class GrafanaOptions(NamedTuple):
    """Which Grafanas a command is about."""

    project: ProjectFolder = Path()
    url: Url = ""
    target: TargetNames = None
    env: Environment = None


class CertificateOptions(NamedTuple):
    """What TLS needs."""

    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None


class TransferOptions(NamedTuple):
    """How many requests run at once and what is shown meanwhile, and what TLS needs."""

    quiet: Quiet = False
    concurrency: Concurrency = 8
    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None
