"""The one place that says which names are not those of a provider.

Lists are written by many hands: beside hospitals they hold the writers' own tests, demonstrations, systems
out of use, and names that only an administrator knows. Each rule has its reason (`Junk`); the first that fits
is given.
What is wrong with an address stands in `connectors.directory.address`.
"""

import re
from html import unescape
from string import ascii_lowercase
from typing import NamedTuple
from urllib.parse import unquote

from connectors.directory.model import Junk
from connectors.directory.states import state_in_front

MOST_CHARACTERS = 300


class _Rule(NamedTuple):
    reason: Junk
    sign: frozenset[str]
    """One of these stands in each name, in lower case, that the pattern fits. To look for them is quicker."""
    pattern: re.Pattern[str]


_RULES = (
    _Rule(
        Junk.RETIRED,
        frozenset(
            ("t use", "dnu", "zz", "z-", "xx_", "inactive", "old", "(closed)", "construction", "delete")
        ),
        re.compile(
            r"\bdo(?: not|n'?t) use\b|(?<![a-z])dnu(?![a-z])|^z{2,}(?![a-z])|^z-|^xx_|\binactive\b|_inactive_"
            r"|^old ar\b|\bold$|^old swp|\(closed\)|\bunder construction\b|^\W*delete\W*$",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        Junk.TEST_NAME,
        frozenset(("test", "sandbox", "sandpit", "demo", "dummy", "fake", "uat", "example", "certification"))
        | {"train_", "mock", "staging", "build", "stage", "template", "development", "env", "internal"},
        re.compile(
            r"(?<![a-z])(?:tests?\d*|testers?|testbed|testy\d*|sandbox|sandpit|demo\d*|dummy|fake|uat)(?![a-z])"
            r"|^testing|\b(?:onc|regression|installer|fhir) testing\b"
            r"|\btesting (?:box|tele|this|multiple|prod)\b|^\S*test\d*$"
            r"|^(?!testa\b)test\w+$|demo\d*$|\bprodtest\b|^[a-z]{2,4} testing$"
            r"|\bexample (?:practice|clinic|hospital|rest|endpoint|organi[sz]ation)\b|\bcertification site\b"
            r"|^train_|- mock$|\bstaging\b|- build\b|- stage -|\btemplate$|(?:-|\boptum) development$"
            r"|\b(?:dev|internal|staging)(?: sam)? env(?:ironment)?\b|^internal - ",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        Junk.TEST_NAME,
        # By capitals: `PSTest1` is one, `Latest` is not; `- DEV` is one, `Dev Mishra` is a person.
        frozenset(("test", "dev", "qa", "demo")),
        re.compile(
            r"(?<=[A-Za-z0-9])Test(?![a-z])|TEST(?=[a-z0-9])"
            r"|(?<![A-Za-z])(?:DEV|QA)(?=\d|_|$| [\dA-Z] |-?SERVER)|DEMO(?=$|SQL)"
            r"|- ?DEV\b|_(?:DEV|QA)_|\b(?:DEV|QA) ?\d|\bQA Clinic"
            r"|(?<![a-z])Dev(?=$| Env| TW| \d| Methodology)"
        ),
    ),
    _Rule(
        Junk.PLACEHOLDER,
        frozenset(
            (
                "new practice",
                "my clinic",
                "my practice",
                "sample client",
                "facility ",
                "organi",
                "asdf",
                "qwerty",
            )
        )
        | {"lorem ipsum", "placeholder"}
        | {4 * letter for letter in ascii_lowercase},
        re.compile(
            r"^(?:my )?new practice\b|^my (?:clinic|practice)$|^sample client\b|^facility \d+ city \d+\b"
            r"|^organi[sz]ation\s*\d+(?: -.*)?$|([a-z])\1{3,}|asdf|qwerty|lorem ipsum|\bplaceholder\b",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        Junk.INSIDE_NAME,
        frozenset(
            ("coree", "autoes", "core_", "auto", "fhir", "opensn", "endpoint", "tw", "scm", "sunrise", "sql")
        )
        | {"cripts", "://", ".local", "support", ".com", "play", "eyemdemr"},
        re.compile(
            r"COREE+S\d|AUTOES\d|^CORE_|\w{2,}AUTO$|^FHIR\b|^FHIR_|\bFHIR$|^OpenSN\d"
            r"|\bFHIR (?:Server|Platform|Hosting|R4|TW|[Bb]ox)\b|\bFhir Platform$|\b(?:Server|FHIR) Endpoint$"
            r"|^TW$|^T[Ww] ?[- ]|^TW\d|\bTW \d\d\.\d|^SCM\d*$|^Sunrise \d{3}|My ?SQL|M[sS]SQL|\bSQL$"
            r"|^Al{1,2}s?cripts|://|^\S+\.(?:local|rd\.allscripts\.com)$"
            r"|^(?:Healow )?Support(?: V\d.*)?$|^SV\dPlay$|^EYEMDEMR\b"
        ),
    ),
)

_SIGNS = tuple(sorted(frozenset().union(*(rule.sign for rule in _RULES))))

_STANDS_FOR_NONE = frozenset(
    ("default", "null", "none", "n/a", "na", "unknown", "tbd", "xyz", "organization", "clinic", "hospital")
)
"""Whole names that are none."""

_SITE_NUMBER = re.compile(r"[A-Z]{2}-\d{3,}(?:-[A-Z]{1,2})?")
"""A whole name like `CA-095-C`."""

_HOSTING = re.compile(
    r"[ -]*\((?:[a-z]+ )?hosted\b[^)]*\)?|[ -]hosted by [\w ]+$| maas pod \w+ \w+(?: gcp)?$"
    r"| 6\.\d+x?(?: to)?(?= expanse|$)|[ -]+expanse(?: desktop| trdl)?$|[ -]*\(?\bc/?s\)?$"
    r"|[ -]*\(?(?<![a-z])(?:[a-z0-9]+_)*prod(?:uction)?_?\d*\)?$"
    r"|(?: 1?\d{3})?(?: - cimplify)?(?: \d{4})? - \d{4,5}$|_\d{4}$",
    re.IGNORECASE,
)
_HOSTING_SIGN = ("hosted", " maas ", "expanse", "c/s", "(cs", "prod")
_REGION = re.compile(r" - [A-Z]{2,3}\d{1,2}$")
_NUMBERED = re.compile(r"[A-Z]{2}\d{3}_ ?(?=[A-Z])|PROD - ?(?=[A-Z])")
"""What those who run a system write around the name of those who use it: who hosts it, its number, `PROD`."""


def clean_name(text: str) -> str:
    """A name without what surrounds it: white space, stars, a web form's escapes, notes of who hosts it."""
    if "%20" in text:
        text = unquote(text, errors="replace")
    if "&" in text:
        text = unescape(text)
    name = " ".join(text[: 2 * MOST_CHARACTERS].split()).strip("*\"' ,;")
    if "_" in name or name.startswith("PROD"):
        name = _NUMBERED.sub("", name, count=1) if _NUMBERED.match(name) else name
    lower = name.lower()
    if not name[-1:].isdigit() and not any(map(lower.__contains__, _HOSTING_SIGN)):
        return name
    while (shorter := _REGION.sub("", _HOSTING.sub("", name))).strip() and shorter != name:
        name = shorter
    return name.strip(" -,")


def unfit_name(name: str) -> Junk | None:
    """Why a name is not shown; None where it is. `name` is as `clean_name` gives it."""
    if len(name) > MOST_CHARACTERS:
        return Junk.UNREADABLE
    if not name[:2].isalpha() and sum(map(str.isalpha, name)) < 2:
        return Junk.NO_NAME
    own = state_in_front(name)[1]
    lower = own.lower()
    if lower in _STANDS_FOR_NONE:
        return Junk.PLACEHOLDER
    if own[2:3] == "-" and _SITE_NUMBER.fullmatch(own):
        return Junk.INSIDE_NAME
    signs = set(filter(lower.__contains__, _SIGNS))
    fitting = (rule.reason for rule in _RULES if signs & rule.sign and rule.pattern.search(own))
    return next(fitting, None) if signs else None
