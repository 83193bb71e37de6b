"""Slack: the bot in a workspace, over Socket Mode or signed HTTP requests."""
