"""Work in several processes: forked, so that what was imported and read is there already."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from dashgen.core.errors import DashgenError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_RESULT, _FAILURE, _END = b"\x00", b"\x01", b"\x02"
Share = TypeVar("Share")


def usable_processors() -> int:
    """How many processors this process may use; one where that is not known."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def balanced_shares(weights: Sequence[float], count: int) -> list[list[int]]:
    """The indices of works in shares of about the same weight; the heaviest work comes first in each.

    Args:
        weights: how much each work is.
        count: how many shares there are.
    """
    shares: list[list[int]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for index in sorted(range(len(weights)), key=lambda index: (-weights[index], index)):
        lightest = loads.index(min(loads))
        shares[lightest].append(index)
        loads[lightest] += weights[index]
    return shares


def forked_results(
    shares: Sequence[Share], work: Callable[[Share], Iterable[bytes]]
) -> Iterator[tuple[int, bytes]]:  # fmt: skip
    """Do each share of a work in a process of its own.

    The processes start at once, before the first result is taken: a thread that starts afterwards, such as that
    of a progress line, is not copied by halves.

    Args:
        shares: what each process does.
        work: gives the results of a share.

    Returns:
        The index of a share with one of its results, as they come; those of one share are in their order.

    Raises:
        DashgenError: a process was killed, or its work cannot be done.
    """
    import multiprocessing  # most commands have too little to do for it

    fork = multiprocessing.get_context("fork")
    receivers = {}
    for number, share in enumerate(shares):
        receiver, sender = fork.Pipe(duplex=False)
        # It ends with this process, whatever ends that.
        worker = fork.Process(target=_send, args=(sender, share, work), daemon=True)
        worker.start()
        sender.close()
        receivers[receiver] = number, worker
    return _received(receivers)


def _received(receivers: dict["Connection", tuple[int, "ForkProcess"]]) -> Iterator[tuple[int, bytes]]:
    from multiprocessing.connection import wait

    while receivers:
        ready = wait(list(receivers))
        for receiver in [one for one in receivers if one in ready]:
            try:
                sent = receiver.recv_bytes()
            except EOFError:
                raise DashgenError("a worker process ended before its work was done") from None
            if sent[:1] == _FAILURE:
                raise DashgenError(sent[1:].decode())
            if sent == _END:
                receivers.pop(receiver)[1].join()
                receiver.close()
            else:
                yield receivers[receiver][0], sent[1:]


def _send(sender: "Connection", share: Share, work: Callable[[Share], Iterable[bytes]]) -> None:
    try:
        for result in work(share):
            sender.send_bytes(_RESULT + result)
        sender.send_bytes(_END)
    except DashgenError as error:
        sender.send_bytes(_FAILURE + str(error).encode())
    except KeyboardInterrupt:
        return
    sender.close()
