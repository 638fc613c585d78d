"""What an import did, counted per file. Counts are of records; supporting resources are not counted."""

import msgspec


class Tally(msgspec.Struct):
    """Some records that were not taken as they are, and why."""

    what: str
    why: str
    count: int


class Found(msgspec.Struct):
    """Something unreadable, by position."""

    at: str
    text: str


class FileReport(msgspec.Struct):
    """One file (or query) of an import."""

    path: str
    format: str
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: list[Tally] = msgspec.field(default_factory=list)
    set_aside: list[Tally] = msgspec.field(default_factory=list)
    problems: list[Found] = msgspec.field(default_factory=list)
    supporting: int = 0

    def refuse(self, what: str, why: str, count: int = 1) -> None:
        """Count records that belong to someone else."""
        _add(self.refused, what, why, count)

    def put_aside(self, what: str, why: str, count: int = 1) -> None:
        """Count records kept but not used."""
        _add(self.set_aside, what, why, count)

    @property
    def usable(self) -> int:
        """How much of it is in the chart or supports it."""
        return self.new + self.updated + self.unchanged + self.merged + self.supporting


class OwnerName(msgspec.Struct, frozen=True):
    """Whose chart it is."""

    name: str | None
    born: str | None


class Totals(msgspec.Struct):
    """Sums over the files."""

    new: int
    updated: int
    unchanged: int
    merged: int
    refused: int
    set_aside: int
    problems: int


class ImportReport(msgspec.Struct):
    """All of one import."""

    id: str | None
    """None for a dry run, or when nothing was kept."""
    owner: OwnerName | None
    files: list[FileReport]

    @property
    def totals(self) -> Totals:
        """The sums of the contract."""
        return Totals(
            new=sum(f.new for f in self.files),
            updated=sum(f.updated for f in self.files),
            unchanged=sum(f.unchanged for f in self.files),
            merged=sum(f.merged for f in self.files),
            refused=sum(t.count for f in self.files for t in f.refused),
            set_aside=sum(t.count for f in self.files for t in f.set_aside),
            problems=sum(len(f.problems) for f in self.files),
        )

    @property
    def usable(self) -> int:
        """How much of it is in the chart or supports it."""
        return sum(f.usable for f in self.files)


def _add(tallies: list[Tally], what: str, why: str, count: int) -> None:
    for tally in tallies:
        if tally.what == what and tally.why == why:
            tally.count += count
            return
    tallies.append(Tally(what, why, count))
