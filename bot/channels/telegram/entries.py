"""The entries and bases that buttons and links mean."""

from dataclasses import replace

from bot.channels.telegram.buttons import short
from bot.dialogue.conversation import Assistant, Conversation
from bot.dialogue.library import Library, Turn


class Entries:
    """Finds what *library* says by the short forms of ids."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._bases = {short(id_): id_ for id_ in library.assistants}
        self._places: dict[str, tuple[Assistant, str]] = {}
        for id_, assistant in library.assistants.items():
            for entry in assistant.base.by_id:
                self._places[short(entry, id_)] = assistant, entry
                # What was shown while one base was served: still plain where one has such an entry.
                if len(self._having(entry)) == 1:
                    self._places[short(entry)] = assistant, entry

    def base(self, about: str) -> str | None:
        """Return the id of the base that a button means."""
        return self._bases.get(about)

    def picked(self, conversation: Conversation, about: str) -> Turn | None:
        """Return the reply that says what the entry says that a button means."""
        place = self._places.get(about)
        return self._said(conversation, *place) if place else None

    def step(
        self, conversation: Conversation, about: str, number: int
    ) -> tuple[Conversation, str] | None:
        """Return step *number* of the how-to that a button means."""
        assistant, entry = self._places.get(about, (None, ""))
        shown = assistant.step(entry, number) if assistant else None
        if assistant is None or shown is None:
            return None
        after, text = shown
        if self._library.only:
            return after, text
        return (
            replace(after, base=assistant.base.header.id, chosen=conversation.chosen),
            text,
        )

    def linked(self, conversation: Conversation, payload: str) -> Turn | None:
        """Return the reply to a link to an entry: by its id, in the set base or the only such one."""
        having = self._having(payload)
        settled = self._library.settled(conversation)
        if settled in having:
            return self._said(conversation, settled, payload)
        if len(having) == 1:
            return self._said(conversation, having[0], payload)
        return self.picked(conversation, payload)

    def _having(self, entry: str) -> list[Assistant]:
        return [one for one in self._library.assistants.values() if entry in one.base.by_id]

    def _said(self, conversation: Conversation, assistant: Assistant, entry: str) -> Turn | None:
        turn = assistant.pick(entry)
        return turn and self._library.after(conversation, assistant, turn)
