"""Drafts: entries that operators propose, written into a base where they answer nobody yet."""

from pathlib import Path

from bot.desk.proposing import tried
from bot.knowledge.model import Entry
from bot.knowledge.reading import read_base
from bot.knowledge.writing import rewritten, save


def save_draft(folder: Path, draft: Entry) -> None:
    """Write *draft* into the base in *folder*, or over the one that has its id.

    Raises:
        KnowledgeError: when the base can't be read, before or after, or not be written; it is
            then as it was.

    """
    read_base(folder)
    files = rewritten(folder, {draft.id: draft})
    with tried(folder, files) as copy:
        read_base(copy)
    save(files)
