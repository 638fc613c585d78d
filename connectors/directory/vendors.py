"""Whose software answers at an address, for a person: the name, not how to sign in there."""

import re
from functools import lru_cache

_BY_HOST = (
    (re.compile(r"(?:.*\.)?cerner\.com"), "Oracle Health"),
    (re.compile(r"(?:.*\.)?(?:athenahealth\.com|fhir\.athena\.io)"), "athenahealth"),
    (re.compile(r"(?:.*\.)?(?:healow|eclinicalworks)\.com"), "eClinicalWorks"),
    (re.compile(r"(?:.*\.)?(?:practicefusion|patientfusion)\.com"), "Practice Fusion"),
    (re.compile(r"(?:.*\.)?epichosted\.com"), "Epic"),
    (re.compile(r"fhir\.fhirpoint\.open\.allscripts\.com"), "Veradigm"),
    (re.compile(r"(?:.*\.)?allscripts(?:cloud|tw)\.com"), "Altera"),
    (re.compile(r"(?:.*\.)?meditech\.(?:cloud|com|global)|mtrestapis?-.*"), "MEDITECH"),
)
_AS_WRITTEN = {
    "Epic_Systems_Corporation": "Epic",
    "Cerner_Corporation": "Oracle Health",
    "Medical_Information_Technology_Inc_MEDITECH": "MEDITECH",
    "Altera_Digital_Health_Inc": "Altera",
    "MedicaidState": "Medicaid",
}
_NUMBERED = re.compile(r"_\d+$")
_COMPANY = re.compile(r",?\s+(?:Inc|LLC|Corporation|Corp)\.?$")


@lru_cache(maxsize=4096)
def vendor_at(host: str, said: str) -> str:
    """The vendor by the host, else as the list says it: `Greenway_Health_LLC` is Greenway Health."""
    for pattern, name in _BY_HOST:
        if pattern.fullmatch(host):
            return name
    plain = _NUMBERED.sub("", said.strip())
    return _AS_WRITTEN.get(plain) or _COMPANY.sub("", " ".join(plain.replace("_", " ").split()))
