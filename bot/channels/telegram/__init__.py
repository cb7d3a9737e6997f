"""Telegram: updates are kept, planned and answered; nothing that was received is lost."""
