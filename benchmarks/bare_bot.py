"""A bare python-telegram-bot bot, as its documentation writes one: it says again what it was told.

`python -m benchmarks.bare_bot`, with the same variables as `kaidian telegram`.
"""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it again."""
    del context
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Poll until told to stop."""
    address = f"{os.environ['KAIDIAN_TELEGRAM_API']}/bot"
    application = (
        Application.builder()
        .token(os.environ["KAIDIAN_TELEGRAM_TOKEN"])
        .base_url(address)
        .concurrent_updates(os.environ.get("BARE_AT_ONCE") == "many")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=["message"])


if __name__ == "__main__":
    main()
