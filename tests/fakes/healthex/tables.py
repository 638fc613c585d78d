"""Writes compressed tables as HealthEx does: a dictionary for what repeats, blanks for a date that does."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

Cells = dict[str, str]


def table(title: str, years: int, rows: Sequence[Cells], *, total: int | None = None) -> str:
    """One table. Columns are those of the first row; `Date` comes first."""
    said = len(rows) if total is None else total
    lines = [f"#{title} {years}y|Total:{said}"]
    if not rows:
        return lines[0]
    columns = list(rows[0])
    often = [value for value, count in Counter(v for row in rows for v in row.values()).items() if count > 1]
    entries = {value: str(number) for number, value in enumerate(filter(None, often), 1)}
    if entries:
        lines.append("D:" + "|".join(f"{number}={value}" for value, number in entries.items()))
    lines.append("|".join(columns))
    before = ""
    for row in rows:
        cells = [
            f"@{entries[value]}" if value in entries else value for value in map(row.__getitem__, columns)
        ]
        if row.get("Date") == before:
            cells[columns.index("Date")] = ""
        before = row.get("Date", "")
        lines.append("|".join(cells))
    return "\n".join(lines)


def page(name: str, title: str, rows: Sequence[Cells], years: int, before: str | None) -> str:
    """The rows of some years before a day, newest first, and whether there are older ones."""
    end = before or "9999-12-31"
    newest = date.fromisoformat(before) if before else date(2026, 11, 22)
    start = newest.replace(year=newest.year - years, day=min(newest.day, 28)).isoformat()
    shown = sorted(
        (row for row in rows if start <= row["Date"] < end), key=lambda row: row["Date"], reverse=True
    )
    text = table(title, years, shown)
    if any(row["Date"] < start for row in rows):
        text += f'\n\nMore data available: Yes\nNext call: {name}(beforeDate="{start}", years={years})'
    else:
        text += "\n\nMore data available: No"
    return text


LABS: list[Cells] = [
    {
        "Date": f"{2026 - number // 2}-0{number % 9 + 1}-14",
        "Name": ("Hemoglobin A1c", "Potassium", "Creatinine")[number % 3],
        "PreferredCode": ("4548-4", "2823-3", "2160-0")[number % 3],
        "PreferredSystem": "2.16.840.1.113883.6.1",
        "Value": f"{5 + number / 10:.1f}",
        "Unit": ("%", "mmol/L", "mg/dL")[number % 3],
    }
    for number in range(24)
]
VACCINES: list[Cells] = [
    {
        "Date": day,
        "Name": name,
        "PreferredCode": code,
        "PreferredSystem": "2.16.840.1.113883.12.292",
    }
    for day, name, code in (
        ("2026-01-15", "Influenza, seasonal", "140"),
        ("2026-01-15", "COVID-19", "300"),
        ("2019-05-02", "Tdap", "115"),
    )
]
CHART: dict[str, tuple[str, list[Cells]]] = {
    "get_conditions": ("Conditions", [{"Date": "2020-02-03", "Name": "Asthma", "Status": "Active"}]),
    "get_medications": (
        "Medications",
        [{"Date": "2024-06-01", "Name": "Albuterol inhaler", "Dosage": "2 puffs as needed"}],
    ),
    "get_allergies": (
        "Allergies",
        [{"Date": "2011-01-09", "Name": "Penicillin", "Reaction": "Hives", "Severity": "mild"}],
    ),
    "get_labs": ("Labs", [row for row in LABS for _ in range(3)]),
    "get_vitals": (
        "Vitals",
        [{"Date": "2025-03-03", "Name": "Blood pressure", "Value": "120/80", "Unit": "mmHg"}],
    ),
    "get_procedures": ("Procedures", [{"Date": "2015-07-07", "Name": "Appendectomy"}]),
    "get_immunizations": ("Immunizations", [row for row in VACCINES for _ in range(2)]),
    "get_visits": (
        "Visits",
        [{"Date": "2025-03-03", "Type": "Office visit", "Provider": "Dr. Ito", "Reason": "Cough"}],
    ),
}
"""Tool, title and rows; the repeats are as HealthEx sends them."""
