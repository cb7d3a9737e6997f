"""The log of a running bot: one line an event, key=value, without what people wrote and secrets.

What happens has an English name; what somebody should see to is told in Chinese.
"""

import logging
from typing import Final

from logfmter import Logfmter

# These log whole addresses, of which the token is a part, or what a server answered.
SILENCED: Final = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "telegram": logging.CRITICAL,
    "uvicorn": logging.WARNING,
}


def write_logs() -> None:
    """Write what is logged to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        Logfmter(
            keys=["at", "level", "part"],
            mapping={"at": "asctime", "level": "levelname", "part": "name"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in SILENCED.items():
        logging.getLogger(name).setLevel(level)
