"""FHIR base addresses as lists give them: which can be one, and which version its own words tell."""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import msgspec

from connectors.directory.model import Junk

MOST_CHARACTERS = 500

_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"{}|^`]|://.*https?:/")
"""None of this stands in an address: white space, control characters, blanks to fill in, another address."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")

_OWN_NETWORK = frozenset(
    ("corp", "example", "home", "hos", "internal", "intranet", "invalid", "lan", "local", "localhost", "test")
)
"""Top labels that no public name ends in (RFC 2606, RFC 6762, and what hospitals made up)."""

_RESERVED = re.compile(r"(?:.*\.)?example\.(?:com|net|org)")
"""RFC 2606: names for documentation."""

_NO_PATIENTS = re.compile(
    r"(?:.*\.)?rd\.allscripts\.com|(?!fhir\.fhirpoint\.).*\.open\.allscripts\.com"
    r"|(?:.*\.)?dynamicfhirsandbox\.com|(?:.*\.)?eclipsnet\.com|.*qaes\d+\..*|.*\.azurewebsites\.net"
)
"""A vendor's workshop, and hosts that its customers try things on."""

_WORKSPACE = re.compile(r"app\.meldrx\.com/api/fhir/[0-9a-f]{8}-[0-9a-f-]{27}")
"""A developer's own corner on a host that practices use too, under their names."""

_TRIAL = (
    r"tests?|testing|tst|qa|uat|dev|devel|developers?|development|sandbox|demo|staging|stage|nonprod|englab"
)
_TRIAL_HOST = re.compile(
    rf"(?:^|[.-])(?:(?:{_TRIAL})\d*|test[a-z0-9]*|[a-z0-9]*(?:fhirtest|fhirqa|fhirdev|sandbox|demo|apitest|webtest)"
    r"[a-z0-9]*|(?!latest)[a-z0-9]{1,10}(?:test|testing|tst)\d*|dev[a-z]+(?=cloud)|[a-z]+(?:stage|dev)web\d*|[a-z]+uat)(?=[.-]|$)"
)
_TRIAL_PATH = re.compile(
    rf"(?:^|[/_.-])(?:(?:{_TRIAL})\d*|test[a-z0-9]*|[a-z0-9]*(?:fhirtest|fhirdemo|oapitest)[a-z0-9]*"
    r"|[a-z0-9]*demo[a-z0-9]*apiserver|[a-z0-9]*training"
    r"|[a-z0-9]{1,20}test\d*)(?=[/_.-]|$)"
)
_TRIAL_SIGN = ("test", "tst", "qa", "uat", "dev", "sand", "demo", "stag", "nonprod", "englab", "training")
"""One of these stands in each path that `_TRIAL_PATH` fits: looking for them is quicker."""

_PAGE = re.compile(
    r"\.(?:html?|pdf|json|xml|csv|zip|txt|woa|docx?)/*$"
    r"|/(?:Patient|Observation|Practitioner|Organization|Endpoint|Bundle|documentation|docs)/*$",
    re.IGNORECASE,
)
_METADATA = re.compile(r"/(?:metadata|\.well-known/smart-configuration)/*$", re.IGNORECASE)

_VERSIONS = (
    (re.compile(r"dstu-?2|/r2(?:/|$)|/argonaut(?:/|$)"), "DSTU2"),
    (re.compile(r"stu-?3|/r3(?:/|$)"), "STU3"),
    (re.compile(r"(?<![a-z0-9])r4(?![a-z0-9])|fhir4|/uscore(?:/|$)|/fhir/4(?:\.0(?:\.1)?)?(?:/|$)"), "R4"),
)
_OLD_HOSTS = {"fhir.healow.com": "STU3"}
"""Hosts that say nothing of it in their paths: eClinicalWorks' first server, before fhir4."""

_BY_NUMBER = (("1.0", "DSTU2"), ("3.0", "STU3"), ("4.0", "R4"), ("4.3", "R4B"), ("4.1", "R4B"), ("5.0", "R5"))

_DOOR = re.compile(
    r"[a-z_-]*fhir[a-z0-9_-]*|api|open(?:-[a-z0-9]+)?|r\d|v\d+(?:\.\d+)*|dstu2|stu3|argonaut|uscore|fhirroute"
    r"|oauth2?|interconnect[a-z0-9_-]*|proxy[a-z0-9_-]*|patient|rest|provider|public"
)
"""Parts of a path that name a way in, not whose it is."""


class Address(msgspec.Struct, frozen=True):
    """A FHIR base address taken apart."""

    url: str
    """As listed, with the host in lower case; no trailing slash is added or taken away."""
    host: str
    key: str
    """The same for every way of writing it."""
    owner: str
    """The part that tells whose it is: a tenant's id in the path, else the host."""
    version: str


@lru_cache(maxsize=1024)
def read_address(text: str) -> Address | Junk:
    """The address, or why it can't be shown. Thousands of rows of one list may share it."""
    text = text.strip()
    if not text:
        return Junk.NO_ADDRESS
    if len(text) > MOST_CHARACTERS or _UNFIT.search(text):
        return Junk.BROKEN_ADDRESS
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return Junk.BROKEN_ADDRESS
    host = (parts.hostname or "").lower()
    wrong = _unfit_host(parts.scheme, host, "@" in parts.netloc) or _unfit_path(host, parts)
    if wrong:
        return wrong
    place = host if port in (None, 443) else f"{host}:{port}"
    path = _METADATA.sub("", parts.path)
    key = re.sub(r"/{2,}", "/", f"{place}{path}").rstrip("/").lower()
    return Address(f"https://{place}{path}", host, key, _owner(key), _version(host, path.lower()))


def version_named(number: str) -> str:
    """A FHIR version by its number, as `endpoint-fhir-version` gives it: `4.0.1` is R4."""
    return next((name for start, name in _BY_NUMBER if number.startswith(start)), number[:10])


def safe_https(text: str) -> str:
    """An address given beside the FHIR one (sign-in, portal, site), or nothing where it isn't a plain one."""
    text = text.strip()
    if not text.startswith("https://") or len(text) > MOST_CHARACTERS or _UNFIT.search(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if _unfit_host(parts.scheme, (parts.hostname or "").lower(), "@" in parts.netloc) else text


@lru_cache(maxsize=4096)
def _unfit_host(scheme: str, host: str, has_user: bool) -> Junk | None:
    if scheme not in ("http", "https") or not host or has_user:
        return Junk.BROKEN_ADDRESS
    labels = host.split(".")
    if _is_number(host) or len(labels) < 2 or labels[-1] in _OWN_NETWORK or _RESERVED.fullmatch(host):
        return Junk.NOT_PUBLIC
    if not all(_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        return Junk.BROKEN_ADDRESS
    if not _TOP.fullmatch(labels[-1]):
        return Junk.NOT_PUBLIC
    return Junk.NOT_HTTPS if scheme == "http" else None


def _unfit_path(host: str, parts: SplitResult) -> Junk | None:
    if parts.query or parts.fragment or _PAGE.search(parts.path):
        return Junk.NOT_FHIR
    path = parts.path.lower()
    if _is_for_trials(host) or _WORKSPACE.match(f"{host}{path}"):
        return Junk.TEST_ADDRESS
    tried = any(map(path.__contains__, _TRIAL_SIGN)) and _TRIAL_PATH.search(path)
    return Junk.TEST_ADDRESS if tried else None


@lru_cache(maxsize=4096)
def _is_for_trials(host: str) -> bool:
    return bool(_NO_PATIENTS.fullmatch(host) or _TRIAL_HOST.search(host))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _owner(key: str) -> str:
    host, _, path = key.partition("/")
    own = [part for part in path.split("/") if part and not _DOOR.fullmatch(part)]
    return own[-1] if own else host


def _version(host: str, path: str) -> str:
    if host in _OLD_HOSTS:
        return _OLD_HOSTS[host]
    return next((name for pattern, name in _VERSIONS if pattern.search(path)), "")
