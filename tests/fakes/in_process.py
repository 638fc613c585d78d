"""A file read in this process, for measuring ingest without the child process."""

import os
from collections.abc import AsyncGenerator
from pathlib import Path

from connectors.files.read import read_path
from connectors.model import Batch, SourceInfo


class InProcessFile:
    """As the file connector, without its child process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def info(self) -> SourceInfo:
        return SourceInfo(kind="file", key=str(self._path), name=self._path.name)

    @property
    def resumes(self) -> bool:
        return False

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        assert cursor is None
        for batch in read_path(os.fsencode(self._path)):
            yield batch
