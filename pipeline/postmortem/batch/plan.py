"""Items to shards. Where a shard ends hangs on names alone, so a file more or less changes one shard and leaves the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

from postmortem.inputs import Item

SHARD: Final = 64
"""How many items a shard has on average."""
PART: Final = 1024
"""How many items a file of records has on average: a multiple of `SHARD`."""
_MOST: Final = 4 * SHARD
_MOST_BYTES: Final = 8_000_000


def shards(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Yield the items in groups, in order, none empty; only one group is in memory."""
    held: list[Item] = []
    size = 0
    for item in items:
        held.append(item)
        size += len(item.data or b"") + len(item.text or "")
        if ends(item.name, SHARD) or len(held) == _MOST or size >= _MOST_BYTES:
            yield tuple(held)
            held, size = [], 0
    if held:
        yield tuple(held)


def ends(name: str, one_in: int) -> bool:
    """Whether a group ends with the item of this name: true of one name in `one_in`."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) % one_in == 0
