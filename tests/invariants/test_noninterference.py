"""Invariants 1, 4 and 10: what isn't shared, was revoked or is another person's changes no outgoing byte."""

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.records.identity import source_id
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.vault.query import RecordQuery
from tests.fakes import small
from tests.invariants.questions import QUESTIONS
from tests.invariants.secrets import SECRETS
from tests.invariants.twins import Secret, Side, shown

EXAMPLES = int(os.environ.get("CHARTSIDE_EXAMPLES", "12"))
STEPS = int(os.environ.get("CHARTSIDE_STEPS", "25"))

ASKED = ("scripted", "curious")

COMMON: dict[str, list[dict[str, Any]]] = {
    "mercy": [
        small.ldl("o1", 148, "2019-03-04"),
        small.ldl("o2", 96, "2026-02-03"),
        small.a1c("o3", 6.1, "2025-05-05"),
        small.weight("w1", 71, "2024-01-01"),
        small.medication("m1", "83367", "Atorvastatin 20 MG", "2019-04-01"),
        small.condition("c1", "38341003", "Hypertension", "2015-01-01"),
        small.immunization("i1", "140", "Influenza vaccine", "2025-10-01"),
        small.visit("v1", "Check up", "2025-05-05"),
    ],
    "quest": [small.ldl("q1", 96, "2026-02-03"), small.a1c("q2", 6.4, "2024-05-05")],
}


class Twins(RuleBasedStateMachine):
    """One patient's life in two vaults that differ in some secrets."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.sides = [Side(Path(self.folder.name) / name) for name in ("a", "b")]
        self.secrets: list[Secret] = []

    @initialize(chosen=st.lists(st.sampled_from(range(len(SECRETS))), min_size=1, max_size=4, unique=True))
    def begin(self, chosen: list[int]) -> None:
        self.secrets = [SECRETS[at] for at in chosen]
        self._bring({})

    def _bring(self, edits: dict[str, dict[str, Any]]) -> None:
        for position, side in enumerate(self.sides):
            for source, common in COMMON.items():
                own = [
                    resource
                    for secret in self.secrets
                    if secret.source == source
                    for resource in (secret.one, secret.other)[position]
                ]
                side.bring(source, [edits.get(r["id"], r) for r in common] + own)

    @rule(value=st.integers(60, 200))
    def edit(self, value: int) -> None:
        """A shared record changes at its source and is imported again."""
        self._bring({"o2": small.ldl("o2", value, "2026-02-03")})

    @rule(
        category=st.sampled_from(list(Category)),
        source=st.sampled_from([None, "mercy", "quest"]),
        since=st.sampled_from([None, "2021-01-01", "2026-01-01"]),
    )
    def share(self, category: Category, source: str | None, since: str | None) -> None:
        named = None if source is None else source_id("file", f"memory:{source}")
        for side in self.sides:
            side.house.sharing.share(Grant(to, category, source=named, since=since) for to in ASKED)

    @rule(category=st.sampled_from(list(Category)))
    def revoke(self, category: Category) -> None:
        for side in self.sides:
            for to in ASKED:
                side.house.sharing.unshare(destination=to, categories=[category])

    @rule(known_ids=st.booleans(), describes=st.booleans())
    def someone_elses_file(self, known_ids: bool, describes: bool) -> None:
        """Another person's records, under ids of their own or under ids that this chart uses too."""
        subject = "p1" if known_ids and describes else "p9"
        person = small.patient(subject, family="Vexillum", born="1999-09-09")
        labs = [
            small.ldl("o2", 999, "2026-05-05", subject=subject),
            small.ldl("z", 998, "2026-05-06", subject=subject),
        ]
        for side in self.sides:
            side.bring_as_is("a stranger's file", [person, *labs] if describes else labs)

    @invariant()
    def nothing_of_someone_else_is_here(self) -> None:
        for side in self.sides:
            _, found = side.house.shelf.find(RecordQuery())
            assert found or not self.secrets
            values = [merged.record.value for merged in found]
            assert not any(v and v.quantity and v.quantity.value in {"998", "999"} for v in values)
            assert all("Vexillum" not in merged.record.title for merged in found)
            owner = side.house.shelf.owner()
            assert owner is None or owner.name == "Nadia Brandt"

    @rule()
    def stop_everything(self) -> None:
        for side in self.sides:
            side.house.sharing.unshare()

    @rule(
        question=st.sampled_from(QUESTIONS),
        once=st.sampled_from([(), (Category.LABS,)]),
        to=st.sampled_from(("scripted", "curious")),
    )
    def ask(self, question: str, once: tuple[Category, ...], to: str) -> None:
        grants = self.sides[0].house.sharing.grants()
        in_force = [g for g in grants if g.destination == to]
        in_force += [Grant(to, category) for category in once]
        sent = [side.ask(question, to=to, once=once) for side in self.sides]
        if not any(shown(secret, in_force) for secret in self.secrets):
            assert sent[0] == sent[1]

    @rule(question=st.sampled_from(QUESTIONS))
    def ask_offline(self, question: str) -> None:
        """Offline sees everything; what it said must not reach another destination."""
        for side in self.sides:
            side.ask(question, to="offline")

    @rule()
    def new_chat(self) -> None:
        for side in self.sides:
            side.chat = None

    @precondition(lambda self: self.secrets)
    @rule()
    def restart(self) -> None:
        for side in self.sides:
            side.restart()

    def teardown(self) -> None:
        for side in self.sides:
            side.close()
        self.folder.cleanup()


Twins.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestTwins = Twins.TestCase
