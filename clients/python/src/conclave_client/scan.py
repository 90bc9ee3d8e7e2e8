"""Walks MessagePack without building anything from it, and refuses what must not be decoded.

msgpack allocates what a header announces; nested headers of a few bytes can announce gigabytes. So every
document is walked first: declared elements against bytes left, depth, structures, strings, keys, extensions.
"""

from __future__ import annotations

import struct

from . import limits
from .columns import WIDTHS
from .errors import malformed

_FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xD0: 1, 0xD1: 2, 0xD2: 4}
_SIZES = {1: ">B", 2: ">H", 4: ">I"}


class Scan:
    """One walk over ``data``; ``at`` is where it stands."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self.end = len(data)
        self._owed = 0
        self._structures = 0

    def take(self, count: int) -> int:
        """Steps over bytes; where they start."""
        start = self.at
        if count > self.end - start:
            raise malformed(f"truncated at byte {start}")
        self.at = start + count
        return start

    def byte(self) -> int:
        return self.data[self.take(1)]

    def size(self, width: int) -> int:
        """An unsigned number of 1, 2 or 4 bytes."""
        start = self.take(width)
        return int(struct.unpack_from(_SIZES[width], self.data, start)[0])

    def document(self) -> None:
        """One value, and nothing after it."""
        self.value(limits.DEPTH)
        if self.at != self.end:
            raise malformed(f"trailing bytes at byte {self.at}")

    def value(self, depth_left: int) -> None:
        """Steps over one value that may hold ``depth_left`` levels of maps and arrays."""
        tag = self.byte()
        if tag < 0x80 or tag >= 0xE0:
            return
        if tag < 0x90:
            self._map(tag & 0x0F, depth_left)
        elif tag < 0xA0:
            self._array(tag & 0x0F, depth_left)
        elif tag < 0xC0:
            self._text(tag & 0x1F)
        elif tag in _FIXED:
            self.take(_FIXED[tag])
        elif tag == 0xC1:
            raise malformed(f"an illegal byte at byte {self.at - 1}")
        elif tag <= 0xC6:
            self._binary(self.size(1 << (tag - 0xC4)))
        elif tag <= 0xC9:
            self._extension(self.size(1 << (tag - 0xC7)))
        elif tag in (0xCF, 0xD3):
            self._integer(signed=tag == 0xD3)
        elif tag <= 0xD8:
            self._extension(1 << (tag - 0xD4))
        elif tag <= 0xDB:
            self._text(self.size(1 << (tag - 0xD9)))
        elif tag <= 0xDD:
            self._array(self.size(1 << (tag - 0xDB)), depth_left)
        else:
            self._map(self.size(1 << (tag - 0xDD)), depth_left)

    def key(self) -> str:
        """A map key: text, and not forbidden."""
        tag = self.byte()
        if 0xA0 <= tag < 0xC0:
            key = self._text(tag & 0x1F)
        elif 0xD9 <= tag <= 0xDB:
            key = self._text(self.size(1 << (tag - 0xD9)))
        else:
            raise malformed(f"a key that is no text at byte {self.at - 1}")
        if key in limits.FORBIDDEN_KEYS:
            raise malformed("a forbidden key")
        return key

    def open(self, elements: int, structures: int, depth_left: int) -> None:
        """Elements declared, summed over all open containers, may not exceed the bytes left."""
        if depth_left == 0:
            raise malformed(f"nested deeper than {limits.DEPTH}")
        self._owed += elements
        if self._owed > self.end - self.at:
            raise malformed("more elements declared than bytes left")
        self._structures += structures
        if self._structures > limits.STRUCTURES:
            raise malformed(f"more than {limits.STRUCTURES} maps, arrays and map entries")

    def paid(self, elements: int) -> None:
        """Elements of an open container that are about to be seen."""
        self._owed -= elements

    def _array(self, count: int, depth_left: int) -> None:
        self.open(count, 1, depth_left)
        for _ in range(count):
            self._owed -= 1
            self.value(depth_left - 1)

    def _map(self, count: int, depth_left: int) -> None:
        self.open(count * 2, 1 + count, depth_left)
        seen: set[str] = set()
        for _ in range(count):
            self._owed -= 2
            key = self.key()
            if key in seen:
                raise malformed("a repeated key")
            seen.add(key)
            self.value(depth_left - 1)

    def _text(self, size: int) -> str:
        if size > limits.STRING_BYTES:
            raise malformed(f"a string longer than {limits.STRING_BYTES} bytes")
        start = self.take(size)
        try:
            return str(self.data[start : self.at], "utf-8")
        except UnicodeDecodeError:
            raise malformed(f"invalid UTF-8 at byte {start}") from None

    def _binary(self, size: int) -> None:
        if size > limits.STRING_BYTES:
            raise malformed(f"binary longer than {limits.STRING_BYTES} bytes")
        self.take(size)

    def _extension(self, size: int) -> None:
        ext = self.byte()
        width = WIDTHS.get(ext)
        if width is None:
            raise malformed(f"an unknown extension type {ext - 256 if ext > 127 else ext}")
        if size % width != 0:
            raise malformed("a column with a broken element")
        self.take(size)

    def _integer(self, signed: bool) -> None:
        start = self.take(8)
        number = struct.unpack_from(">q" if signed else ">Q", self.data, start)[0]
        if abs(number) > limits.LARGEST_INTEGER:
            raise malformed(f"an integer beyond 2^53 at byte {start}")
