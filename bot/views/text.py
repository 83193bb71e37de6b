"""The sentences that people read, in one place, so that they can be translated.

Those of one kind of drive, of forms, of help and of organizers' pages have modules of
their own, whose names end in the same way.
Translate the meaning, and keep every "may" and "could". `**bold**` is the only mark-up.
A test measures how hard these texts are to read, and that none makes a promise that
nobody could keep. Refusals stand in `bot.core.errors`.
"""

# --- names and units ------------------------------------------------------------------

PLATFORM = {"console": "This console", "slack": "Slack", "discord": "Discord"}
LEVEL = (
    "one person, one computer",
    "one computer, two accounts",
    "two people, two computers",
)
ONE_DAY = "1 day"
DAYS = "{count} days"
ONE_HOUR = "1 hour"
HOURS = "{count} hours"
ONE_MINUTE = "1 minute"
MINUTES = "{count} minutes"
SECONDS = "{count} seconds"
# Stands between the names of channels, each behind a #.
AND_PLACE = " and #"
# Letters for answers that are too long for a button.
LETTERS = "ABCDEFGHIJKLMNOPQRST"

# --- who can see what, before anything is sent (in every post and form) ---------------

SEEN_IN_POST = {
    "console": "**Who can see what:** this bot shows rounded totals only, never who. "
    "This console sees your tap. The person who runs this bot could cheat while a tap "
    "arrives.",
    "slack": "**Who can see what:** this bot shows rounded totals only, never who. "
    "Slack sees your tap. On a work phone or laptop, your employer may see your "
    "screen. The person who runs this bot could cheat while a tap arrives.",
    "discord": "**Who can see what:** this bot shows rounded totals only, never who. "
    "Discord sees your tap. The person who runs this bot could cheat while a tap "
    "arrives.",
}
SEEN_IN_FORM = {
    "console": "**Who can see what:** this bot shows rounded totals only, never who. "
    "This console sees your answer. The person who runs this bot could cheat while an "
    "answer arrives.",
    "slack": "**Who can see what:** this bot shows rounded totals only, never who. "
    "Slack sees your answer. On a work phone or laptop, your employer may see your "
    "screen. The person who runs this bot could cheat while an answer arrives.",
    "discord": "**Who can see what:** this bot shows rounded totals only, never who. "
    "Discord sees your answer. The person who runs this bot could cheat while an "
    "answer arrives.",
}
SEEN_BY_ORGANIZER = (
    "**Who can see what:** {platform} sees what you send here, and that it comes from "
    "you. The bot keeps no name of yours. The person who runs this bot could cheat "
    "and read along."
)

# --- labels of buttons ----------------------------------------------------------------

ANSWER = "Answer"
ANSWER_WITH_CODE = "Answer with a code"
WHO_SEES = "Who can see what?"
CHANGE_COUNTED = "Change a counted answer"
RESULT = "Result"
CHECK_RESULT = "Check this result"
REPORT = "Report a problem"
MY_REPORT = "My report (I have a code)"
OPEN_MENU = "Open the menu"
DO_NOTHING = "Do nothing"
MORE = "More"
CHANGE_IT = "Change"
CHANGE_TITLE = "Before it starts"
CHANGE_FORM = "Change what you like. Nothing starts yet: next you see it once more."
CHANGE_PLACE = "Leave this empty, and it stays in the channel that you saw."
CHANGE_WHICH = "What do you want to change?"
CHECKED = "Yes"
HAVE_CODE = "I have it"
NO_CODE_WANTED = "I don't need it"
START = "Start it"
ASK_SECOND = "Ask a second organizer"
NOT_NOW = "Not now"
CANCEL_AGAIN = "Cancel and start again"
CLOSE_IT = "Close it"
LOOK = "Look at it"
NEW_POLL = "New poll"
CONFIRM = "Confirm"
CLOSE_EARLY = "Close early"
ORGANIZERS = "Organizers"
INVITE_ORGANIZER = "Invite an organizer"
INVITE_LEAD = "Invite a lead"
REMOVE = "Remove {label}"
REMOVE_NOW = "Remove them"
MAKE_LEAD = "Make {label} a lead"
HINT_ANSWER = "Answer {option}. Sent at once, replies only to you."
HINT_CODE = "Open a form that also gives you a code to change later"
HINT_WHO = "Read who can see what before you answer"
HINT_REPORT = "Open the form. Nothing is sent before you say so."
HINT_OPEN = "Answer the poll: {question}"

# --- the menu and lists ---------------------------------------------------------------

MENU_TITLE = "What do you want to do?"
MENU_SAME = "This menu looks the same for everyone. It does not show what you did."
UNKNOWN_WORD = "I don't know that word. I threw it away."
NO_POLL_OPEN = "No poll is open now. Nothing was recorded."
NOTHING_PUBLISHED = "There is no poll yet. Nothing was recorded."
WHICH_ANSWER = "Which poll do you want to answer?"
WHICH_RESULT = "Which result do you want to see?"
WHICH_CHANGE = "Which poll is your code for?"
NO_CHANGE = (
    "No poll is open now. A code can change a counted answer only while its poll is "
    "open. Nothing was recorded."
)
LIST_TITLE = "Polls, petitions, report boxes"
LIST_OPEN = "**{question}**\nPoll {name}. Open until {closes}."
LIST_CLOSING = "**{question}**\nPoll {name}. Closed. It is being counted."
LIST_DONE = "**{question}**\nPoll {name}. Closed."
LIST_BY_NAME = "To see one of them, type /{command} results and its name."

# --- the post of a poll ---------------------------------------------------------------

POST_TAP = (
    "Tap one. You can change your mind: until the next count, your last tap wins."
)
POST_FORM_ONE = (
    "Tap **Answer** and choose one. You can change your mind: until the next count, "
    "your last answer wins."
)
POST_FORM_MANY = (
    "Tap **Answer** and choose one or more. You can change your mind: until the next "
    "count, your last answer wins."
)
POST_LETTER = "**{letter}** {option}"
BULLET = "• {row}"
POST_SCALE = "1 is the lowest, 5 is the highest."
POST_NPS = "0 means not at all, 10 means very much."
POST_SEVERAL = (
    "Open in {places}. Each account counts once: somebody with an account in each app "
    "counts once in each."
)
OPEN_UNTIL = "Open until {closes}."
NO_FLOOR = (
    "No number yet. The first one shows when {least} people have answered. "
    "Next count: {next_count}."
)
FLOOR = (
    "At least {floor} people have answered. This number moves in steps of {step}, and "
    "only at a count. Next count: {next_count}."
)
POST_TERMS = "These terms can't be changed. Their mark: {mark}"
POST_CLOSED = "This poll is closed."
POST_LAST = "/{command} results {name}"

# --- after an answer ------------------------------------------------------------------

# The same bytes for a first answer, a repeated one, a locked one and a muted one.
RECEIVED = (
    "**Received.** Your answer is sealed until the next count, {next_count}.\n"
    "Not sure it worked? Tap again. It can't count twice. Until the next count, your "
    "last tap wins.\n"
    "Was an answer of yours counted before? Then that one stays. Only your code can "
    "change it.\n"
    "Everyone gets this same message every time. It does not show what you chose."
)
CODE_GIVEN = (
    "**Your answer is sealed and sent.** This code can change it until {closes}. It "
    "can't show anyone what you chose."
)
CODE_KEEP = (
    "Write it on paper. Don't take a picture on a work phone. We can't show it again, "
    "and nobody can look it up. Anyone who finds it can change your answer too."
)
CODE_NEXT = "Next count: {next_count}."
CODE_MARK = (
    "Your receipt: {mark}. The signed result will list it. So you can check that what "
    "you sent is in there."
)
CODE_CHECK_TITLE = "Keep this code"
CODE_CHECK = (
    "Type the last 4 characters, to be sure. It is sent either way. The bot "
    "compares them and keeps nothing."
)
CODE_CHECK_SEEN = {
    "console": "**Who can see what:** this console sees these 4 characters. Alone they "
    "open nothing. The person who runs this bot could cheat and read along.",
    "slack": "**Who can see what:** Slack sees these 4 characters. Alone they open "
    "nothing. On a work phone or laptop, your employer may see your screen. The person "
    "who runs this bot could cheat and read along.",
    "discord": "**Who can see what:** Discord sees these 4 characters. Alone they open "
    "nothing. The person who runs this bot could cheat and read along.",
}
CODE_RIGHT = "That is right. Keep your code in a good place."
CODE_WRONG = "Not the same. Look at the last group again. It is sent either way."
CODE_SKIPPED = "Done. It is sent. The bot kept no code."

# --- results --------------------------------------------------------------------------

RESULT_TITLE = "Result: {question}"
ROW_REST_ABOUT = "{label}: **most chosen** (the rest, about {about})"
ROW_REST = "{label}: **most chosen** (the rest)"
ROW_TOP = "{label}: **most chosen, too close to tell apart**"
ROW_NUMBER = "{label}: about {number}"
ROW_FEW = "{label}: 0–4"
RESULT_TOTAL = "At least {total} people answered."
RESULT_PART = "**{label}**"
RESULT_PART_TOTAL = "At least {total} people of this group answered."
EXPLAIN_TOP = "“Too close” means we don't say which of these got more."
EXPLAIN_REST = (
    "“The rest” is what is left when the other lines are taken from the total. “0–4” "
    "means four, fewer or none. Exact counts stay hidden so that no single answer "
    "stands out."
)
EXPLAIN_FEW = (
    "“0–4” means four, fewer or none. Exact counts stay hidden so that no single "
    "answer stands out."
)
MEAN = "On average: about {mean} of 5."
NPS = "Score from -100 to 100 (NPS): about {nps}."
CHART = "Bar chart of the same {lines} lines."
CHART_PART = "{label}:"
CHART_REST_ABOUT = "{label}, most chosen, about {about}."
CHART_REST = "{label}, most chosen."
CHART_TOP = "{label}, most chosen, too close to tell apart."
CHART_NUMBER = "{label}, about {number}."
CHART_FEW = "{label}, 0 to 4."
# What stands beside a bar of the picture.
BAR_REST_ABOUT = "most chosen, about {about}"
BAR_REST = "most chosen"
BAR_TOP = "most chosen, too close to tell apart"
BAR_NUMBER = "about {number}"
BAR_FEW = "0–4"
BAR_GOAL = "At least {reached} of {wanted}"
# Where it is known of how many: one line above the bar, one below it.
BAR_GOAL_OF = "At least {reached} of about {people} people"
BAR_NEEDED = "Needed: {wanted}"
NO_RESULT = (
    "**No result.** Fewer than {least} people answered “{question}”.\n"
    "With so few, a result could point to someone. So we show nothing, not even the "
    "number.\n"
    "Nobody read the answers, and the keys to them are destroyed.\n"
    "Want to try again? An organizer can start a new poll."
)
NO_RESULT_YET = (
    "No result yet. Results open on {closes}, if at least {least} people answer. "
    "There is no early look, for organizers neither."
)
BEING_COUNTED = "This poll is closed. It is being counted. Look again a little later."
CHECK_HOW = (
    "The signed result stands as a file in the poll's channel. Anyone can check it on "
    "their own computer, without this bot's help: **roundrobin verify** and the file."
)

# --- other posts ----------------------------------------------------------------------

CLOSED_EARLY = (
    "**Closed early: {question}**\nThe organizers closed this poll at {time}. Results "
    "follow."
)
EXTENDED = (
    "**Open longer: {question}**\nFewer than {least} people have answered. So this "
    "poll goes on once, until {closes}. Its terms said so from the start."
)
CERTIFICATE = (
    "**Signed result: {question}**\nAnyone can check this file, without this bot's "
    "help: **roundrobin verify** and the file."
)

# --- Discord's list of commands -------------------------------------------------------

COMMAND_ROOT = "Polls, petitions and reports"
COMMAND = {
    "menu": "All that you can do here, the same for everyone",
    "vote": "Answer an open poll",
    "sign": "Sign a petition, or take your name off",
    "report": "Tell the organizers about a problem",
    "code": "Read replies, add, change or take back, with your code",
    "results": "See what is published",
    "list": "All polls, petitions and report boxes",
    "privacy": "Who can see what, in plain words",
    "help": "What you can type",
    "organize": "For organizers",
    "invite": "For people who were given an invite code",
}
COMMAND_ARGUMENT = {
    "poll": "Which poll",
    "petition": "Which petition",
    "name": "Which poll or petition",
}
COMMAND_FROM_MESSAGE = "Send to report box"
FAULT = (
    "That did not work: a fault in the bot. If you sent an answer, please send it "
    "again. It can't count twice."
)
