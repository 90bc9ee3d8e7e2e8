"""Files that the security of a client rests on: refused where others could have read or written them."""

from __future__ import annotations

import os
import stat

from .errors import ServiceError

#: Key files are a few lines; anything longer is something else.
_MAX_BYTES = 1024 * 1024


def read_protected_file(path: str, *, secret: bool) -> str | None:
    """The text of a file; ``None`` when there is none. ``secret``: only its owner may be able to read it.

    The checks are made on the open file, so that it cannot be exchanged between check and reading. Raises
    FAILED_PRECONDITION that names the file, its mode and what to do.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    try:
        _check(path, os.fstat(descriptor), secret)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # What is no text becomes one that is no key: the error of a decoder would repeat it.
            return file.read().decode("utf-8", "replace")
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _check(path: str, found: os.stat_result, secret: bool) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_BYTES:
        raise _refused(path, f"is no file of at most {_MAX_BYTES} bytes")
    # The modes and owners of Windows say nothing.
    if os.name != "posix":
        return
    mode = found.st_mode & 0o777
    if found.st_uid not in (os.getuid(), 0):
        raise _refused(path, f"belongs to user {found.st_uid}; must belong to user {os.getuid()} or 0")
    if secret and mode & 0o077:
        raise _refused(path, f"has mode {mode:04o}, so others can use its secret; must be 0600: chmod 600 {path}")
    if mode & 0o022:
        raise _refused(path, f"has mode {mode:04o}, so others can change it; must be 0644 or less: chmod go-w {path}")


def _refused(path: str, why: str) -> ServiceError:
    return ServiceError("FAILED_PRECONDITION", f"{path}: {why}", field=path)
