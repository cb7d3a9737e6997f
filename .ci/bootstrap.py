"""Make .venv with what a lock file names, on a machine that may have nothing but python3.

Usage: python3 .ci/bootstrap.py LOCK

Debian's python3 comes without ensurepip; there the wheel of pip itself, pinned by its hash, is
fetched and run from where it lies. The environment is rebuilt only when the lock changed.
"""

import hashlib
import json
import os
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = "pip-25.3-py3-none-any.whl"
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
INDEX = os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"


def main(lock: Path) -> None:
    """Bring .venv to the state that *lock* describes."""
    if sys.version_info < (3, 11):
        sys.exit("kaidian needs Python 3.11 or newer; this is " + sys.version.split()[0])
    stamp = VENV / f"{lock.stem}.sha256"
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        venv.create(VENV, with_pip=False)
    pip = [str(PYTHON), str(_pip()), "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    stamp.write_text(wanted)


def _pip() -> Path:
    """Return pip's own wheel, which runs as it is, fetching it once."""
    path = VENV / PIP
    if not path.exists():
        request = urllib.request.Request(  # noqa: S310  # the index is https or the person's own
            f"{INDEX.rstrip('/')}/pip/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
            files = json.load(answer)["files"]
        url = next(file["url"] for file in files if file["filename"] == PIP)
        with urllib.request.urlopen(url) as answer:  # noqa: S310  # checked by its hash below
            wheel = answer.read()
        if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
            sys.exit(f"{url} is not the file that was pinned")
        path.write_bytes(wheel)
    return path / "pip"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
