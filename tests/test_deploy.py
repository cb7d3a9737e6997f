"""The files for running the bot in earnest: what they name is there, and they fit together."""

import configparser
import re
from pathlib import Path

import yaml

from bot.channels.telegram.sending import FAREWELL as CALLS
from bot.channels.telegram.web import FAREWELL as REQUESTS
from bot.settings import Settings

DEPLOY = Path(__file__).parent.parent / "deploy"


def settings() -> set[str]:
    """Return the names of all settings."""
    return set(re.findall(r"KAIDIAN_\w+", Settings.__doc__ or ""))


def test_only_settings_that_there_are_are_set() -> None:
    """A name that is misspelt would be passed over in silence."""
    for file in DEPLOY.iterdir():
        assert set(re.findall(r"KAIDIAN_[A-Z_]*[A-Z]", file.read_text("utf-8"))) <= settings(), file


def test_the_replicas_share_one_store_behind_one_balancer() -> None:
    """The balancer knows each replica by name and port, and passes on the path of the example."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    bots = [name for name in services if name.startswith("bot-")]
    example = (DEPLOY / "example.env").read_text("utf-8")

    assert len(bots) == 2
    for name in bots:
        assert f"server {name}:{services[name]['environment']['KAIDIAN_WEBHOOK_PORT']} " in nginx
        assert services[name]["environment"]["KAIDIAN_DB"].startswith("postgresql+psycopg://")
    path = re.search(r"KAIDIAN_WEBHOOK_URL=https://[^/]+(/\S+)", example)
    assert path
    assert f"location = {path[1]} {{" in nginx
    assert set(re.findall(r"\$\{(\w+)", str(services))) == set(
        re.findall(r"^(\w+)=", example, re.MULTILINE)
    )


def test_nobody_is_killed_before_the_bot_has_said_goodbye() -> None:
    """Both systemd and compose wait longer than the bot does."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser's documentation has it
    unit.read(DEPLOY / "kaidian.service", "utf-8")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]

    assert float(unit["Service"]["TimeoutStopSec"]) > CALLS + REQUESTS
    assert services["bot-1"]["stop_grace_period"] == "30s"
    assert unit["Service"]["ExecStart"].endswith("kaidian telegram")


def test_the_image_installs_what_is_locked() -> None:
    """Each version is checked against its hash, and the bot runs as nobody in particular."""
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    locked = re.findall(r"-r (\S+)", image)

    assert "--require-hashes" in image
    assert locked
    assert all((DEPLOY.parent / lock).is_file() for lock in locked)
    assert re.search(r"^USER (?!root)\w+$", image, re.MULTILINE)
