"""How models write the same thing in different ways: names, units, dates, places of citations."""

import datetime as dt
from random import Random
from typing import Literal

import msgspec

NAMES: dict[str, tuple[str, ...]] = {
    "LDL cholesterol": ("LDL cholesterol", "LDL", 'LDL ("bad") cholesterol'),
    "HDL cholesterol": ("HDL cholesterol", "HDL"),
    "Hemoglobin A1c": ("hemoglobin A1c", "A1c", "HbA1c"),
    "Body weight": ("body weight", "weight"),
    "Body height": ("body height", "height"),
    "Body mass index": ("body mass index", "BMI", "body mass index (BMI)"),
    "Body temperature": ("body temperature", "temperature"),
    "Blood pressure": ("blood pressure",),
    "Heart rate": ("heart rate",),
    "eGFR (CKD-EPI 2021)": ("eGFR", "eGFR (CKD-EPI 2021)"),
    "Vitamin D, 25-hydroxy": ("vitamin D", "25-hydroxy vitamin D"),
    "Urea nitrogen (BUN)": ("urea nitrogen (BUN)", "BUN"),
    "Steps per day, monthly average": ("average steps per day", "daily steps on average"),
    "Sleep duration, monthly average": ("average sleep duration", "average night's sleep"),
    "Vitamin B12": ("vitamin B12",),
    "TSH": ("TSH",),
    "ALT": ("ALT",),
    "AST": ("AST",),
}
UNITS: dict[str, tuple[str, ...]] = {
    "mm[Hg]": (" mmHg", " mm Hg", " mm[Hg]"),
    "%": ("%", " %", " percent"),
    "mg/dL": (" mg/dL", " mg/dL", " mg/dl"),
    "kg/m²": (" kg/m²", " kg/m2"),
    "mL/min/1.73m2": (" mL/min/1.73m2", " mL/min/1.73 m²"),
    "beats/min": (" beats/min", " bpm", " beats per minute"),
    "steps/day": (" steps/day", " steps a day", " steps per day"),
    "h": (" h", " hours"),
    "°C": (" °C", "°C"),
}
PLURAL = ("Triglycerides", "Platelets", "White blood cells", "Steps per day, monthly average")
Citing = Literal["none", "before", "after", "number", "end", "list"]
CITINGS: tuple[Citing, ...] = (
    "before",
    "before",
    "before",
    "after",
    "after",
    "number",
    "end",
    "list",
    "none",
)
DATES = ("%-d %b %Y", "%-d %b %Y", "%-d %B %Y", "%B %-d, %Y", "%b %-d, %Y", "%m/%d/%Y", "%Y-%m-%d")
BOLDS = ("", "", "**")
COUNTED = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "9": "nine"}


class Style(msgspec.Struct, frozen=True):
    """One model's habits."""

    citing: Citing
    date: str
    bold: str
    variant: int
    """Which of the usual spellings of a unit."""
    grouped: bool
    """Whether thousands are grouped: 8,365."""
    spelled: bool
    """Whether small counts are words."""


def style(draw: Random) -> Style:
    """Somebody's habits."""
    return Style(
        draw.choice(CITINGS),
        draw.choice(DATES),
        draw.choice(BOLDS),
        draw.randrange(3),
        draw.random() < 0.5,
        draw.random() < 0.5,
    )


def name(thing: str, draw: Random) -> str:
    """What a thing is called within a sentence."""
    usual = NAMES.get(thing)
    if usual:
        return draw.choice(usual)
    return thing if thing[1:2].isupper() or thing.startswith("Tdap") else thing[0].lower() + thing[1:]


def opened(text: str) -> str:
    """A name as it begins a sentence."""
    return text if text.startswith("eGFR") else text[0].upper() + text[1:]


def unit(shown: str, how: Style) -> str:
    """A unit as it follows its number."""
    spellings = UNITS.get(shown, (f" {shown}",) if shown else ("",))
    return spellings[how.variant % len(spellings)]


def number(shown: str, how: Style) -> str:
    """A value's digits; nothing is rounded."""
    return f"{int(shown):,}" if how.grouped and shown.isdigit() and len(shown) > 3 else shown


def date(day: str, how: Style) -> str:
    """An ISO day, month or year in words."""
    if len(day) == 4:
        return day
    if len(day) == 7:
        return dt.datetime.strptime(day, "%Y-%m").replace(tzinfo=dt.UTC).strftime("%B %Y")
    return dt.date.fromisoformat(day).strftime(how.date)
