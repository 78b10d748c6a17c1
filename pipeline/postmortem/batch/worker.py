"""A worker process: takes shards from its standard input, gives products to its standard output, until that ends.

It is a process of its own so that nothing in a report can cost more than itself: an endless loop, be it in C code that no
exception interrupts, is ended by an alarm whose default action ends the process; a crash or the system's out-of-memory
killer ends the process too. Whoever started it (`postmortem.batch.crew`) knows which report was begun last.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import IO, Final

from postmortem.batch import wire
from postmortem.batch.model import Settings, Task
from postmortem.batch.shard import convert_item, convert_shard

_WARM_UP: Final = (
    "# Outage\n\nOn 3 May 2023 the site was down from 10:00 to 11:00 UTC because the disk was full.\n"
)


def main() -> None:
    """Serve whoever holds the other ends of standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the driver, which ends its workers itself
    source, sink = _streams()
    try:
        serve(source, sink)
    except (EOFError, OSError):
        os._exit(0)  # the driver is gone: nobody is left to tell


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer tasks until `source` ends (EOFError)."""
    _, settings = wire.receive(source)
    _warm_up(settings)
    wire.send(sink, wire.READY, os.getpid())
    while True:
        _, task = wire.receive(source)
        wire.send(sink, wire.PRODUCT, _converted(task, settings, sink))


def _converted(task: Task, settings: Settings, sink: IO[bytes]) -> object:
    limit = _alarm(settings.timeout)

    def begin(position: int) -> None:
        limit(position < len(task.items))
        wire.send_begin(sink, position)

    return convert_shard(task, settings, begin)


def _alarm(seconds: float | None) -> Callable[[bool], None]:
    """Return what sets the alarm anew (true) or off (false). It ends the process even within C code."""
    if not seconds:
        return lambda _: None
    if hasattr(signal, "setitimer"):
        return lambda on: (signal.setitimer(signal.ITIMER_REAL, seconds if on else 0), None)[1]
    silent = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    return lambda on: (
        faulthandler.dump_traceback_later(seconds, exit=True, file=silent)
        if on
        else faulthandler.cancel_dump_traceback_later()
    )


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two ends of the wire. What a library prints goes to standard error, so that it cannot get between messages."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    os.dup2(2, 1)
    return source, sink


def _warm_up(settings: Settings) -> None:
    """Load everything once; what is loaded stays, so the garbage collector need not look at it again."""
    if settings.convert is convert_item:
        from postmortem.assemble import parse_all

        parse_all(_WARM_UP)
    if settings.tables:
        from postmortem.dataset import to_arrow

        to_arrow("files", [])
    gc.collect()
    gc.freeze()
