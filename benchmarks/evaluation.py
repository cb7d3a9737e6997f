"""Where evaluation data that is no part of this repository is looked for."""

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "KAIDIAN_EVAL"
BESIDE: Final = Path(__file__).parents[2] / "shared" / "eval"


def evaluation_data() -> Path | None:
    """Return the folder that KAIDIAN_EVAL names, else ../shared/eval, if it is there."""
    folder = Path(os.environ.get(FOLDER) or BESIDE)
    return folder if folder.is_dir() else None
