"""The file of access tokens: their names, tenants and hashes, never the tokens themselves."""

from __future__ import annotations

import fcntl
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import structlog

from lens_rx.facts.errors import LensRxError
from lens_rx.runs.keys import DEFAULT_TENANT

#: Begins every token, so that scanners of code and logs recognise one.
SECRET_PREFIX = "lrx_"  # noqa: S105 - it is public
SECRET_BYTES = 32
NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _@-]{0,63}")
TENANT_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
FILE_VERSION = 1

_log = structlog.get_logger()


class TokenFileError(LensRxError):
    """The file cannot be read or written, or a name is not right; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is stored of a token: `digest` is the SHA-256 of the token, `session_digest` of its sessions' cookie."""

    name: str
    tenant: str
    digest: str
    session_digest: str
    created_at: str


def generate_secret() -> str:
    """Return a new random token."""
    return SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def session_value(secret: str) -> str:
    """Return the value of the cookie that a login with a token sets: it gives the access, but not the token.

    It is derived from the token, so that all nodes of a service know it, and that revoking the token ends it.
    """
    return hmac.new(secret.encode(), b"lens_rx session", sha256).hexdigest()


def digest_of(value: str) -> str:
    """Return the SHA-256 of a token or a cookie; both are random, so that no slow hash is needed."""
    return sha256(value.encode(errors="surrogateescape")).hexdigest()


def make_token(secret: str, name: str, tenant: str = DEFAULT_TENANT) -> Token:
    """Return what is stored of a token; raise `TokenFileError` for a name that is not right."""
    if not NAME_PATTERN.fullmatch(name):
        raise TokenFileError("A token's name has letters, digits, blanks, _, @ and -, 64 at most.")
    if not TENANT_PATTERN.fullmatch(tenant):
        raise TokenFileError("A tenant's name has small letters, digits, _ and -, 32 at most.")
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Token(name, tenant, digest_of(secret), digest_of(session_value(secret)), created_at)


class TokenFile:
    """The tokens of a file; a running service sees each change at the next request."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._version: tuple[int, int, int] | None = None
        self._tokens: Sequence[Token] = ()

    def current(self) -> Sequence[Token]:
        """Return the tokens, read again when the file has changed; none, with a line in the log, if it is broken."""
        try:
            status = self.path.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
        except OSError:
            version = None
        if version != self._version:
            self._version, self._tokens = version, ()
            try:
                self._tokens = self.read()
            except TokenFileError as error:
                _log.error("no token is valid", why=str(error))
        return self._tokens

    def read(self) -> Sequence[Token]:
        """Return the tokens, none where there is no file; raise `TokenFileError`."""
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o022:
                    raise TokenFileError(f"Others can write {self.path}. Please run: chmod 600 {self.path}")
                return _parse(file.read())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise TokenFileError(f"{self.path} cannot be read: {error.strerror}.") from None
        except (ValueError, TypeError, KeyError):
            raise TokenFileError(f"{self.path} is no file of tokens.") from None

    def add(self, name: str, tenant: str = DEFAULT_TENANT) -> str:
        """Store a new token and return it; raise `TokenFileError` where the name is taken."""
        secret = generate_secret()
        token = make_token(secret, name, tenant)
        with self._locked():
            tokens = self.read()
            if any(it.name == name for it in tokens):
                raise TokenFileError(
                    f"There is a token {name} already. Revoke it first, or use another name."
                )
            self._write([*tokens, token])
        return secret

    def revoke(self, name: str) -> None:
        """Remove a token; raise `TokenFileError` where there is none of this name."""
        with self._locked():
            tokens = self.read()
            kept = [it for it in tokens if it.name != name]
            if len(kept) == len(tokens):
                raise TokenFileError(
                    f"There is no token {name}. lens-rx tokens list shows those that there are."
                )
            self._write(kept)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from changing the file in the block."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            directory = os.open(self.path.parent, os.O_RDONLY)
        except OSError as error:
            raise TokenFileError(f"{self.path.parent} cannot be used: {error.strerror}.") from None
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)

    def _write(self, tokens: Sequence[Token]) -> None:
        """Replace the file at once; only its owner can read it."""
        body = orjson.dumps({"version": FILE_VERSION, "tokens": tokens}, option=orjson.OPT_INDENT_2)
        try:
            descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(body + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise TokenFileError(f"{self.path} cannot be written: {error.strerror}.") from None


def _parse(content: bytes) -> Sequence[Token]:
    document: Any = orjson.loads(content)
    if document["version"] != FILE_VERSION:
        raise ValueError("another version")
    return tuple(_parse_token(it) for it in document["tokens"])


def _parse_token(row: dict[str, Any]) -> Token:
    token = Token(**row)
    if not (TENANT_PATTERN.fullmatch(token.tenant) and len(token.digest) == len(token.session_digest) == 64):
        raise ValueError("a row is not right")
    return token
