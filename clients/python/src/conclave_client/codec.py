"""Payloads to bytes and back, in both codecs, checked on both ways."""

from __future__ import annotations

import array
import json
import math
from typing import Any

import msgpack

from . import limits
from .columns import column_bytes, column_values, is_numpy, non_finite_at
from .errors import ServiceError, invalid, malformed
from .scan import Scan

MSGPACK = "msgpack"
JSON = "json"


class _Flawed(dict):  # type: ignore[type-arg]
    """A JSON map with a key that may not be there; refused where the map is looked at."""

    reason = ""


def encode_body(codec: str, value: Any) -> bytes:
    """The bytes of a payload. Columns are extensions in MessagePack and lists in JSON.

    Raises ServiceError INVALID_ARGUMENT naming the field that cannot be encoded.
    """
    if codec == JSON:
        return json_bytes(plain(value, JSON))
    return msgpack_bytes(plain(value, MSGPACK))


def msgpack_bytes(value: Any) -> bytes:
    return bytes(msgpack.packb(value, use_bin_type=True))


def json_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode_body(codec: str, data: bytes, *, use_numpy: bool = False) -> Any:
    """The value of a payload, checked before anything is built from it. Raises ServiceError INVALID_ARGUMENT."""
    if len(data) > limits.MESSAGE_BYTES:
        raise malformed(f"{len(data)} bytes; at most {limits.MESSAGE_BYTES} are allowed")
    if codec == JSON:
        value = parse_json(data)
        check_json(value)
        return value
    Scan(data).document()
    value = msgpack.unpackb(
        data,
        raw=False,
        strict_map_key=True,
        ext_hook=lambda ext, payload: column_values(ext, payload, use_numpy),
    )
    _refuse_non_finite(value, "")
    return value


def plain(value: Any, codec: str, path: str = "", depth_left: int = limits.DEPTH) -> Any:
    """A payload as the packers take it: maps, lists, texts, finite numbers, extensions."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not is_text(value):
            raise invalid(path, value, "a text without half characters (lone surrogates)")
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise invalid(path, value, "a finite number")
        # The shortest text of a number, as every other writer of JSON has it: 2 rather than 2.0.
        shorter = codec == JSON and value.is_integer() and abs(value) <= limits.LARGEST_INTEGER
        return int(value) if shorter else float(value)
    if isinstance(value, int):
        if abs(value) > limits.LARGEST_INTEGER:
            raise invalid(path, value, "an integer within ±(2^53 - 1)")
        return int(value)
    if isinstance(value, (dict, list, tuple)):
        if depth_left == 0:
            raise invalid(path, "deeper nesting", f"at most {limits.DEPTH} levels")
        if isinstance(value, dict):
            return _plain_map(value, codec, path, depth_left)
        return [plain(each, codec, f"{path}[{i}]", depth_left - 1) for i, each in enumerate(value)]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value) if codec == MSGPACK else list(bytes(value))
    return _plain_column(value, codec, path)


def is_text(value: str) -> bool:
    """Whether a text can be written as UTF-8: JSON lets half of a surrogate pair through, UTF-8 does not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain_map(value: dict[Any, Any], codec: str, path: str, depth_left: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, member in value.items():
        if not isinstance(key, str) or not is_text(key):
            raise invalid(path or "body", key, "a text, as every key")
        inner = f"{path}.{key}" if path else key
        if key in limits.FORBIDDEN_KEYS:
            raise invalid(inner, key, "another key")
        made[key] = plain(member, codec, inner, depth_left - 1)
    return made


def _plain_column(value: Any, codec: str, path: str) -> Any:
    column = column_bytes(value, path)
    if column is None:
        if is_numpy(value) and hasattr(value, "item"):
            return plain(value.item(), codec, path)
        raise invalid(path, type(value).__name__, "a map, list, text, number, true, false, null or column")
    bad = non_finite_at(value)
    if bad is not None:
        raise invalid(f"{path}[{bad}]", value[bad], "a finite number")
    if codec == MSGPACK:
        return msgpack.ExtType(*column)
    return [plain(each, JSON, f"{path}[{i}]") for i, each in enumerate(value.tolist())]


def _refuse_non_finite(value: Any, path: str) -> None:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise invalid(path or "body", value, "a finite number")
    elif isinstance(value, dict):
        for key, member in value.items():
            _refuse_non_finite(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, each in enumerate(value):
            _refuse_non_finite(each, f"{path}[{i}]")
    elif isinstance(value, array.array) or (is_numpy(value) and hasattr(value, "dtype")):
        bad = non_finite_at(value)
        if bad is not None:
            raise invalid(f"{path}[{bad}]", value[bad], "a finite number")


def parse_json(data: bytes) -> Any:
    """JSON with its flaws marked where they are, so that they spoil only what they are part of."""
    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=_map_of, parse_constant=_refuse_constant)
    except ServiceError:
        raise
    except (ValueError, RecursionError) as error:
        raise malformed(f"no valid JSON: {type(error).__name__}") from None


def check_json(value: Any) -> None:
    """Depth, structures, strings, keys and numbers of a parsed document."""
    structures = 0
    left: list[tuple[Any, str, int]] = [(value, "", limits.DEPTH)]
    while left:
        each, path, depth_left = left.pop()
        if isinstance(each, str):
            if len(each) > limits.STRING_BYTES:
                raise malformed(f"a string longer than {limits.STRING_BYTES}")
        elif isinstance(each, float):
            if not math.isfinite(each):
                raise invalid(path or "body", each, "a finite number")
        elif isinstance(each, (dict, list)):
            if depth_left == 0:
                raise malformed(f"nested deeper than {limits.DEPTH}")
            if isinstance(each, _Flawed):
                raise malformed(each.reason)
            structures += 1 + (len(each) if isinstance(each, dict) else 0)
            if structures > limits.STRUCTURES:
                raise malformed(f"more than {limits.STRUCTURES} maps, arrays and map entries")
            if isinstance(each, dict):
                for key, member in each.items():
                    left.append((member, f"{path}.{key}" if path else key, depth_left - 1))
            else:
                left.extend((item, f"{path}[{i}]", depth_left - 1) for i, item in enumerate(each))


def _map_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    forbidden = not limits.FORBIDDEN_KEYS.isdisjoint(made)
    if len(made) == len(pairs) and not forbidden:
        return made
    flawed = _Flawed(made)
    flawed.reason = "a forbidden key" if forbidden else "a repeated key"
    return flawed


def is_flawed(value: Any) -> bool:
    return isinstance(value, _Flawed)


def _refuse_constant(name: str) -> Any:
    raise malformed(f"{name}; JSON has no such number")
