"""Every sentence that people read, in one place, so that it can be translated.

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

# --- forms ----------------------------------------------------------------------------

FORM_ANSWER_TITLE = "Answer a poll"
FORM_ANSWER_SEND = "Send my answer"
FORM_ANSWER_CODE = (
    "You get a code with it. With the code you can change a counted answer. To use an "
    "old code, type it below."
)
FORM_CHANGE_TITLE = "Change an answer"
FORM_CHANGE = (
    "Type your code and your new answer. The reply is the same for every code, right "
    "or wrong."
)
FORM_JOIN_TITLE = "Become an organizer"
FORM_JOIN = "Type the invite code that an organizer gave you. It works once."
FORM_JOIN_SEND = "Use this code"
FORM_CHECK_SEND = "Compare"
FORM_POLL_TITLE = "New poll"
FORM_POLL = (
    "Nothing starts yet. Next you see the poll as the channel will see it. After the "
    "start, nothing in it can be changed."
)
FORM_POLL_SEND = "See it first"

# Slack: the titles of pages have 24 characters at most.
CLOSE_WINDOW = "Close"
CHECK_YES = "Yes"
PAGE_TITLE = {
    "menu": "Menu",
    "receipt": "Received",
    "refusal": "That did not work",
    "drive": "Poll",
    "tally": "Result",
    "certificate": "Signed result",
    "case": "Report",
    "cases": "Reports",
    "notice": "Please read",
}
PAGE_TITLE_CODE = "Keep this code"
# Said while the counter or the platform takes its time, and when it took too long.
WORKING = "**Working on it.** This can take a minute."
FORM_TOO_LATE = (
    "The form could not be opened in time. Nothing was recorded. Please try again in a "
    "minute."
)
SENT_ALREADY = "This form was sent already. It was not taken twice."

# What an app's own page and its list of commands say of it.
APP_SAYS = "Polls with rounded totals only."
COMMAND_SAYS = "Polls, petitions and reports"
COMMAND_HINT = "vote · sign · report · code · results · privacy"
REPORT_SAYS = "Tell the organizers about a problem"

# What forms and refusals call a field.
FIELD = {
    "answer": "Your answer",
    "segment": "Your group (you can leave this empty)",
    "code": "Your code",
    "old_code": "Your code (you can leave this empty)",
    "invite": "Invite code",
    "last4": "The last 4 characters",
    "question": "Question",
    "options": "Answers, one on each line",
    "choice": "Kind of poll",
    "closes": "Open until",
    "channel": "Channel",
    "also": "Also in a channel of the other app",
    "name": "Short name",
    "segments": "Groups, one on each line",
    "audience": "Who can answer",
    "extend": "Go on once if fewer than 10 answer",
    "category": "What is it about?",
    "severity": "How bad is it?",
    "text": "What happened?",
    "consent": "What may organizers see?",
    "which": "Which report box?",
    "place": "Where was it? (you can leave this empty)",
    "urgent": "Don't wait for other reports",
    "matter": "Only together: agreed word and number",
    "words": "What you want to add",
    "reply": "Your reply",
    "same": "The other report",
    "note": "Your note",
    "reason": "The reason",
    "box": "Name of the box",
    "categories": "Topics, one on each line",
    "severities": "How bad, one on each line",
    "areas": "Places, one on each line",
    "every": "How often it is read",
    "keep": "Destroyed after",
    "digest": "Channel for counts (you can leave this empty)",
    "title": "Title",
    "petition": "Text of the petition",
    "addressee": "Who will read it",
    "threshold": "Signatures needed",
    "trustees": "Line of the key holders",
    "kind": "What comes of it",
    "ask": "What else to ask for",
    "ends": "When it ends",
    "employer": "Name of the employer",
    "language": "Language of the text",
    "sign_name": "Your name, as it should stand there",
    "affiliation": "Team or place (you can leave this empty)",
    "contact": "How to reach you",
    "phone": "Your phone number",
    "sign_consent": "Yes, put my name on this petition",
    "count_consent": "Yes, count me",
    "withdraw": "Yes, take my name off",
    "sign_code": "Code, if you used another account",
    "people": "How many could sign, if you know it",
    "link": "Link to join the union",
    "confirmation": "May signers ask for a confirmation?",
    "confirm_consent": "Put my name on this petition",
    "meter_text": "What the post says",
    "meter_link": "Link to join the union",
    "members_needed": "Members needed",
    "meter_people": "How many work there, if you know it",
    "member_consent": "Yes, I am a member",
    "member_withdraw": "Yes, no longer count me",
}
FIELD_HINT = {
    "answer": "Choose one.",
    "answers": "Choose one or more.",
    "segment": "Small groups are never shown alone.",
    "code": "26 letters and digits. Small letters, spaces and dashes do not matter.",
    "question": "Ask one thing. Don't lead people to an answer.",
    "options": "2 to 20 answers. Leave this empty for scale and nps.",
    "choice": "single: one answer. multi: several. scale: 1 to 5. nps: 0 to 10.",
    "closes": "24h, 7d, or a date like 2031-05-01 18:00 (UTC).",
    "channel": "Empty: the channel where you typed the command.",
    "also": "Its name there. Somebody with two accounts can answer twice.",
    "name": "What people type after a command. Empty: made from the question.",
    "segments": "People choose their own. Small groups are never shown alone.",
    "audience": "members: without guests. guests: guests too.",
    "extend": "Once, for the same time again.",
    "category": "Choose one.",
    "severity": "Choose one.",
    "text": "Up to 600 characters. No names, desks, times, or what only you know.",
    "consent": "Nothing is chosen for you.",
    "which": "The form of that box comes next, with your text in it.",
    "place": "Shown only if five people name the same.",
    "matter": "Example: forklift 3. Leave this empty if you agreed on nothing.",
    "urgent": "They read it sooner, but alone. Organizers may guess it is you.",
    "words": "Leave this empty to only look.",
    "reply": "Up to 2,000 characters.",
    "same": "It stands at the beginning of its line, like 3f9a01bc.",
    "note": "Up to 2,000 characters.",
    "reason": "Up to 300 characters.",
    "box": "As the channel will see it.",
    "categories": "2 to 20 topics.",
    "severities": "2 to 10, the mildest first.",
    "areas": "Large places only. Empty: people may write one.",
    "every": "24h, 7d. Fewer times mix more people.",
    "keep": "90d. Reports and talks are gone after this.",
    "digest": "Rounded counts only. Its members can be seen to be organizers.",
    "title": "Empty: made from the text.",
    "petition": "Up to 2,500 characters. Its first line can be the title.",
    "addressee": "For example: the site management.",
    "threshold": "Names stay sealed until so many have signed.",
    "trustees": "It begins with rrnames1. A key holder makes it.",
    "kind": "names: a list. count: no names. interest: a union. membership: members.",
    "ask": "Two at most of affiliation, contact, phone.",
    "ends": "date: at the end. threshold: once enough have signed.",
    "employer": "Only for a showing of interest.",
    "language": "Only for a showing of interest, for example en.",
    "sign_name": "One line, in any script.",
    "affiliation": "It stands beside your name.",
    "contact": "Only the key holders read it.",
    "phone": "Only the key holders read it.",
    "sign_consent": "It becomes readable only if enough people sign.",
    "count_consent": "No name is asked for.",
    "withdraw": "You can sign again until it closes.",
    "sign_code": "Leave it empty if you used this account.",
    "people": "Empty: as many as are in the channel now.",
    "link": "https://… It stands in the post. Only for membership.",
    "confirmation": "Only for interest. It stays in the chat; an employer may read it.",
    "confirm_consent": "Nothing is chosen for you.",
    "meter_text": "Up to 2,500 characters. Its first line can be the title.",
    "meter_link": "https://… It stands in the post and in every reply.",
    "meter_people": "Empty: as many as are in the channel now.",
    "members_needed": "For example 10 % of the workers. The exact number is told then.",
    "member_consent": "Your word is enough. No name is asked for.",
    "member_withdraw": "You can say it again until it closes.",
}

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

# --- organizers -----------------------------------------------------------------------

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
