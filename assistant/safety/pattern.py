"""The small language in which groups, frames and rules are written, and how it is looked for.

A pattern is pieces joined by `&`: all of them within a number of words, in any order. A piece is parts in
order within one sentence, two other words allowed between them, or as many as `..N` says. A part is a word,
words joined by hyphens (`short-of-breath`), alternatives of these (`lip|lips`), a group (`@chest`), a number
within bounds (`#38-43`) or `^`, the start of a clause. A word written with `+` stands for its endings too
(`bleed+`).
"""

import re

import msgspec

WITHIN = 16
"""How many words the pieces of a pattern may span where its rule does not say."""

_BETWEEN = 2
_VOWELS = frozenset("aeiou")
_GAP = re.compile(r"\.\.(\d+)")


class Piece(msgspec.Struct, frozen=True):
    """Parts in order; `gaps[i]` words at most stand before `parts[i]`."""

    parts: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]


class Pattern(msgspec.Struct, frozen=True):
    """Pieces in any order, within a number of words."""

    pieces: tuple[Piece, ...]
    within: int

    def possible(self, names: frozenset[str]) -> bool:
        """Whether all of its parts are among the names that stand in a message."""
        for piece in self.pieces:
            for part in piece.parts:
                if names.isdisjoint(part):
                    return False
        return True


def parse(written: str, within: int = WITHIN) -> Pattern:
    """The pattern that a line of the data writes."""
    return Pattern(tuple(_piece(piece) for piece in written.split(" & ")), within)


def entries(written: str) -> tuple[str, ...]:
    """The entries of a group, written with commas; words joined by hyphens as in a pattern."""
    names = ("-".join(entry.split()) for entry in written.split(","))
    return tuple(form for name in names for form in _endings(name))


def words_of(name: str) -> tuple[str, ...]:
    """The words that a part's name asks for; none for a group, a number or a start."""
    return () if name[0] in "@#^" else tuple(name.split("-"))


def names_in(pattern: Pattern) -> frozenset[str]:
    """All that a pattern's parts name."""
    return frozenset(name for piece in pattern.pieces for part in piece.parts for name in part)


def _piece(written: str) -> Piece:
    parts: list[frozenset[str]] = []
    gaps: list[int] = []
    gap = 0
    for token in written.split():
        if match := _GAP.fullmatch(token):
            gap = int(match.group(1))
            continue
        parts.append(frozenset(form for name in token.split("|") for form in _endings(name)))
        gaps.append(gap)
        gap = _BETWEEN
    return Piece(tuple(parts), tuple(gaps))


def _endings(name: str) -> tuple[str, ...]:
    """ "choke+" is choke, chokes, choked, choking; the `+` stands at the end of a name's last word."""
    if not name.endswith("+"):
        return (name,)
    base = name[:-1]
    if base.endswith("e"):
        return (base, base + "s", base + "d", base[:-1] + "ing")
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return (base, base[:-1] + "ies", base[:-1] + "ied", base + "ing")
    plural = base + ("es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s")
    short = len(base) > 2 and base[-1] not in _VOWELS | set("wxy") and base[-2] in _VOWELS
    doubled = base + base[-1] if short and base[-3] not in _VOWELS else base
    return tuple(dict.fromkeys((base, plural, base + "ed", base + "ing", doubled + "ed", doubled + "ing")))
