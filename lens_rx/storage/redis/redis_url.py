"""Addresses of Redis: those of sentinels, and how an address is shown."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

DEFAULT_PORT = 26379


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """What a redis+sentinel:// address says.

    `server` is the address of the master as redis-py takes it, with user, password, database and options, and
    with a host that means nothing.
    """

    sentinels: tuple[tuple[str, int], ...]
    service: str
    server: str
    sentinel_username: str | None
    sentinel_password: str | None


def parse_sentinel_url(url: str) -> SentinelUrl | None:
    """Read `redis+sentinel://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…]/SERVICE[/NUMBER][?OPTIONS]`.

    `rediss+sentinel` speaks TLS with the master and the sentinels. The options are those of redis-py, such as
    `ssl_ca_certs`, with `sentinel_username` and `sentinel_password` beside them. Returns None for another
    scheme; raises `ValueError` where a part is missing.
    """
    parts = urlsplit(url)
    scheme, plus, kind = parts.scheme.partition("+")
    if not plus or kind != "sentinel" or scheme not in {"redis", "rediss"}:
        return None
    credentials, at, hosts = parts.netloc.rpartition("@")
    service, _, number = parts.path.strip("/").partition("/")
    if not service or not hosts:
        raise ValueError("a sentinel's address and the name of the service are needed")
    options = dict(parse_qsl(parts.query))
    username, password = (options.pop(f"sentinel_{name}", None) for name in ("username", "password"))
    return SentinelUrl(
        tuple(_host_and_port(host) for host in hosts.split(",")),
        service,
        f"{scheme}://{credentials}{at}master:6379/{number or 0}?{urlencode(options)}",
        username,
        password,
    )


def without_credentials(url: str) -> str:
    """Return the address of Redis without its user, passwords and options, to be shown and logged."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _host_and_port(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError(f"{text!r} is no host")
    return parts.hostname, parts.port or DEFAULT_PORT
