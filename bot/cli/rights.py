"""The rights of the Slack app, in the words that the doctor takes."""

from bot import compose
from bot.doctor.slack import Rights

SLACK_RIGHTS = Rights(
    needed=compose.SLACK_SCOPES, optional=compose.SLACK_SCOPES_OPTIONAL
)
