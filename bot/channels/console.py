"""A conversation in lines of text: what the terminal and a pipe have in common."""

from collections.abc import Callable, Iterable
from typing import Final

from bot.channels.explaining import explain
from bot.desk.serving import Serving
from bot.dialogue.conversation import NEW, Conversation
from bot.messages import Reply

UNKNOWN: Final = "没有 {command} 这个命令，/help 可以看到全部命令。"
NOTHING_ASKED: Final = "还没有提过问题。先问一句，再用 /explain 看为什么这样回答。"
HELP: Final = """直接打字提问，一条消息里可以问几个问题。另外有这些命令：
/topics   有哪些话题
/steps    一步一步看整个流程（之后说“下一步”“上一步”“第三步”）
/contact  怎么联系官方客服
/explain  上一条为什么这样回答
/help     这份说明
/quit     退出（也可以按 Ctrl-D）"""
COMMANDS: Final = ("/help", "/topics", "/steps", "/contact", "/explain", "/quit")


class Chat:
    """One conversation with what *serving* has to answer; *say* shows lines, *show* replies."""

    def __init__(
        self, serving: Serving, say: Callable[[str], None], show: Callable[[Reply], None]
    ) -> None:
        self._serving = serving
        self._say = say
        self._show = show
        self._conversation: Conversation = NEW
        self._last: tuple[Conversation, str] | None = None

    def converse(self, lines: Iterable[str]) -> None:
        """Answer *lines* until they end or one says to leave."""
        for line in map(str.strip, lines):
            if line == "/quit":
                break
            if line.startswith("/"):
                self._command(line)
            elif line:
                self._last = (self._conversation, line)
                self._conversation, reply = self._serving.assistant.respond(
                    self._conversation, line
                )
                self._show(reply)

    def _command(self, command: str) -> None:
        match command:
            case "/help":
                self._say(HELP)
            case "/topics":
                self._say(self._serving.assistant.topics())
            case "/contact":
                self._say(self._serving.assistant.contacts())
            case "/steps":
                self._conversation, reply = self._serving.assistant.overview(self._conversation)
                self._show(reply)
            case "/explain":
                self._say(
                    explain(self._serving.assistant, *self._last) if self._last else NOTHING_ASKED
                )
            case _:
                self._say(UNKNOWN.format(command=command))
