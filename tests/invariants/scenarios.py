"""Fixed conversations that between them walk every path on which something could leak."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from assistant.records.identity import source_id
from assistant.records.model import Category
from assistant.sharing.model import Grant
from tests.fakes import small
from tests.invariants.test_noninterference import COMMON
from tests.invariants.twins import Secret, Side

Script = Callable[[Side], list[bytes]]


def share(side: Side, *categories: Category, source: str | None = None, since: str | None = None) -> None:
    named = None if source is None else source_id("file", f"memory:{source}")
    side.house.sharing.share([Grant("scripted", category, named, since) for category in categories])


def labs_only(side: Side) -> list[bytes]:
    share(side, Category.LABS)
    return [side.ask(q) for q in ("What was my last LDL?", "What labs do I have?", "Summarise my history")]


def looked_up(side: Side) -> list[bytes]:
    """A model that asks for more than it was given."""
    side.house.sharing.share([Grant("curious", Category.LABS)])
    return [side.ask(q, to="curious") for q in ("What was my last LDL?", "asthma", "Summarise my history")]


def asked_then_revoked(side: Side) -> list[bytes]:
    share(side, Category.LABS, Category.CONDITIONS)
    side.ask("What conditions do I have?")
    side.house.sharing.unshare(categories=[Category.CONDITIONS])
    return [side.ask("What was my last LDL?"), side.ask("Have I ever had asthma?")]


def nothing_found_then_revoked(side: Side) -> list[bytes]:
    share(side, Category.LABS, Category.CONDITIONS)
    side.ask("Have I ever had asthma?")
    side.house.sharing.unshare(categories=[Category.CONDITIONS])
    return [side.ask("What was my last LDL?")]


def offline_first(side: Side) -> list[bytes]:
    share(side, Category.LABS)
    side.ask("What conditions do I have?", to="offline")
    return [side.ask("What was my last LDL?")]


def medicines_without_reasons(side: Side) -> list[bytes]:
    share(side, Category.MEDICATIONS, Category.VISITS)
    return [side.ask("What medicines am I taking?"), side.ask("What visits did I have?")]


def one_source(side: Side) -> list[bytes]:
    share(side, Category.LABS, source="quest")
    return [side.ask("What was my last LDL?"), side.ask("How has my LDL changed since 2019?")]


def lately(side: Side) -> list[bytes]:
    share(side, Category.LABS, since="2025-01-01")
    return [side.ask("What was my first LDL?"), side.ask("How has my LDL changed since 2019?")]


def once(side: Side) -> list[bytes]:
    share(side, Category.LABS)
    side.ask("What conditions do I have?", once=(Category.CONDITIONS,))
    return [side.ask("What conditions do I have?"), side.ask("What was my last LDL?")]


def nearly_everything(side: Side) -> list[bytes]:
    share(side, *(category for category in Category if category is not Category.PROCEDURES))
    return [side.ask("Summarise my history")]


def words_of_what_is_hidden(side: Side) -> list[bytes]:
    share(side, Category.MEDICATIONS, Category.CONDITIONS, Category.VISITS)
    return [side.ask("What do my records say about melioidosis?"), side.ask("melioidosis")]


def reason_for(reference: str | None) -> dict[str, object]:
    """A medicine with a reason that names another record, or without."""
    resource = small.medication("x", "314076", "Lisinopril 10 MG", "2020-01-01")
    if reference is not None:
        resource["reasonReference"] = [{"reference": reference, "display": "Melioidosis"}]
    return resource


SCENARIOS: dict[str, tuple[Script, Secret]] = {
    "the only hidden thing": (
        nearly_everything,
        Secret("mercy", "procedures", (small.procedure("x", "73761001", "Colonoscopy", "2020-01-01"),), ()),
    ),
    "a condition not found, then revoked": (
        nothing_found_then_revoked,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a reason": (
        medicines_without_reasons,
        Secret(
            "mercy",
            "conditions",
            (small.medication("x", "314076", "Lisinopril 10 MG", "2020-01-01", reason="Heart failure"),),
            (small.medication("x", "314076", "Lisinopril 10 MG", "2020-01-01"),),
            within="medications",
        ),
    ),
    "the other source's copy": (
        one_source,
        Secret(
            "mercy",
            "labs",
            (small.ldl("x", 96, "2026-02-03", interpretation=[{"coding": [{"code": "H"}]}]),),
            (),
        ),
    ),
    "a marked result": (
        labs_only,
        Secret(
            "mercy", "labs", (small.ldl("x", 42, "2026-04-04", meta=small.SENSITIVE),), (), sensitive=True
        ),
    ),
    "an earlier result": (lately, Secret("mercy", "labs", (small.ldl("x", 250, "2011-03-03"),), ())),
    "shared once": (
        once,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a source of its own": (
        labs_only,
        Secret("clinic", "visits", (small.visit("x", "Office visit", "2020-01-01"),), ()),
    ),
    "an odd number of hidden visits": (
        labs_only,
        Secret(
            "mercy", "visits", tuple(small.visit(f"x{n}", "ER", f"2026-05-{n:02}") for n in range(1, 16)), ()
        ),
    ),
    "a hidden condition that a model looks for": (
        looked_up,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a hidden condition": (
        labs_only,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a condition asked about, then revoked": (
        asked_then_revoked,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a condition told offline": (
        offline_first,
        Secret("mercy", "conditions", (small.condition("x", "195967001", "Asthma", "2020-01-01"),), ()),
    ),
    "a reason that names a marked record": (
        words_of_what_is_hidden,
        Secret(
            "mercy",
            "conditions",
            (
                reason_for("Condition/y"),
                small.condition("y", "428111003", "Melioidosis", "2020", meta=small.SENSITIVE),
            ),
            (reason_for(None),),
            sensitive=True,
        ),
    ),
    "a marked reason": (
        words_of_what_is_hidden,
        Secret(
            "mercy",
            "conditions",
            (small.visit("x", "Office visit", "2020-01-01", reason="Depression"),),
            (small.visit("x", "Office visit", "2020-01-01"),),
            within="visits",
            sensitive=True,
        ),
    ),
    "the other source's result": (
        one_source,
        Secret("mercy", "labs", (small.ldl("x", 50, "2026-03-03"),), ()),
    ),
}
"""In the order in which a leak is looked for: what most leaks show in comes first."""


def differs(name: str) -> bool:
    """Whether the bytes of a scenario betray its secret."""
    script, secret = SCENARIOS[name]
    with tempfile.TemporaryDirectory() as folder:
        sent = []
        for position in range(2):
            side = Side(Path(folder) / str(position))
            own = (secret.one, secret.other)[position]
            for source in dict.fromkeys((*COMMON, secret.source)):
                resources = [*COMMON.get(source, ()), *(own if source == secret.source else ())]
                if resources:
                    side.bring(source, resources)
            sent.append(script(side))
            side.close()
    return sent[0] != sent[1]
