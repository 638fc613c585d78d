"""How often Python looks for garbage in cycles."""

import gc


def collect_rarely() -> None:
    """Look seldom: records and their parsing hold no cycles and come by the thousand, and a start makes
    none. Looking costs an import an eighth and a first frame 50 ms."""
    gc.set_threshold(100_000, 50, 50)
