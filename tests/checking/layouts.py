"""Lists and tables as models write them, and the sentences around what is told. Places as in `shapes`."""

LEADS = (
    "Here is what your records show:",
    "From the records that you shared:",
    "Sure! Here's a short overview:",
    "## Your results",
    "I found the following:",
    "**Summary**",
    "Your records say:",
)
DATED_LEADS = (
    "Your results from {r.d}:",
    "### Results of {r.d}",
    "On {r.d} your lab reported:",
    "These were measured on {r.d}:",
)
NAMED_LEADS = ("Your {r.x} values, newest first:", "**{r.X}** over time:", "This is what I see for {r.x}:")
LINES = (
    "{r.X}: {r.q} ({r.d})",
    "**{r.X}**: {r.q} on {r.d}",
    "{r.X} – {r.q}, {r.d}",
    "{r.d}: {r.x} {r.q}",
    "{r.X} was {r.q} on {r.d}",
    "{r.q} {r.x}, measured {r.d}",
)
RANGED_LINES = (
    "{r.X}: {r.q}, range {r.lo} to {r.hi} ({r.d})",
    "{r.X}: {r.q} ({r.flag}; lab range {r.lo}–{r.hi}{r.u}), {r.d}",
)
DATED_LINES = ("{r.X}: {r.q}", "**{r.X}** {r.q}", "{r.X} = {r.q}")
NAMED_LINES = ("{r.d}: {r.q}", "{r.q} on {r.d}", "**{r.d}** – {r.q}", "{r.q} ({r.d})")
MEDICINE_LINES = (
    "{m.X} {m.q}, since {m.d}",
    "**{m.X} {m.q}** – {m.dose}",
    "{m.X} {m.q} (for {m.for}; {m.d})",
    "{m.X}: {m.q}",
)
DONE_LINES = ("{e.X}: {e.d}", "{e.d} – {e.x}", "{e.X} ({e.my})", "**{e.X}** on {e.d}")
TABLES = (
    ("| Test | Result | Date |", "| {r.X} | {r.q} | {r.d} |"),
    ("| Date | Test | Value | Unit |", "| {r.d} | {r.x} | {r.v} | {r.ut} |"),
    ("| Test | Value |", "| **{r.X}** | {r.q} |"),
)
NAMED_TABLES = (
    ("| Date | {r.X} |", "| {r.d} | {r.q} |"),
    ("| Date | {r.X} ({r.ut}) |", "| {r.d} | {r.v} |"),
    ("| {r.X} | When |", "| {r.q} | {r.d} |"),
)
MEDICINE_TABLES = (
    ("| Medicine | Strength | Since |", "| {m.X} | {m.q} | {m.d} |"),
    ("| Since | Medicine |", "| {m.d} | {m.x} {m.q} |"),
)
DONE_TABLES = (("| What | When |", "| {e.X} | {e.d} |"), ("| Date | Entry |", "| {e.d} | {e.x} |"))
GENERAL = (
    "In general, LDL is a kind of cholesterol that can build up in the walls of blood vessels.",
    "In general, a single value says less than how it moves over time.",
    "In general, labs differ a little in the ranges they use.",
    "In general, the upper number is the pressure while the heart beats, the lower one that between beats.",
    "A1c is, in general, a measure of blood sugar over the past weeks.",
    "Statins, in general, lower cholesterol made in the liver.",
    "Your clinic can tell you what this means for you.",
    "I can't tell from this why it changed.",
    "You may want to ask about it at your next appointment.",
    "Other values are not in what I was shown.",
    "Let me know if you would like to see the earlier ones as well.",
)
