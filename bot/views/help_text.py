"""The long texts: who can see what, and help."""

# --- who can see what, the long text --------------------------------------------------

PRIVACY_TITLE = {
    "console": "Who can see what: this console",
    "slack": "Who can see what: Slack",
    "discord": "Who can see what: Discord",
}
PRIVACY_TITLE_OWNED = {
    "console": "Who can see what: this console, run by {owner}",
    "slack": "Who can see what: Slack, owned by {owner}",
    "discord": "Who can see what: Discord, server run by {owner}",
}
PRIVACY_DOES = (
    "**What this bot does.** It seals your answer as it arrives. It shows organizers "
    "rounded totals. It writes down no names. While a poll is open, someone with all "
    "its keys could find out who took part."
)
PRIVACY_CANNOT = {
    "console": "**What it can't do.** It can't hide things from this computer.",
    "slack": "**What it can't do.** It can't hide things from Slack or from your "
    "device.",
    "discord": "**What it can't do.** It can't hide things from Discord or from your "
    "device.",
}
PRIVACY_PLATFORM = {
    "console": "• **This console** carries every tap and every form. It can see them. "
    "So can anyone who sits at this computer.",
    "slack": "• **Slack** carries every tap and every form. It can see them.\n"
    "• **Your employer** may own this Slack. Then it can read the channels. It can see "
    "that you used **some** app on a given day. It may be able to export direct "
    "messages. We don't know about forms and private replies: think of them as "
    "readable. It can reset your login and act as you.\n"
    "• **A work phone, laptop or network** may record your screen, keys or mouse.",
    "discord": "• **Discord** carries every tap, form and direct message. It can read "
    "them, and courts can ask it to.\n"
    "• **The server's owner** can't read direct messages or private replies. They see "
    "who is a member, your name and picture there, and all that you post. A member may "
    "work for your employer.\n"
    "• **Your device**: anyone who holds your phone, and your employer on a work phone "
    "or network.",
}
PRIVACY_KEEPER = (
    "• **{keeper}** runs this bot (level: {level}) and could change it and read "
    "answers as they arrive. Counted answers can't be opened again with the bot's "
    "files."
)
PRIVACY_KEEPER_UNNAMED = (
    "• **The person who runs this bot** (level: {level}) could change it and read "
    "answers as they arrive. Counted answers can't be opened again with the bot's "
    "files."
)
PRIVACY_ORGANIZERS = (
    "• **Organizers** can write leading questions. They see the same results as "
    "you, at the same time.\n"
    "• **Small groups**: someone who knows nearly all answers may guess the last one.\n"
    "• **A blocked account** gets the same replies as all others. It is not told."
)
PRIVACY_YOU = {
    "console": "**What you can do.** Don't talk about how you answered.",
    "slack": "**What you can do.** Use your own phone and mobile data, not on shift. "
    "Use forms, not direct messages. Don't react, reply or talk in the channel about "
    "how you answered. Ask the organizers if they also use Discord.",
    "discord": "**What you can do.** Use an account without your real name or work "
    "e-mail. Hide previews on your lock screen. Use your own phone. Leave no "
    "screenshots.",
}
PRIVACY_LAST = "This lowers the risk. It does not remove it."

# --- help, and what is not there ------------------------------------------------------

HELP_TITLE = "What you can type"
HELP = (
    "/{menu}: the menu, the same for everyone\n"
    "/{command} vote: answer an open poll\n"
    "/{command} sign: sign an open petition\n"
    "/{command} report: tell the organizers about a problem\n"
    "/{command} code: your report, or a counted answer, with your code\n"
    "/{command} results: see what is published\n"
    "/{command} list: all polls, petitions and report boxes\n"
    "/{command} privacy: who can see what, in plain words\n"
    "/{command} help: this page"
)
HELP_ORGANIZERS = (
    "/{command} organize: for organizers\n"
    "/{command} invite: for people who were given an invite code"
)
HELP_PREVIEWS = (
    "**Hide previews on your lock screen.**\n"
    "• iPhone: open Settings. Tap Notifications, then Show Previews. Choose Never.\n"
    "• Android: open Settings. Tap Notifications. Turn off notifications on the lock "
    "screen, or hide what is in them. The words differ from phone to phone."
)
HELP_BUTTONS = "Buttons do the same. Under a poll, tapping is enough."
NO_BOX = "There is no report box here yet. Nothing was recorded."
WORDS_DROPPED = {
    "console": "The words that you typed after the command were thrown away unread.",
    "slack": "The words that you typed after the command were thrown away unread. "
    "Slack may keep what you typed, in its own history.",
    "discord": "The words that you typed after the command were thrown away unread. "
    "Discord may keep what you typed.",
}
DM_FIRST = "**Choose what happens with your message.**"
DM_STAYS = {
    "console": "It stays in this chat. We can't delete it.",
    "slack": "It stays in this chat. We can't delete it. An owner of this Slack may be "
    "able to export it. Only you can delete it: press and hold it, then Delete. A copy "
    "may still be kept.",
    "discord": "It stays in this chat. We can't delete it. A server's owner can't read "
    "this chat. Discord can, and so can anyone who holds your phone. Only you can "
    "delete your message: press and hold it, then Delete.",
}
DM_NOT_KEPT = (
    "There is no report box here yet. The bot did not keep your text, and nobody was "
    "told. The person who runs this bot could read a text as it arrives."
)
DM_DONE = "Done. The bot kept nothing. Your own message is still here."
