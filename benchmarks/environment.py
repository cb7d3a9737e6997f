"""Where the environments of the peers and of atheris are, apart from the project's own."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PEERS_PYTHON: Final = str(ROOT / ".venv-peers" / "bin" / "python")
FUZZING_PYTHON: Final = str(ROOT / ".venv-fuzz" / "bin" / "python")
