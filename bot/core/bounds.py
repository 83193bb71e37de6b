"""How long the words of any drive's terms are (protocol.md §4)."""

# A short name is typed after a command and travels in a button's id: Discord allows
# a custom_id of 100 characters, which also holds an action and an option.
NAME_CHARS_MAX = 24
# Slack's header block holds 150 characters (docs.slack.dev/reference/block-kit).
QUESTION_CHARS_MAX = 150
PLACE_CHARS_MAX = 100
