"""The disk under the stack, and how long Prometheus keeps its data."""

from pathlib import Path
from typing import Final

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.prometheus_link import own_metrics, value_of
from dashgen.doctor.subject import Subject
from dashgen.doctor.tools import Disk
from dashgen.servers.telemetry import ServiceError

LEAST_SHARE: Final = 0.05
LEAST_BYTES: Final = 1024**3
_VOLUMES: Final = Path("/var/lib/docker/volumes")


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether there is room on the disks of the stack, as far as they can be seen from here."""
    retention = "" if diagnosis.reason(ChainLink.PROMETHEUS) else _retention(subject)
    if subject.stack is None:
        return (
            judged([], retention) if retention else skipped("no stack is given, so its disks are elsewhere")
        )
    sizes = {path: subject.tools.disk(path) for path in (subject.stack.folder, _VOLUMES)}
    disks = {path: disk for path, disk in sizes.items() if disk is not None}
    faults = [fault for path, disk in disks.items() for fault in judge(path, disk)]
    figures = {str(path): {"total": disk.total, "free": disk.free} for path, disk in disks.items()}
    room = "there is room" if disks else "the size of the disk is unknown here"
    # Both folders may be on one disk, which is full once.
    return judged(faults[:1], "; ".join(filter(None, (room, retention))), figures)


def judge(path: Path, disk: Disk) -> list[LinkFault]:
    """Whether a disk is nearly full: a twentieth of it, or a gigabyte, has to be free."""
    if disk.free >= LEAST_BYTES and disk.free >= LEAST_SHARE * disk.total:
        return []
    finding = LiveFinding(
        f"the disk of `{path}` is nearly full",
        f"{_size(disk.free)} of {_size(disk.total)} are free",
        "images, volumes and logs grow; a full disk stops every database of the stack",
        "`docker system df` shows what takes room; "
        "shorten `PROMETHEUS_RETENTION` and `LOKI_RETENTION` in `.env`",
    )
    return [LinkFault(finding)]


def _retention(subject: Subject) -> str:
    server = subject.servers.prometheus
    if server is None:
        return ""
    try:
        retention = server.retention()
    except ServiceError:
        return ""
    used = value_of(own_metrics(server), "prometheus_tsdb_storage_blocks_bytes")
    blocks = f", {_size(int(used))} so far" if used else ""
    return f"Prometheus keeps {retention}{blocks}" if retention else ""


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
