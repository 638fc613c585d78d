"""The demo's guided conversation: what a patient would ask of the sample chart, and what it shows."""

from typing import Literal

import msgspec


class GuidedQuestion(msgspec.Struct, frozen=True):
    """One question that the demo offers."""

    text: str
    journey: Literal["questions", "visit"]
    """Asking about one's records, or preparing an appointment."""
    shows: str
    """What its answer lets the patient see."""


GUIDED = (
    GuidedQuestion(
        "How has my LDL changed since 2019?",
        "questions",
        "A change over years, worked out from both sources and cited value by value.",
    ),
    GuidedQuestion(
        "Which medicines do I take now, and what is each one for?",
        "questions",
        "What is current, and that a stopped medicine is never told as a current one.",
    ),
    GuidedQuestion(
        "What was my last hemoglobin A1c?",
        "questions",
        "One value with its unit, date and the laboratory's own range.",
    ),
    GuidedQuestion(
        "Am I allergic to penicillin?",
        "questions",
        "A refuted allergy, said to be refuted.",
    ),
    GuidedQuestion(
        "When was my last tetanus shot?",
        "questions",
        "The patient's word for a vaccine that the chart calls Tdap.",
    ),
    GuidedQuestion(
        "How was my blood pressure in 2026?",
        "visit",
        "Readings at home and at the clinic, with systolic and diastolic together.",
    ),
    GuidedQuestion(
        "What was my hemoglobin A1c on 6 February 2024?",
        "visit",
        "Two sources that contradict each other on one day: something to ask the clinic about.",
    ),
    GuidedQuestion(
        "What should I ask at my next visit?",
        "visit",
        "What is current, what is unclear, and what came of the latest visit.",
    ),
)
