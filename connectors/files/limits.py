"""How much one file may ask of the reader. What lies beyond is a Problem, not a crash."""

MIB = 1024 * 1024

RESOURCE_BYTES = 64 * MIB
"""The largest resource kept. FHIR sets none; a scanned document in base64 stays well below."""

STRING_BYTES = 16 * MIB
"""The longest text inside a resource. FHIR asks for at most 1 MiB; attachments in base64 may be longer."""

NUMBER_LENGTH = 1000
"""The longest number, in characters. FHIR asks for 18 digits; Python refuses to read integers over 4,300."""

DEPTH = 64
"""The deepest nesting of objects and lists. Real resources stay under 20; readers further in may recurse."""

PROBLEMS = 1000
"""The most problems listed for one file: a file of broken lines must not fill the memory or the screen."""

HOPELESS_PROBLEMS = 100_000
"""Reading a file ends after this many problems, where there are ten times as many as records."""

BATCH_BYTES = 256 * 1024
"""A batch is handed on once its resources reach this size."""

BATCH_ITEMS = 500
"""A batch is handed on once it holds this many records and problems."""

FRAME_BYTES = RESOURCE_BYTES + 16 * MIB
"""The largest message taken from the child: one full batch that ends in the largest resource."""
