"""Discord, through discord.py: servers, and direct messages."""
