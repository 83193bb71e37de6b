"""The sentences about confirmations: what somebody signed, sent to their account.

The same rules hold as in `text`. What it costs stands beside every choice.
"""

# --- the signing form -----------------------------------------------------------------

YES = "Yes, and send me a confirmation"
NO = "Yes, and send me no message"
HINT = "Key holders read it. It is in the confirmation, if you ask for one."
COST = {
    "console": "**You choose whether you are sent a confirmation.** It repeats your "
    "name, contact, phone number and this text. A message that says you signed stays "
    "in this account.",
    "slack": "**You choose whether you are sent a confirmation.** It repeats your "
    "name, contact, phone number and this text. A message that says you signed stays "
    "in this account. On a work device or in your employer's Slack, your employer can "
    "read it.",
    "discord": "**You choose whether you are sent a confirmation.** It repeats your "
    "name, contact, phone number and this text. A message that says you signed stays "
    "in this account. Discord can read it. On a work device your employer can read it.",
}

# --- the reply to everybody else ------------------------------------------------------

RECEIVED = (
    "**Received.** It is sealed. What you sent last is what counts. You can sign, "
    "change or take your name off until {closes}. Everyone who asks for no "
    "confirmation gets this same message."
)

# --- the reply to whoever chose one ---------------------------------------------------

SENT = "**You signed.** The confirmation is in your direct messages with this bot."
NOT_SENT = (
    "**You signed.** The confirmation could not be sent, or only a part of it. Look at "
    "your direct messages, and empty what you don't want there; you may have closed "
    "them. Your signature counts all the same. If you need the confirmation, open them "
    "and sign again."
)

SEALED = (
    "It is sealed. What you sent last is what counts. You can sign, change or take "
    "your name off until {closes}."
)

# --- the message ----------------------------------------------------------------------

# A lock screen shows this much.
FIRST = "You asked for this message."
SIGNED = "**On {date} you signed this petition:**"
DETAIL = "{label}: {value}"
LABELS = {
    "name": "Name",
    "affiliation": "Team or place",
    "contact": "Contact",
    "phone": "Phone",
    "employer": "Employer",
    "language": "Language of the text",
    "date": "Date (UTC)",
}
TAKE_OFF = (
    "You can take your name off until {closes}: with the button below, with the one "
    "under the post in #{place}, or with your code. This message stays then."
)
STAYS = {
    "console": "This message stays in this chat until you empty it. We keep no copy.",
    "slack": "This message stays in this chat until you empty it. We keep no copy. In "
    "your employer's Slack, or on a work device, your employer can read it.",
    "discord": "This message stays in this chat until you empty it. We keep no copy. "
    "Discord can read it, and so can anyone who holds your phone.",
}
EMPTY = "Empty this message"
EMPTIED = (
    "This message is empty now. Copies that were made before may still be kept. Your "
    "signature stays as it was."
)
OFF_STAYS = "A confirmation that somebody was sent stays until they empty it."

# --- organizers -----------------------------------------------------------------------

OFFERED = (
    "**Each signer may ask for a confirmation.** The bot sends it at once: name, "
    "contact, phone number, day, employer and this text. It stays in their account. "
    "Where that is your employer's Slack, the employer can read who signed. So can "
    "anyone who holds their phone. The bot keeps no copy and no list of who asked."
)
OFFERED_NOT = (
    "Nobody is sent a confirmation. In the United States a rule may ask for one. "
    "Whoever wrote this draft can offer it under Change. It would stay in each "
    "signer's account, where an employer may read it."
)
