"""A SMART on FHIR server on this computer: strict on every client requirement, with faults to order.

    async with SmartServer() as server:
        server.clients.add(Registered("chartside", redirect_uris=("http://127.0.0.1:8914/chartside",)))
        server.chart.put({"resourceType": "Observation", "id": "o1", ...})

The authorization part is authlib's server side; people sign in at a plain HTML form (`person.py` fills it in
without a browser). Everything that arrived is in `server.received`.
"""

from tests.fakes.smart_server.chart import Chart
from tests.fakes.smart_server.models import Registered
from tests.fakes.smart_server.person import Person
from tests.fakes.smart_server.server import SmartServer

__all__ = ["Chart", "Person", "Registered", "SmartServer"]
