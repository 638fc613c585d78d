"""What a connector says of a sync, as the house tells it."""

from assistant.links.providers.door import Told
from assistant.links.providers.link import Kind
from connectors.smart.coverage import Coverage


def told_of(coverage: Coverage, types: tuple[str, ...] = ()) -> Told:
    """The same; `types` are those of which what did not come is gone, where all of them came."""
    return Told(
        text=coverage.text,
        kinds=tuple(
            Kind(one.name, one.outcome.state.value, one.outcome.came, one.outcome.promised, one.outcome.text)
            for one in coverage.kinds
        ),
        began=coverage.began,
        everything=coverage.since is None,
        ended=coverage.ended,
        complete=coverage.complete,
        gone_of=types if coverage.sees_deletions else (),
        foreign=coverage.foreign,
        left=coverage.left,
    )
