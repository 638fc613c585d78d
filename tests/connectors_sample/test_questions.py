"""The guided conversation asks what a patient would ask, on both journeys."""

from connectors.sample.questions import GUIDED


def test_six_to_eight_questions_on_both_journeys() -> None:
    assert 6 <= len(GUIDED) <= 8
    assert {question.journey for question in GUIDED} == {"questions", "visit"}
    assert len({question.text for question in GUIDED}) == len(GUIDED)
    assert all(question.text.endswith("?") and question.shows.endswith(".") for question in GUIDED)
