"""How to reach a server of tools: everything that a conversation needs, without beginning one."""

import msgspec

from connectors.http import Bearer, Network
from connectors.origin import Origin


class Reach(msgspec.Struct, frozen=True):
    """How to reach one server."""

    network: Network
    address: str
    typed: bool = False
    """Whether the patient typed the address: it may be one of this computer or a private network."""
    bearer: Bearer | None = None

    @property
    def origin(self) -> Origin:
        """Where requests may go.

        Raises:
            BadAddress: it isn't an address that may be used.
        """
        return Origin.of(self.address, typed=self.typed)
