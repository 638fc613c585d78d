"""One invented person of any size, for load tests: the mix and the sizes of a Synthea patient, from a seed.

Resources are made and written one by one, so that 100,000 of them need no more memory than one visit.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from tests.fakes import person_bills as bills
from tests.fakes import person_kinds as kinds
from tests.fakes.person_kinds import Resource

Shape = Literal["bundle", "ndjson"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_BORN = datetime(1961, 3, 8, 9, tzinfo=UTC)
_LIFE = timedelta(days=60 * 365)
_SOMETIMES = (
    (kinds.procedure, 0.65),
    (kinds.prescription, 0.5),
    (kinds.condition, 0.4),
    (kinds.immunization, 0.4),
)
"""What a visit may bring, and how often."""


def write_person(path: Path, resources: int, *, shape: Shape = "bundle", seed: int = 0) -> None:
    """Write `resources` resources of one person, the Patient and those who treat them included.

    The same number, shape and seed give the same bytes. `bundle` is a FHIR collection Bundle whose entries
    refer to each other by urn:uuid; `ndjson` is one resource a line, with references by `Type/id`.
    """
    made = make_person(resources, shape=shape, seed=seed)
    with path.open("wb") as file:
        if shape == "ndjson":
            for resource in made:
                file.write(_ENCODER.encode(resource) + b"\n")
            return
        file.write(b'{"resourceType":"Bundle","type":"collection","entry":[')
        for n, resource in enumerate(made):
            entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            file.write((b",\n" if n else b"\n") + _ENCODER.encode(entry))
        file.write(b"\n]}\n")


def make_person(resources: int, *, shape: Shape = "bundle", seed: int = 0) -> Iterator[Resource]:
    """Make the resources one after another; each refers only to earlier ones."""
    return islice(_life(resources, shape == "bundle", random.Random(seed)), resources)


def _life(resources: int, bundle: bool, rng: random.Random) -> Iterator[Resource]:
    person, place, doctor = kinds.patient(rng, _BORN), kinds.organization(rng), kinds.practitioner(rng)
    yield from (person, place, doctor)
    made = 3
    while True:
        start = (_BORN + _LIFE * (made / max(resources, made))).replace(microsecond=0)
        for resource in _visit(kinds.Context(rng, bundle, person, doctor, place, start)):
            made += 1
            yield resource


def _visit(context: kinds.Context) -> Iterator[Resource]:
    rng = context.rng
    visit = kinds.encounter(context)
    yield visit
    yield kinds.blood_pressure(context, visit)
    for measure in kinds.VITALS[: rng.randrange(2, len(kinds.VITALS) + 1)]:
        yield kinds.measurement(context, visit, measure)
    if rng.random() < 0.7:
        tested = rng.sample(kinds.LABS, rng.randrange(5, 12))
        results = [kinds.measurement(context, visit, measure) for measure in tested]
        yield from results
        yield kinds.report(context, visit, results)
    for kind, likely in _SOMETIMES:
        if rng.random() < likely:
            yield kind(context, visit)
    billed = bills.claim(context, visit)
    yield billed
    yield bills.benefit(context, visit, billed)
