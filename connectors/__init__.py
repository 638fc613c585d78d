"""The doors in: one module or folder per kind of source. None knows of the vault, the chat or the screen."""
