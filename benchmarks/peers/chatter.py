"""ChatterBot's best match by Levenshtein distance.

Its taggers need a spaCy model of the language, which none is for the words of a chat in Chinese;
`NoOpTagger`, which the package has for that, leaves text as it is. Its indexed search looks for the
tagger's words, so that the search without an index (`text_search`) is the one to use. It
learns from nobody (`read_only`), and gives one reply: there are no second and third.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from chatterbot import ChatBot, languages
from chatterbot.conversation import Statement
from chatterbot.tagging import NoOpTagger

from benchmarks.peers.interface import Hit, Rank


def make(phrasings: Sequence[str]) -> Rank:
    """Store *phrasings*, each answered by its number."""
    database = Path(mkdtemp()) / "chatterbot.db"
    bot = ChatBot(
        "peer",
        database_uri=f"sqlite:///{database}",
        tagger=NoOpTagger,
        tagger_language=languages.CHI,
        read_only=True,
        logic_adapters=[
            {
                "import_path": "chatterbot.logic.BestMatch",
                "search_algorithm_name": "text_search",
            }
        ],
    )
    bot.storage.create_many(
        [
            Statement(
                text=str(number),
                in_response_to=text,
                search_text=str(number),
                search_in_response_to=text,
            )
            for number, text in enumerate(phrasings)
        ]
    )

    def rank(text: str) -> list[Hit]:
        reply = bot.get_response(text)
        return [Hit(int(reply.text), float(reply.confidence))] if reply.confidence else []

    return rank
