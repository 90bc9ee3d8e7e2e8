"""Columns of numbers: MessagePack extensions 1 to 5, little-endian elements.

A column is an ``array.array`` of type code ``d f i q B``, or a numpy array of the same element type.
"""

from __future__ import annotations

import array
import math
import sys
from collections.abc import Iterable
from typing import Any

from .errors import invalid, malformed

#: Extension type to array type code: float64, float32, int32, int64, uint8.
TYPE_CODES = {1: "d", 2: "f", 3: "i", 4: "q", 5: "B"}
WIDTHS = {1: 8, 2: 4, 3: 4, 4: 8, 5: 1}
_NUMPY_TYPES = {1: "<f8", 2: "<f4", 3: "<i4", 4: "<i8", 5: "u1"}
_KINDS = {("f", 8): 1, ("f", 4): 2, ("i", 4): 3, ("i", 8): 4, ("u", 1): 5}
_ARRAY_KINDS = {"d": "f", "f": "f", "b": "i", "h": "i", "i": "i", "l": "i", "q": "i"}
_BIG_ENDIAN = sys.byteorder == "big"


def column(values: Iterable[float]) -> array.array[float]:
    """A float64 column of any numbers."""
    return array.array("d", values)


def is_numpy(value: Any) -> bool:
    """Whether a value is of numpy, without importing it."""
    return type(value).__module__.split(".")[0] == "numpy"


def column_bytes(value: Any, field: str) -> tuple[int, bytes] | None:
    """Extension type and payload of a column; ``None`` for what is none."""
    if isinstance(value, array.array):
        kind = _ARRAY_KINDS.get(value.typecode, "u")
        ext = _KINDS.get((kind, value.itemsize))
        if ext is None or value.typecode in "uw":
            raise invalid(field, value.typecode, "an array of type code d, f, i, q or B")
        if _BIG_ENDIAN:
            value = value[:]
            value.byteswap()
        return ext, value.tobytes()
    if not is_numpy(value) or not hasattr(value, "dtype") or not hasattr(value, "ndim"):
        return None
    if value.ndim == 0:
        return None
    ext = _KINDS.get((value.dtype.kind, value.dtype.itemsize))
    if value.ndim != 1 or ext is None:
        allowed = "one dimension of float64, float32, int32, int64 or uint8"
        raise invalid(field, f"{value.dtype} of shape {value.shape}", allowed)
    return ext, value.astype(_NUMPY_TYPES[ext], copy=False).tobytes()


def column_values(ext: int, payload: bytes, use_numpy: bool) -> Any:
    """A column as it arrived; its length has been checked."""
    if use_numpy:
        import numpy

        # A copy: the bytes of a message cannot be written to, and a caller may want to.
        return numpy.frombuffer(payload, dtype=_NUMPY_TYPES[ext]).copy()
    code = TYPE_CODES.get(ext)
    if code is None:
        raise malformed(f"an unknown extension type {ext}")
    values = array.array(code)
    values.frombytes(payload)
    if _BIG_ENDIAN:
        values.byteswap()
    return values


def non_finite_at(value: Any) -> int | None:
    """Index of the first NaN or infinity of a float column."""
    if isinstance(value, array.array):
        if value.typecode not in "df":
            return None
        return next((i for i, each in enumerate(value) if not math.isfinite(each)), None)
    if value.dtype.kind != "f":
        return None
    import numpy

    bad = numpy.flatnonzero(~numpy.isfinite(value))
    return int(bad[0]) if bad.size > 0 else None
