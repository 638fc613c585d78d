"""What stands in a message decides, whoever writes it and however it is spelled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.model import Urgent
from assistant.safety.recognise import matching_rule, recognise
from tests.safety.corpus import ordinary, urgent
from tests.safety.measuring import milliseconds

EMERGENCY, SELF_HARM = Urgent.EMERGENCY, Urgent.SELF_HARM
LONG = 10_000


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    recognise(text)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["'", '"', "can", "not", "9.9", "9" * 400, ",", "\ud800", "chest", "\n", "٣", "²"])
    )
)
def test_no_run_of_odd_pieces_makes_it_fail(pieces: list[str]) -> None:
    recognise(" ".join(pieces))
    recognise("".join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "I CANT BREATHE",
        "i can’t breathe!!",
        "I cannot breathe",
        "I can not breathe",
        "i cant braethe",
        "I càn't breathe",
        "I caaaan't breeeathe",
    ],
)
def test_spelling_does_not_matter(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    "text", ["My chest hurts", "My husband's chest hurts", "A stranger here says her chest hurts"]
)
def test_it_does_not_matter_whose_it_is(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("I don't have chest pain", "I have chest pain"),
        ("no chest pain or trouble breathing", "chest pain and trouble breathing"),
        ("He has never had a seizure", "He is having a seizure"),
        ("I'm not suicidal", "I'm suicidal"),
    ],
)
def test_only_a_negation_bound_to_the_sign_denies_it(denied: str, said: str) -> None:
    assert recognise(denied) is None
    assert recognise(said) is not None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("When was my last seizure?", "She is having a seizure now"),
        ("What does 'shortness of breath' in my note mean?", "I have shortness of breath"),
        ("Do my records mention chest pain?", "My records are fine and I have chest pain"),
        ("I had chest pain in 2015, what was it?", "I have had chest pain since last night"),
        ("My father died of a stroke", "I think my father is having a stroke"),
    ],
)
def test_asking_is_not_having(asked: str, said: str) -> None:
    assert recognise(asked) is None
    assert recognise(said) is EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "there's a boulder sitting on my chest and I'm soaked in sweat",
        "he keeps rubbing his breastbone, looks dreadful and the spray won't ease it",
        "pulse of 190 sitting still and I'm light headed",
        "feels like I'm breathing through a straw",
        "mum is only taking five breaths a minute",
        "her smile has gone skew-whiff",
        "one whole side of me has packed up",
        "grandpa says the same word over and over since lunch",
        "no clue what year it is, and he was sharp as a tack yesterday",
        "a dark blob covers half of what I see on the right",
        "a headache like being clubbed, never known pain like it",
        "the bandages are soaked and the red keeps coming",
        "brought up stuff like coffee dregs",
        "I'm passing something like road tar",
        "my tongue doesn't fit in my mouth after that satay",
        "the toddler's been at grandma's tablets",
        "gave the baby 10 ml instead of 1",
        "midazolam's been given and she is still going",
        "there's no waking her, slapping her cheeks does nothing",
        "a grape is down her windpipe and she can't make a noise",
        "a whole pan of soup went down my legs",
        "came off my horse and I keep forgetting what day it is",
        "our newborn feels like a radiator",
        "bubba's gone all floppy and a funny colour",
        "bun in the oven, 8 months, and the kicking has stopped",
        "these spots stay put when I roll a tumbler over them",
        "my type 1 daughter is at 2.1 and too sleepy to swallow",
        "ran out of insulin two days ago, panting and parched",
        "cooked himself on the roof, bone dry and spouting rubbish",
        "one of my bollocks is in agony and sits higher",
        "a splinter of metal is in my eyeball",
        "left leg twice the size of the right, tender at the back",
        "a pulsating lump in my belly and awful back pain",
        "skin marbled, hands like ice and I can't get warm",
        "he's smashing the house up and we're hiding in the bathroom",
    ],
)
def test_everyday_words_for_a_grave_sign_are_known(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I've picked the bridge and I'm leaving now",
        "the letters are written and the tablets are on the table",
        "I'm parked by the cliff and don't intend to drive home",
        "tonight's the night, nobody can stop me",
        "I've got the gun and two shells",
        "standing on the edge of the multi storey",
        "doing it on Friday, I have the insulin",
        "I know exactly how I'll do it and when",
        "made my will, gave away my dog, it'll be over by Sunday",
        "which of my medicines would kill me fastest",
        "my affairs are in order, the rifle is loaded, don't blame anyone",
        "I chose the day and have got what I need in the loft",
        "she texted from the viaduct that she can't go on",
        "I'm swallowing my painkillers a handful at a time, thirty so far",
    ],
)
def test_a_settled_plan_is_known_without_the_word_for_it(text: str) -> None:
    assert recognise(text) is SELF_HARM


@pytest.mark.parametrize(
    "text",
    [
        "the world doesn't need me in it",
        "I can't face one more day",
        "I can't see any way out any more",
        "I hope a bus hits me",
        "I don't trust myself tonight",
        "I slashed my thighs again",
        "she drank bleach on purpose",
        "just downed two boxes of paracetamol",
        "I carved words into my arm",
    ],
)
def test_wishes_and_acts_are_known_in_other_words(text: str) -> None:
    assert recognise(text) is SELF_HARM


@pytest.mark.parametrize(
    "text",
    [
        "does naproxen cause stomach bleeding in older people",
        "how common is testicular torsion",
        "is a TIA the same thing as a stroke?",
        "what are the warning signs of sepsis, I'm making a poster",
        "how do hospitals treat a blood clot",
        "the leaflet says suicidal thoughts can happen, how rare are they?",
        "the bill says 'overdose, treated' and I was never there for that",
        "my chest pain last winter turned out to be a pulled muscle",
        "in my first pregnancy I had heavy bleeding, that child is at college",
        "had a seizure when I was three, nothing since",
        "I fainted once at school",
        "my chest is clear, the doctor said",
        "I can breathe perfectly well, take the inhaler off my list",
        "I'm drowning in paperwork",
        "my dad went blind from glaucoma, should my pressures be checked",
        "I stubbed my toe",
        "I'm 38 weeks pregnant, print my birth plan please",
        "I take 20 mg of lisinopril in the morning",
        "I'm planning a trip on Sunday and need my tablets",
        "I've picked the date for my surgery, do I need to fast?",
        "I'm putting my affairs in order and need a letter for the insurance",
        "goodnight all, what time is my appointment",
        "I take my tablets a couple at a time, still 3 left today",
    ],
)
def test_asking_in_general_long_ago_or_in_a_saying_is_left_in_peace(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("in_general", "of_someone"),
    [
        ("does aspirin cause stomach bleeding", "does aspirin cause this bleeding, it won't stop"),
        ("how common is a stroke", "how common is a stroke, my wife's face is drooping"),
        ("can a vaccine cause a stiff neck", "can a vaccine cause his stiff neck, he has a fever"),
        ("what are the signs of meningitis", "are these the signs of meningitis, she can't bend her neck"),
        (
            "my chest pain last year turned out to be reflux",
            "my chest pain is back today, last year it was reflux",
        ),
    ],
)
def test_a_question_in_general_does_not_cover_someone_who_has_it(in_general: str, of_someone: str) -> None:
    assert recognise(in_general) is None
    assert recognise(of_someone) is EMERGENCY


@pytest.mark.parametrize(
    ("over_or_mild", "present"),
    [
        ("My lithium level came back at 0.9, fine?", "My blood sugar came back at 1.9"),
        ("our nephew is type 1, can he fly?", "our nephew is type 1 and he's floppy"),
        ("Dad finds his tablet chart confusing", "Dad is confused and shivering today"),
        ("My aunt has a bad nut allergy, is it inherited?", "My aunt has a nut allergy and her lips swelled"),
        ("Mum's side: strokes, nearly all of them", "Mum's left side is numb"),
        ("Will the insurer want a receipt for the ambulance?", "Do I need an ambulance?"),
        ("Sepsis or meningitis, which is more serious?", "Sepsis or flu, he's mottled and cold"),
        ("I burnt my tongue on soup", "I burnt my tongue on soup and my throat is closing"),
        ("both calves tight after a run", "one calf tight and swollen after a run"),
        ("I swallowed an orange pip", "I swallowed a battery"),
        ("she isn't having any trouble breathing", "she isn't breathing"),
        ("the spots faded under a glass, the nurse was happy", "the spots don't fade under a glass"),
        ("I was burned at age seven, which unit was it?", "I burned my whole arm, it's white"),
        ("he was poisoned by mussels, forty years ago", "he was poisoned, forty minutes ago"),
        ("our team keeps choking in finals", "our daughter keeps choking"),
        ("the view took my breath away", "the stairs took my breath away and my chest is tight"),
        ("Do clots still count as a risk with the booster?", "I think it's a clot in my leg, it's swollen"),
    ],
)
def test_what_is_over_or_mild_is_left_in_peace_but_not_what_is_there_now(
    over_or_mild: str, present: str
) -> None:
    assert recognise(over_or_mild) is None
    assert recognise(present) is EMERGENCY
    assert recognise(f"{over_or_mild} {present}") is EMERGENCY
    assert recognise(f"{present}. {over_or_mild}") is EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "he's been in a seizure for seven minutes",
        "her fit isn't easing off at all",
        "the convulsions show no sign of ending",
        "all of a sudden mum can't string two words together",
    ],
)
def test_how_long_and_how_it_goes_on_is_understood(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I came across a letter and a rope in my brother's wardrobe",
        "my niece says it's tomorrow and there are blades under her mattress",
        "there's a note on the bed and dad's shotgun is missing",
        "my mate has texted everybody goodbye",
    ],
)
def test_a_plan_told_by_someone_close_is_known(text: str) -> None:
    assert recognise(text) is SELF_HARM


@pytest.mark.parametrize(
    ("well", "not_well"),
    [
        (
            "I was suicidal in my teens, I'm well now, please correct the date",
            "I was suicidal in my teens, I'm well now, no, I want to die",
        ),
        (
            "I used to be suicidal at university, happy for years now",
            "I used to be suicidal at university and it's back",
        ),
    ],
)
def test_well_for_long_is_believed_only_where_nothing_speaks_against_it(well: str, not_well: str) -> None:
    assert recognise(well) is None
    assert recognise(not_well) is SELF_HARM


@pytest.mark.parametrize("order", ["{0} {1}", "{1} {0}"])
def test_self_harm_wins_over_an_emergency(order: str) -> None:
    texts = "My chest hurts badly.", "I want to kill myself."
    assert [recognise(text) for text in texts] == [EMERGENCY, SELF_HARM]
    assert recognise(order.format(*texts)) is SELF_HARM


def test_an_ordinary_question_beside_it_changes_nothing() -> None:
    questions = [one.phrase for one in ordinary(kept_aside=False) if recognise(one.phrase) is None][::25]
    for question in questions:
        assert recognise(f"{question}. I can't breathe") is EMERGENCY
        assert recognise(f"I can't breathe. {question}") is EMERGENCY


def test_what_was_met_names_its_rule_and_where_it_comes_from() -> None:
    rule = matching_rule("My face is drooping on one side")
    assert rule is not None
    assert rule.kind is EMERGENCY
    assert rule.about
    assert rule.source


@pytest.mark.parametrize("part", ["urgent", "ordinary"])
def test_a_longer_message_takes_longer_in_proportion(part: str) -> None:
    phrases = urgent(kept_aside=False) if part == "urgent" else ordinary(kept_aside=False)
    text = " ".join(one.phrase for one in phrases)[:LONG]
    short = milliseconds(text[: LONG // 10], rounds=10)
    assert milliseconds(text, rounds=10) < short * 50
