"""The words of organizers' pages: drafts, decisions, and who is an organizer."""

ORGANIZE_TITLE = "For organizers"
PREVIEW_TITLE = "Check before it starts"
PREVIEW_POST = "The channel #{place} will see this:"
PREVIEW_BUTTON = "[{label}]"
PREVIEW_FACTS = (
    "**Short name:** {name}\n"
    "**Who can answer:** everyone in #{place}, about {people} people\n"
    "**Open for:** {length}. If it starts now: until {closes}.\n"
    "**Counted:** {counted}\n"
    "**Result:** once, after it closes, for everyone at the same moment."
)
PREVIEW_FACTS_DATE = (
    "**Short name:** {name}\n"
    "**Who can answer:** everyone in #{place}, about {people} people\n"
    "**Open until:** {closes}\n"
    "**Counted:** {counted}\n"
    "**Result:** once, after it closes, for everyone at the same moment."
)
COUNTED_ONCE = "once, when it closes."
COUNTED_DAILY = "every 24 hours from the start, and when it closes."
GUESTS_TOO = "Guests can answer too."
EXTENDS_ONCE = (
    "If fewer than {least} people answer, it stays open once more for the same time."
)
GROUPS_ASKED = "People may say which group they are in: {groups}."
SAMPLE = "**A made-up sample with {people} people:**"
SMALL_GROUP = (
    "**Small group.** With {people} people, someone who knows almost everybody's "
    "answer may guess the last one. And fewer than {least} answers give no result at "
    "all."
)
FROZEN = (
    "**After you press Start, nothing here can be changed,** not by you and not by us. "
    "You will never see who answered, single answers, or early results."
)
FAIR = "Is the question fair? Could a small group be picked out by it?"
SECOND_NEEDED = "Another organizer must agree before it starts."
CONFIRM_START = (
    "**Check before it starts.** Another organizer wants to start this poll. It starts "
    "only if you agree."
)
CONFIRM_TERMS = "**Question:** {question}\n**Answers:** {options}"
CONFIRM_ONE = "People choose one of them."
CONFIRM_MANY = "People can choose several of them."
WAITING = (
    "**Waiting for one other organizer.** Tell them: {tell}. If nobody agrees before "
    "{expires}, it is dropped."
)
TELL = {
    "console": "/{command} confirm",
    "slack": "/{command} confirm",
    "discord": "/{command} organize, then Confirm",
}
DROPPED = "Dropped. Nothing was started."
LEFT_ALONE = "Nothing was changed."
STARTED = "**It is open.** The poll stands in #{place}. Its short name is {name}."
STARTED_WAITING = (
    "**It is confirmed.** It waits for the counter, and opens by itself. Its short "
    "name is {name}."
)
CONFIRM_TITLE = "What waits for you"
CONFIRM_NOTHING = "Nothing waits for you."
CONFIRM_DRIVE = "**{question}**\nA new poll waits for a second organizer."
CONFIRM_CLOSE = "**{question}**\nAnother organizer wants to close it early."
CONFIRM_REMOVE = "**{label}**\nAnother organizer wants to remove this organizer."
CLOSE_TITLE = "Close “{question}” early?"
CLOSE_WORDS = (
    "It closes now, and the time is posted. Results follow. This can't be undone."
)
CLOSE_SECOND = "Another organizer must agree before it closes."
CLOSE_PROPOSED = "Another organizer asks for this."
CLOSED_NOW = "**It is closed.** The time is posted. Results follow."
WHICH_CLOSE = "Which poll do you want to close early?"
NOTHING_TO_CLOSE = "No poll is open now. Nothing was changed."
ORGANIZERS_TITLE = "Organizers"
ORGANIZERS_LABELS = "Each has a label that was drawn by chance. The bot keeps no names."
ORGANIZER_ROW = "{label}"
ORGANIZER_ROW_LEAD = "{label}, lead"
ORGANIZER_ROW_YOU = "{row} (you)"
INVITED = (
    "**An invite, shown once.** Give it to one person by hand, or on paper. They type "
    "/{command} invite and then this code in the form. It works once, until {expires}."
)
INVITED_LEAD = "It makes them a lead, who can invite and remove others."
JOINED = (
    "**You are an organizer now.** Your label is {label}. The others see this label "
    "and not your name. Your page: /{command} organize"
)
JOINED_ALREADY = (
    "**You are an organizer already.** Nothing was changed, and the code was not used."
)
REMOVE_ASK = "**Remove {label}?** This ends all that waits in their name."
REMOVE_SECOND = "One more organizer must agree: not you, and not {label}."
REMOVED = "**{label} is removed.**"
MADE_LEAD = "**{label} is a lead now.**"
