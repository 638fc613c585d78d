"""The frozen phrases that recognising urgent words is measured against, written before any rule.

`corpus/urgent/FRAME.txt` holds one phrase a line as `kind | phrase`; `corpus/kinds.json` says which card a
kind belongs to. `corpus/ordinary/FRAME.txt` holds one wording a line; `{a|b}` in it stands for one phrase
with each choice. A quarter of both is kept aside for the last run, chosen by the phrase's own SHA-256.

The kinds follow what public guidance lists: NHS "When to call 999" and "When to go to A&E", American Heart
Association "Heart Attack and Stroke Symptoms" (FAST), American Red Cross first aid guidance, Sepsis Alliance
"Symptoms", CDC "Urgent Maternal Warning Signs" (Hear Her), NHS "Is your baby or toddler seriously ill?",
CDC "Heat-Related Illnesses", National Institute of Mental Health "Warning Signs of Suicide", WHO "Suicide".
"""

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

FOLDER = Path(__file__).with_name("corpus")
ORDINARY_BY_FORM = frozenset({"negated", "past_over", "quoted", "family_history"})
_PLAN = "self_harm_plan"
_CHOICE = re.compile(r"\{([^{}]+)\}")


class Category(StrEnum):
    """The card that an urgent phrase must bring up."""

    EMERGENCY = "emergency"
    SELF_HARM = "self_harm"


class Urgent(msgspec.Struct, frozen=True):
    """A phrase that must bring up the card of its category; `plan` marks a concrete plan of self-harm."""

    phrase: str
    frame: str
    kind: str
    category: Category
    plan: bool


class Ordinary(msgspec.Struct, frozen=True):
    """A phrase that must bring up no card; phrases of one slotted line share their `wording`."""

    phrase: str
    frame: str
    wording: str


def urgent(kept_aside: bool) -> tuple[Urgent, ...]:
    """The urgent phrases of the part kept aside, or of the rest."""
    return tuple(one for one in _urgent() if is_kept_aside(one.phrase) == kept_aside)


def ordinary(kept_aside: bool) -> tuple[Ordinary, ...]:
    """The ordinary phrases of the part kept aside, or of the rest."""
    return tuple(one for one in _ordinary() if is_kept_aside(one.phrase) == kept_aside)


def is_kept_aside(phrase: str) -> bool:
    """Whether the SHA-256 of the phrase's UTF-8 bytes, read as one number, divides by four."""
    return int(hashlib.sha256(phrase.encode()).hexdigest(), 16) % 4 == 0


def fingerprint() -> str:
    """SHA-256 over every label and phrase: a figure that names it says which corpus it was measured on."""
    lines = [f"{one.frame}\t{one.kind}\t{one.category}\t{one.phrase}" for one in _urgent()]
    lines += [f"{one.frame}\t{one.phrase}" for one in _ordinary()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def repeated() -> list[str]:
    """Phrases, casefolded, that stand more than once in either list or in both."""
    phrases = itertools.chain((one.phrase for one in _urgent()), (one.phrase for one in _ordinary()))
    counts = Counter(phrase.casefold() for phrase in phrases)
    return [phrase for phrase, count in counts.items() if count > 1]


def _urgent() -> Iterator[Urgent]:
    kinds = msgspec.json.decode((FOLDER / "kinds.json").read_bytes(), type=dict[str, Category])
    for frame, line in _lines("urgent"):
        kind, _, phrase = line.partition(" | ")
        yield Urgent(phrase, frame, kind, kinds[kind], plan=kind == _PLAN)


def _ordinary() -> Iterator[Ordinary]:
    for frame, wording in _lines("ordinary"):
        for phrase in _filled(wording):
            yield Ordinary(phrase, frame, wording)


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for path in sorted((FOLDER / name).glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.stem, line


def _filled(wording: str) -> Iterator[str]:
    parts = _CHOICE.split(wording)
    fixed, slots = parts[::2], [part.split("|") for part in parts[1::2]]
    for chosen in itertools.product(*slots):
        yield "".join(itertools.chain.from_iterable(zip(fixed, (*chosen, ""), strict=True)))


def _counted(title: str, frames: Iterable[str], aside: Iterable[str]) -> None:
    total, kept = Counter(frames), Counter(aside)
    print(f"{title}: {total.total()}, kept aside {kept.total()}")
    for frame, count in sorted(total.items()):
        print(f"  {frame:<20} {count:>5} {kept[frame]:>5}")


def _report() -> int:
    phrases, questions = [*_urgent()], [*_ordinary()]
    _counted("urgent", (one.frame for one in phrases), (one.frame for one in urgent(kept_aside=True)))
    _counted("ordinary", (one.frame for one in questions), (one.frame for one in ordinary(kept_aside=True)))
    kinds = Counter(one.kind for one in phrases)
    print("kinds: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    self_harm = sum(one.category is Category.SELF_HARM for one in phrases)
    print(f"self-harm {self_harm}, concrete plans {sum(one.plan for one in phrases)}")
    print(f"ordinary by their form {sum(one.frame in ORDINARY_BY_FORM for one in questions)}")
    print(f"ordinary wordings {len({one.wording for one in questions})}")
    print(f"fingerprint {fingerprint()}")
    twice = repeated()
    print(f"repeated {len(twice)}", *twice, sep="\n  ")
    return 1 if twice else 0


if __name__ == "__main__":
    raise SystemExit(_report())
