"""The console chat on a real terminal: line editor, history, completion, colours."""

from collections.abc import Iterator
from itertools import islice
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

from bot.channels.console import COMMANDS, Chat
from bot.desk.serving import Serving, following
from bot.dialogue.conversation import Assistant
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


def chat(serving: Serving, history: Path) -> None:
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

    say(WELCOME.format(title=serving.assistant.base.header.title))
    with patch_stdout(raw=True), following(serving, lambda news: say(str(news))):
        Chat(serving, say, show).converse(_typed(serving.assistant, history))
    say(GOODBYE)


def _typed(assistant: Assistant, history: Path) -> Iterator[str]:
    history.parent.mkdir(parents=True, exist_ok=True)
    questions = [entry.question for entry in islice(assistant.base.entries, MOST_OFFERED)]
    session: PromptSession[str] = PromptSession(
        HTML(PROMPT),
        history=FileHistory(str(history)),
        completer=WordCompleter([*COMMANDS, *questions], sentence=True, match_middle=True),
    )
    while True:
        try:
            yield session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
