"""Telling at a glance whether a base was saved since."""

from pathlib import Path

Stamp = tuple[tuple[str, int, int, int], ...]


def stamp(folder: Path) -> Stamp:
    """Return what changes with every save: names, sizes and times; empty where nothing stands."""
    try:
        return tuple(
            sorted(
                (str(path), status.st_mtime_ns, status.st_size, status.st_ino)
                for path in folder.rglob("*.y*ml")
                for status in [path.stat()]
            )
        )
    except OSError:
        return ()  # a file went while we looked: look again
