"""A conversation in lines of text: what the terminal and a pipe have in common."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from bot.channels.explaining import explain
from bot.desk.shelf import Shelf
from bot.dialogue.conversation import NEW, Conversation
from bot.dialogue.library import Library
from bot.messages import Reply

UNKNOWN: Final = "没有 {command} 这个命令，/help 可以看到全部命令。"
NOTHING_ASKED: Final = "还没有提过问题。先问一句，再用 /explain 看为什么这样回答。"
VERSION: Final = "知识库 {kb}"
HELP: Final = """直接打字提问，一条消息里可以问几个问题。另外有这些命令：
/topics   有哪些话题
/steps    一步一步看整个流程（之后说“下一步”“上一步”“第三步”）
/contact  怎么联系官方客服
/explain  上一条为什么这样回答
/version  是知识库的哪个版本在回答
/help     这份说明
/quit     退出（也可以按 Ctrl-D）"""
HELP_BASES: Final = "{help}\n/base     选定知识库：/base 序号或名称，/base 0 恢复为不选定"
BASE_COMMAND: Final = "/base"  # where several bases are served
COMMANDS: Final = ("/help", "/topics", "/steps", "/contact", "/explain", "/version", "/quit")
BASES: Final = (
    "现在{now}。可以选：\n{bases}\n{number}. 不选定，每次看问的是哪一个\n写成：/base 序号或名称"
)
SET: Final = "选定的是「{title}」"
NOT_SET: Final = "没有选定知识库"
NOW_SET: Final = "好的，以后都按「{title}」回答；问题里提到别的知识库的名字时除外。"
NOW_NOT_SET: Final = "好的，以后每次看问的是哪一个知识库。"
WHICH_STEPS: Final = "请先用 /base 选定一个知识库，再看它的流程。"
BASE: Final = "{number}. {title}"
NO_BASE: Final = "0"


class Chat:
    """One conversation with what *shelf* has to answer; *say* shows lines, *show* replies."""

    def __init__(
        self, shelf: Shelf, say: Callable[[str], None], show: Callable[[Reply], None]
    ) -> None:
        self._shelf = shelf
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
                self._command(self._shelf.library, line)
            elif line:
                self._last = (self._conversation, line)
                self._conversation, reply = self._shelf.library.respond(self._conversation, line)
                self._show(reply)

    def _command(self, library: Library, line: str) -> None:
        command, _, argument = line.partition(" ")
        match command if command == BASE_COMMAND else line:
            case "/help":
                self._say(HELP if library.only else HELP_BASES.format(help=HELP))
            case "/topics":
                self._say(library.topics(self._conversation))
            case "/contact":
                self._say(library.contacts(self._conversation))
            case "/steps":
                self._steps(library)
            case "/base" if not library.only:
                self._say(self._base(library, argument.strip()))
            case "/version":
                self._say(VERSION.format(kb=library.version))
            case "/explain":
                self._say(explain(library, *self._last) if self._last else NOTHING_ASKED)
            case _:
                self._say(UNKNOWN.format(command=line))

    def _steps(self, library: Library) -> None:
        assistant = library.settled(self._conversation)
        if assistant is None:
            self._say(WHICH_STEPS)
            return
        turn = assistant.overview(library.within(self._conversation, assistant))
        self._conversation, reply = library.after(self._conversation, assistant, turn)
        self._show(reply)

    def _base(self, library: Library, wanted: str) -> str:
        """Set the chat to the base that is *wanted*, or tell which there are."""
        if wanted == NO_BASE:
            self._conversation = replace(self._conversation, chosen="")
            return NOW_NOT_SET
        called = library.called(wanted)
        if called is None:
            return self._bases(library)
        self._conversation = replace(self._conversation, chosen=called)
        return NOW_SET.format(title=library.of(called).base.header.title)

    def _bases(self, library: Library) -> str:
        settled = library.settled(self._conversation)
        return BASES.format(
            now=SET.format(title=settled.base.header.title) if settled else NOT_SET,
            number=NO_BASE,
            bases="\n".join(
                BASE.format(number=number, title=base.header.title)
                for number, base in enumerate(library.bases, 1)
            ),
        )
