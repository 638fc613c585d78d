"""The benchmark's own parts, on small things made by hand: what is true, how it is judged, what is frozen."""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assistant.records.facts import Fact, FactKind
from tests.answers.baselines import Bm25, Line, within
from tests.answers.chart import Chart, load
from tests.answers.expected import Expected, Told
from tests.answers.families import FROZEN, KINDS, Case, cases, kept_aside, read
from tests.answers.scoring import Outcome, Score, figures, outcome, precision, recall

DIGEST = "51d4c9dc0c11073b2f35ffc8638e607f325d3a20ee9a8abd943df37c54894665"
LEAST_WORDINGS = 150
DOCTOR = {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Okafor"}]}


def sugar(rid: str, day: str, digits: str, unit: str = "mg/dL", status: str = "final") -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": rid,
        "status": status,
        "code": {"coding": [{"code": "2339-0", "display": "Glucose"}]},
        "effectiveDateTime": f"{day}T08:00:00Z",
        "valueQuantity": {"value": float(digits), "unit": unit},
    }


def statin(rid: str, day: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": rid,
        "status": status,
        "medicationCodeableConcept": {"coding": [{"code": "316672", "display": "Simvastatin"}]},
        "authoredOn": day,
        "requester": {"reference": "urn:uuid:d1"},
        "reasonCode": [{"text": "Too much fat (finding)"}],
    }


def chart_of(folder: Path, *resources: dict[str, Any]) -> Chart:
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1960-05-01"}
    entries = [{"resource": resource} for resource in (patient, *resources)]
    path = folder / "Ann_Other_7694b55e-b670-44a5-b426-c56027e97986.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    return load(path)


def asked(folder: Path, chart: Chart, truth: dict[str, Any], **more: Any) -> list[Case]:
    family = {"id": "f", "kind": "latest", "ask": ["In {year}?"], "truth": truth} | more
    path = folder / "questions-of-mine.json"
    path.write_text(json.dumps({"families": [family]}))
    return list(cases(read(path), [chart]))


@pytest.fixture
def ann(tmp_path: Path) -> Chart:
    """Three sugars, a statin stopped and one active."""
    return chart_of(
        tmp_path,
        DOCTOR,
        sugar("g3", "2012-03-04", "99.5"),
        sugar("g1", "2009-01-02", "101.0"),
        sugar("g2", "2010-07-08", "88.25"),
        statin("m1", "2008-01-01", "stopped"),
        statin("m2", "2011-01-01", "active"),
    )


@pytest.mark.parametrize(
    ("pick", "told", "true"),
    [
        ("last", Told("99.5", "mg/dL", "2012-03-04"), {"g3"}),
        ("first", Told("101.0", "mg/dL", "2009-01-02"), {"g1"}),
        ("before_last", Told("88.25", "mg/dL", "2010-07-08"), {"g2"}),
        ("highest", Told("101.0", "mg/dL", "2009-01-02"), {"g1"}),
        ("lowest", Told("88.25", "mg/dL", "2010-07-08"), {"g2"}),
        ("change", Told("-1.5", "mg/dL"), {"g1", "g3"}),
        ("change_last", Told("11.25", "mg/dL"), {"g2", "g3"}),
        ("count", Told("3"), {"g1", "g2", "g3"}),
    ],
)
def test_values_are_worked_out(tmp_path: Path, ann: Chart, pick: str, told: Told, true: set[str]) -> None:
    (case,) = asked(tmp_path, ann, {"of": "glucose", "pick": pick}, ask=["?"])
    assert case.expected.ways == ((told,),)
    assert case.expected.true == true
    assert case.expected.aggregate is (pick == "count")


def test_a_year_is_asked_about_by_its_own_value(tmp_path: Path, ann: Chart) -> None:
    (case,) = asked(tmp_path, ann, {"of": "glucose", "pick": "year"})
    (told,) = case.expected.ways[0]
    assert told.date is not None
    assert case.question == f"In {told.date[:4]}?"


@pytest.mark.parametrize("pick", ["last", "change", "highest"])
def test_two_values_of_one_day_make_no_case(tmp_path: Path, pick: str) -> None:
    twice = chart_of(tmp_path, sugar("g1", "2009-01-02", "101.0"), sugar("g2", "2009-01-02", "99.0"))
    assert asked(tmp_path, twice, {"of": "glucose", "pick": pick}, ask=["?"]) == []


def test_units_that_differ_make_no_change(tmp_path: Path) -> None:
    mixed = chart_of(tmp_path, sugar("g1", "2009-01-02", "101.0"), sugar("g2", "2010-01-02", "5.5", "mmol/L"))
    assert asked(tmp_path, mixed, {"of": "glucose", "pick": "change"}, ask=["?"]) == []


def test_an_error_in_the_records_makes_no_case(tmp_path: Path) -> None:
    wrong = chart_of(tmp_path, sugar("g1", "2009-01-02", "101.0", status="entered-in-error"))
    assert asked(tmp_path, wrong, {"of": "glucose", "pick": "last"}, ask=["?"]) == []


@pytest.mark.parametrize(("tell", "text"), [("reason", "Too much fat"), ("who", "Okafor")])
def test_what_stands_beside_a_medicine(tmp_path: Path, ann: Chart, tell: str, text: str) -> None:
    (case,) = asked(tmp_path, ann, {"of": "statin", "pick": "held", "tell": tell}, ask=["?"])
    assert case.expected == Expected(((Told(text=text),),), frozenset({"m2"}))


def test_a_medicine_that_was_stopped_is_not_held(tmp_path: Path) -> None:
    stopped = chart_of(tmp_path, statin("m1", "2008-01-01", "stopped"))
    (case,) = asked(tmp_path, stopped, {"of": "statin", "pick": "still"}, ask=["?"])
    assert case.expected.ways[0][0].holds is False


def test_nothing_is_asked_as_absent_that_stands_in_the_bundle(tmp_path: Path, ann: Chart) -> None:
    assert asked(tmp_path, ann, {"absent": ["simvastatin"]}, ask=["?"]) == []
    (case,) = asked(tmp_path, ann, {"absent": ["ferritin"]}, ask=["?"])
    assert not case.expected.answerable


def test_what_is_not_shared_has_no_answer(tmp_path: Path, ann: Chart) -> None:
    truth = {"of": "glucose", "pick": "last"}
    (case,) = asked(tmp_path, ann, truth, ask=["?"], kind="not_shared", off=["labs"])
    assert not case.expected.answerable
    assert case.expected.true == frozenset()


def test_an_answer_by_hand_needs_its_record(tmp_path: Path, ann: Chart) -> None:
    truth = {"says": {"value": "99.5"}, "records": ["g3"]}
    (case,) = asked(tmp_path, ann, truth, ask=["?"])
    assert case.expected == Expected(((Told("99.5"),),), frozenset({"g3"}))
    assert asked(tmp_path, ann, truth | {"records": ["elsewhere"]}, ask=["?"]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"truth": {"of": "glucos", "pick": "last"}},
        {"truth": {"of": "glucose", "pick": "newest"}},
        {"truth": {"of": "statin", "pick": "held", "tell": "dose"}},
        {"kind": "latests"},
        {"off": ["lab"]},
        {"asks": ["?"]},
    ],
)
def test_a_slip_in_a_questions_file_is_named(tmp_path: Path, ann: Chart, wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\w"):
        asked(tmp_path, ann, **{"truth": {"of": "glucose", "pick": "last"}, "ask": ["?"]} | wrong)


def fact(text: str, kind: FactKind = FactKind.LATEST, **more: Any) -> Fact:
    return Fact(kind, text, **more)


VALUE = Expected(((Told("99.50", "mg/dL", "2012-03-04"),),), frozenset({"g3"}))
BOTH = Expected(((Told("144.6", "mg/dL"), Told("40", "mg/dL")),), frozenset({"a", "b"}))
STILL = Expected(((Told(holds=True, cites=frozenset({"m2"})),),), frozenset({"m2"}))
SET = Expected(((Told(cites=frozenset({"a", "b"}), only=True),),), frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("expected", "said", "became"),
    [
        (VALUE, fact("", value="99.5", unit="mg/dL", date="2012-03-04"), Outcome.RIGHT),
        (VALUE, fact("", value="99.5", unit="mmol/L", date="2012-03-04"), Outcome.WRONG),
        (VALUE, fact("", value="99.5", unit="mg/dL", date="2012-03-05"), Outcome.WRONG),
        (VALUE, fact("None", FactKind.NONE), Outcome.SILENT),
        (VALUE, fact("The records don't say the reason."), Outcome.SILENT),
        (BOTH, fact("145 mg/dL; 40 mg/dL"), Outcome.RIGHT),
        (BOTH, fact("146 mg/dL; 40 mg/dL"), Outcome.WRONG),
        (BOTH, fact("145 mmol/L; 40 mg/dL"), Outcome.WRONG),
        (STILL, fact("Yes: it (active).", FactKind.CURRENT, records=("m2",)), Outcome.RIGHT),
        (STILL, fact("It is marked stopped.", FactKind.CURRENT, records=("m2",)), Outcome.WRONG),
        (STILL, fact("Yes: another (active).", FactKind.CURRENT, records=("m9",)), Outcome.WRONG),
        (SET, fact("", FactKind.LIST, records=("b", "a")), Outcome.RIGHT),
        (SET, fact("", FactKind.LIST, records=("b", "a", "c")), Outcome.WRONG),
        (Expected(), fact("None", FactKind.NONE), Outcome.RIGHT),
        (Expected(), fact("0 of them", FactKind.COUNT, value="0"), Outcome.RIGHT),
        (Expected(), fact("96 mg/dL", value="96"), Outcome.WRONG),
        (Expected(), fact("None of these are flagged", FactKind.LIST, records=("a",)), Outcome.WRONG),
        (
            Expected(aggregate=True),
            fact("None of these are flagged", FactKind.LIST, records=("a",)),
            Outcome.RIGHT,
        ),
    ],
)
def test_an_answer_is_judged(expected: Expected, said: Fact, became: Outcome) -> None:
    assert outcome(expected, (said,)) is became


def test_that_a_category_is_off_must_be_said() -> None:
    nothing = (fact("None", FactKind.NONE),)
    assert outcome(Expected(), nothing, must_say=True, said=False) is Outcome.UNSAID
    assert outcome(Expected(), nothing, must_say=True, said=True) is Outcome.RIGHT


@pytest.mark.parametrize(
    ("true", "given", "recalled", "precise"),
    [
        ({"a"}, ["a", "b", "c", "d"], 1.0, 0.25),
        ({"a", "b"}, ["a"], 0.0, 1.0),
        ({"a"}, [], 0.0, 0.0),
        (set(), [], 1.0, 1.0),
        (set(), ["a"], 0.0, 0.0),
    ],
)
def test_recall_and_precision(true: set[str], given: list[str], recalled: float, precise: float) -> None:
    assert (recall(true, given), precision(true, given)) == (recalled, precise)


def test_shares_are_of_what_they_are_of() -> None:
    def one(became: Outcome, answerable: bool) -> Score:
        return Score("latest", answerable, True, 1.0, 0.5, became, 10)

    answered = [one(Outcome.RIGHT, True), one(Outcome.WRONG, True), one(Outcome.SILENT, True)]
    found = figures([*answered, one(Outcome.SILENT, True), one(Outcome.RIGHT, False)])
    assert found["claims, of the answerable"] == 0.5
    assert found["right, of what it claims"] == 0.5
    assert found["says there is nothing, of the rest"] == 1.0


def test_bm25_puts_the_rarer_word_first() -> None:
    lines = [Line("a", "blood sugar"), Line("b", "blood pressure"), Line("c", "blood count blood blood")]
    assert next(line.record for line in Bm25(lines).ranked("Blood PRESSURE?")) == "b"
    assert Bm25(lines).ranked("weight") == []


def test_a_line_that_does_not_fit_is_passed_over() -> None:
    lines = [Line("a", "xxx"), Line("b", "xxxxx"), Line("c", "x")]
    assert [line.record for line in within(lines, 4, len)] == ["a", "c"]


def test_the_questions_are_frozen() -> None:
    assert hashlib.sha256(FROZEN.read_bytes()).hexdigest() == DIGEST
    families = read().families
    assert {family.kind for family in families} == set(KINDS)
    assert len({wording for family in families for wording in family.ask}) >= LEAST_WORDINGS
    assert len({family.id for family in families}) == len(families)


def test_about_a_fifth_is_kept_aside() -> None:
    ids = [f"{family.id}.{number}" for family in read().families for number in range(family.most)]
    assert 0.15 < sum(map(kept_aside, ids)) / len(ids) < 0.25
