"""Which addresses belong to a server that the patient chose, decided after parsing, never by looking at text.

An address is taken apart and put together again once. What is fetched is the form made here, so that no
second parser can read another host out of it. What two parsers could read differently is refused (RFC 3986,
WHATWG URL, UTS 46).
"""

import ipaddress
import re
from typing import Self
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import msgspec

from connectors.net_errors import BadAddress

LONGEST = 16_384
"""Characters of an address; some servers put a whole search into a `next` link."""
DEFAULT_PORTS = {"https": 443, "http": 80}

_NEVER = re.compile(
    r"[\x00-\x1f\x7f\\]|[\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NOT_IN_PATH = re.compile(r'[ "<>^`{|}\[\]]')
_ABSOLUTE = re.compile(r"(?i:https?)://[^/?#]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?"


class Address(msgspec.Struct, frozen=True):
    """An http or https address in its one form; the fragment is gone, it is never sent."""

    scheme: str
    host: str
    """Lower case, IDN as A-labels; an IPv6 number without its brackets."""
    port: int
    path: str
    """Begins with a slash; no dot segments; unreserved characters unescaped."""
    query: str | None = None

    @property
    def text(self) -> str:
        """The address as it is fetched."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{host}{port}{self.path}{query}"

    @property
    def is_loopback(self) -> bool:
        """Whether the host names this computer by its own name or number."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse(text: str) -> Address:
    """An absolute address, taken apart.

    Raises:
        BadAddress: it isn't one http(s) address that every parser reads alike.
    """
    if len(text) > LONGEST or _NEVER.search(text) or not _ABSOLUTE.match(text):
        raise BadAddress
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadAddress from None
    scheme = parts.scheme.lower()
    host, port = _authority(parts.netloc, scheme)
    return Address(scheme, host, port, _path(parts.path), _query(parts.query) if parts.query else None)


def join(base: str, reference: str) -> Address | None:
    """What a reference means on a page (RFC 3986, 5.2, without its forms that lead to another host by a
    relative reference); None where it is no address."""
    if _NEVER.search(reference) or len(reference) > LONGEST or reference != reference.strip():
        return None
    if not _ABSOLUTE.match(reference):
        if _SCHEME.match(reference) or reference.startswith("//"):
            return None
        reference = urljoin(base, reference)
    try:
        return parse(reference)
    except BadAddress:
        return None


class Origin(msgspec.Struct, frozen=True):
    """Where a token may go: scheme, host, port, and everything at or below one path."""

    scheme: str
    host: str
    port: int
    path: str
    """Without a slash at its end; empty for a whole host."""
    any_case: bool = False
    """Whether the path's case may differ, for servers that are known to change it in their own links."""

    @classmethod
    def of(cls, address: str, *, typed: bool = False, any_case: bool = False) -> Self:
        """The origin of a base address. Plain http is for this computer only, and only where the patient
        typed it.

        Raises:
            BadAddress: it isn't an address, or not one that may be used.
        """
        parsed = parse(address)
        if parsed.scheme == "http" and not (typed and parsed.is_loopback):
            raise BadAddress(insecure=True)
        return cls(parsed.scheme, parsed.host, parsed.port, parsed.path.rstrip("/"), any_case)

    @property
    def base(self) -> str:
        """The base address, without a slash at its end."""
        return Address(self.scheme, self.host, self.port, self.path).text

    def covers(self, address: str) -> bool:
        """Whether an absolute address lies in this origin."""
        try:
            return self._holds(parse(address))
        except BadAddress:
            return False

    def resolve(self, reference: str) -> Address | None:
        """What an absolute or relative reference means below the base; None where it leads out."""
        address = join(f"{self.base}/", reference)
        return address if address and self._holds(address) else None

    def _holds(self, address: Address) -> bool:
        if (address.scheme, address.host, address.port) != (self.scheme, self.host, self.port):
            return False
        path, base = address.path, self.path
        if self.any_case:
            path, base = path.lower(), base.lower()
        return path == base or path.startswith(f"{base}/")


def _authority(authority: str, scheme: str) -> tuple[str, int]:
    if "@" in authority or "%" in authority:
        raise BadAddress
    if authority.startswith("["):
        number, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise BadAddress
        return _ipv6(number), _port(rest[1:], scheme)
    host, _, port = authority.partition(":")
    return _host(host), _port(port, scheme)


def _port(text: str, scheme: str) -> int:
    if not text:
        return DEFAULT_PORTS[scheme]
    if not _PORT.fullmatch(text) or int(text) > 65_535:
        raise BadAddress
    return int(text)


def _ipv6(text: str) -> str:
    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError:
        raise BadAddress from None


def _host(text: str) -> str:
    host = text.lower() if text.isascii() else _a_labels(text)
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(host)
    if any(label.startswith("xn--") for label in labels):
        return _a_labels(host)
    return host


def _ipv4(text: str) -> str:
    """Only four decimal numbers: `127.1`, `0x7f.0.0.1` and `2130706433` mean different hosts to different
    programs."""
    try:
        return ipaddress.IPv4Address(text).compressed
    except ValueError:
        raise BadAddress from None


def _a_labels(host: str) -> str:
    import idna  # 15 ms: only for names that need it

    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise BadAddress from None


def _path(text: str) -> str:
    if _NOT_IN_PATH.search(text) or _BAD_ESCAPE.search(text):
        raise BadAddress
    path = _ESCAPE.sub(_plain, quote(text, safe=_PATH_SAFE))
    _refuse_hidden_steps(path)
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _plain(escape: re.Match[str]) -> str:
    byte = int(escape[1], 16)
    return chr(byte) if byte in _UNRESERVED else escape[0].upper()


def _refuse_hidden_steps(path: str) -> None:
    """Some servers decode a path twice, take `%2F` for a slash, or drop what follows a semicolon. A path
    that would climb for them and not here is refused."""
    once = unquote_to_bytes(path)
    for seen in (once, unquote_to_bytes(once)):
        if re.search(rb"[\x00-\x1f\x7f\\]", seen):
            raise BadAddress
    hidden = [part.split(b";")[0] for part in unquote_to_bytes(once).split(b"/")]
    if hidden.count(b"..") != path.split("/").count("..") or hidden.count(b".") != path.split("/").count("."):
        raise BadAddress


def _query(text: str) -> str:
    return quote(_BAD_ESCAPE.sub("%25", text), safe=_QUERY_SAFE)
