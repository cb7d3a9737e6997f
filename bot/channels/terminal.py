"""The console chat on a real terminal: line editor, history, completion, colours."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.channels.console import BASE_COMMAND, COMMANDS, Chat
from bot.desk.shelf import Shelf, following
from bot.dialogue.library import Library
from bot.messages import Outcome, Reply

PROMPT: Final = "<b>您</b>："
WELCOME: Final = "您好，这里是「{title}」。直接打字提问；/help 看命令，Ctrl-D 退出。"
GOODBYE: Final = "再见。"
RELATED: Final = "相关问题：{questions}"
MOST_OFFERED: Final = 1000  # questions to complete what is typed with; more would be read in vain
STYLES: Final = {
    Outcome.ANSWER: "green",
    Outcome.CLARIFY: "yellow",
    Outcome.ESCALATE: "red",
    Outcome.SMALLTALK: "cyan",
}


def chat(shelf: Shelf, history: Path) -> None:
    """Converse until the person leaves; what they typed is kept in the file *history*."""
    console = Console(highlight=False)

    def say(text: str) -> None:
        console.print(Text(text))

    def show(reply: Reply) -> None:
        text = Text(reply.text)
        if reply.related:
            related = RELATED.format(questions=" · ".join(choice.text for choice in reply.related))
            text.append(f"\n\n{related}", "dim")
        console.print(Panel(text, border_style=STYLES[reply.outcome]))

    say(WELCOME.format(title=shelf.library.title))
    with patch_stdout(raw=True), following(shelf, lambda news: say(str(news))):
        Chat(shelf, say, show).converse(_typed(shelf.library, history))
    say(GOODBYE)


def _typed(library: Library, history: Path) -> Iterator[str]:
    history.parent.mkdir(parents=True, exist_ok=True)
    entries = chain.from_iterable(base.entries for base in library.bases)
    questions = [entry.question for entry in islice(entries, MOST_OFFERED)]
    commands = COMMANDS if library.only else (*COMMANDS, BASE_COMMAND)
    session: PromptSession[str] = PromptSession(
        HTML(PROMPT),
        history=FileHistory(str(history)),
        completer=WordCompleter([*commands, *questions], sentence=True, match_middle=True),
    )
    while True:
        try:
            yield session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
