"""Which entry an utterance asks for, and how sure that is."""
