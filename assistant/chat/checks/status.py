"""What a record is marked as has to stand in an answer that cites it: refuted, entered in error, planned."""

import re
from collections.abc import Iterator, Sequence

from assistant.sharing.model import Item

_CITED = re.compile(r"\[(\d{1,4})\]")
_MARKS: dict[str, re.Pattern[str]] = {
    marked: re.compile(rf"\b(?:{said})", re.IGNORECASE)
    for marked, said in {
        "entered in error": r"error|mistake|wrong|incorrect|should not be (?:used|relied)",
        "refuted": r"refuted|ruled out|disproved|not (?:allergic|confirmed|true|have)|no longer|negative|no,"
        r"|don't have|do not have|isn't|is not|was not|wasn't",
        "not confirmed": r"not confirmed|unconfirmed|not certain|possib|suspected|provisional|may\b|might"
        r"|preliminary|not (?:yet )?verified|unclear|not sure|maybe|unverified|reported",
        "not done": r"not (?:done|given|taken|performed|received|carried)|never|didn't|did not|declined"
        r"|cancell?ed|refused|wasn't|was not|missed|skipped",
        "planned": r"plan|scheduled|upcoming|will\b|ordered|booked|coming|due|next|future|intended|propos",
        "ordered, not known to be done": r"ordered|not known|plan|requested|referr|no result|not done"
        r"|not yet",
        "family history": r"family|relative|mother|father|parent|brother|sister|sibling|grand|aunt|uncle"
        r"|cousin|son|daughter|child|runs in",
    }.items()
}


def unsaid(text: str, items: Sequence[Item]) -> Iterator[str]:
    """A warning for each cited record whose mark the answer does not tell."""
    cited = {int(ref) for ref in _CITED.findall(text)}
    for item in items:
        head = item.text.partition("; ")[0]
        mark = next((mark for mark in _MARKS if f"({mark}" in head), None)
        if item.ref in cited and mark is not None and not _MARKS[mark].search(text):
            yield f"[{item.ref}] is marked as “{mark}” in your records; this answer doesn't say so."
