"""Where lists of providers are published. The program ships these addresses, not the lists."""

import msgspec


class KnownList(msgspec.Struct, frozen=True):
    """A published list; it is fetched only when the patient asks for it."""

    id: str
    name: str
    vendor: str
    address: str
    about: str
    """What it holds and how much there is to fetch, for a person."""


KNOWN: tuple[KnownList, ...] = (
    KnownList(
        "epic",
        "Epic: MyChart",
        "Epic",
        "https://open.epic.com/Endpoints/Brands",
        "Health systems on MyChart, with their hospitals and clinics (about 95 MB; takes minutes)",
    ),
    KnownList(
        "oracle",
        "Oracle Health (Cerner)",
        "Oracle Health",
        "https://raw.githubusercontent.com/oracle-samples/ignite-endpoints/main/oracle_health_fhir_endpoints/"
        "millennium_patient_r4_endpoints.json",
        "Hospitals and practices on Oracle Health, once Cerner",
    ),
    KnownList(
        "athena",
        "athenahealth",
        "athenahealth",
        "https://service-base-urls.api.fhir.athena.io/athena-fhir-service-base-urls.json",
        "Practices on athenahealth",
    ),
    KnownList(
        "eclinicalworks",
        "eClinicalWorks (healow)",
        "eClinicalWorks",
        "https://fhir.eclinicalworks.com/ecwopendev/external/practiceList",
        "Practices on eClinicalWorks, whose patients use healow",
    ),
    KnownList(
        "practice-fusion",
        "Practice Fusion",
        "Practice Fusion",
        "https://www.practicefusion.com/assets/static_files/ServiceBaseURLs.json",
        "Small practices on Practice Fusion",
    ),
    KnownList(
        "pointclickcare",
        "PointClickCare",
        "PointClickCare",
        "https://fhir.pointclickcare.com/R4endpoints.json",
        "Nursing homes and other long-term care",
    ),
)
"""In the order in which they are offered: by how many people they reach."""


def known(list_id: str) -> KnownList | None:
    """The published list of this id."""
    return next((one for one in KNOWN if one.id == list_id), None)
