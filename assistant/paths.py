"""Where the patient's data folder is."""

import os
from pathlib import Path


def data_home() -> Path:
    """`CHARTSIDE_HOME`, or the platform's data folder. Nothing is created."""
    chosen = os.environ.get("CHARTSIDE_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs  # 6 ms, and not needed where the folder is named

    return Path(platformdirs.user_data_dir("chartside", appauthor=False))
