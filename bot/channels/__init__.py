"""Where people meet the bot: each channel turns what arrives into messages, and replies back."""
