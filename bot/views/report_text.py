"""The sentences about reports: box, form, page before sending, case (see `text`).

The same rules hold as there: `**bold**` alone, no promise, plain words. Translate the
meaning, and keep every "may" and "could".
"""

from bot.core.boxes import BoxDefaults

# --- what a box begins with -----------------------------------------------------------

DEFAULTS = BoxDefaults(
    title="Report box",
    categories=(
        "Pay",
        "Safety",
        "Watching and tracking us",
        "Harassment",
        "Too much work",
        "Punished for speaking up",
    ),
    severities=("It can wait", "It hurts people", "Someone may get harmed"),
)
# The labels of the two consents, in the order of `core.reports.Consent`.
CONSENTS = ("Count it only", "Read my text")

# --- labels of buttons ----------------------------------------------------------------

OPEN_FORM = "Open the form"
SEND_ANYWAY = "Send this text anyway"
ADD = "Add to it"
TAKE_BACK = "Take it back"
KEEP_IT = "Leave it there"
REPLY = "Reply {name}"
MUTE = "Mute {name}"
OPEN_CASE = "Open {name}"
NOTE = "Add a note"
IN_HAND = "In hand"
ACTED_ON = "Acted on"
CLOSE_CASE = "Close with a reason"
SAME = "Same as another"
APART = "Not the same"
HIDE = "Hide it (takes two)"
SHOW = "Show it"
TAKE_CASE = "I take this one"
NEW_BOX = "New report box"
REPORTS = "Reports"

# --- who can see what, the long text --------------------------------------------------

PRIVACY = (
    "• **Reports** are read only after 5 people have written, all mixed. For 14 days "
    "after that, someone with all keys could find out who wrote one. Organizers can "
    "block a writer for up to 14 days. They are not shown who it is. But an organizer "
    "who can use your account could find out. Blocked writers are not told."
)

# --- the post of a box, and lists -----------------------------------------------------

POST_BOX = (
    "Tell the organizers about a problem. They read when 5 different people have "
    "written, all mixed, with no name and no time. Nobody is read alone who does not "
    "ask for it."
)
SEEN_IN_BOX = {
    "console": "**Who can see what:** organizers see mixed texts, never who. This "
    "console sees your text. The person who runs this bot could cheat and read it as "
    "it arrives.",
    "slack": "**Who can see what:** organizers see mixed texts, never who. Slack sees "
    "your text. On a work phone or laptop, your employer may see your screen. The "
    "person who runs this bot could cheat and read it as it arrives.",
    "discord": "**Who can see what:** organizers see mixed texts, never who. Discord "
    "sees your text. The person who runs this bot could cheat and read it as it "
    "arrives.",
}
NEXT_READING = "Next time to read: {next_count}. Open until {closes}."
BOX_CLOSED = "This report box is closed. Your code still opens your report."
LIST_BOX_OPEN = "**{question}**\nReport box {name}. Open until {closes}."
LIST_BOX_CLOSING = "**{question}**\nReport box {name}. Closed. It is read a last time."
LIST_BOX_DONE = "**{question}**\nReport box {name}. Closed."
BOX_RESULT = (
    "Organizers read what comes in here, when 5 different people have written. Nothing "
    "of it is shown in this channel."
)
WHICH_BOX = "Which report box do you want to write to?"

# --- the report form ------------------------------------------------------------------

FORM_TITLE = "Report a problem"
FORM_SEND = "Check my text"
FORM_FIRST = "About a minute. **Nothing is sent until you say so on the next page.**"
FORM_READERS = (
    "**Who can see what:** organizers read it after 5 different people have written. "
    "Reports are mixed, with no name and no time. With fewer than 5, it waits. After "
    "{keep} it is destroyed unread."
)
FORM_OTHERS = {
    "console": "This console carries your text. The person who runs this bot could "
    "cheat and read it as it arrives. How you write, and facts that only you know, can "
    "give you away.",
    "slack": "Slack carries your text. The person who runs this bot could cheat and "
    "read it as it arrives. On a work phone, laptop or network your employer may see "
    "it. How you write, and facts that only you know, can give you away.",
    "discord": "Discord carries your text. The person who runs this bot could cheat "
    "and read it as it arrives. On a work phone or network your employer may see it. "
    "How you write, and facts that only you know, can give you away.",
}
FORM_CONSENT = (
    "**Count it only:** they see one more in this topic. Nobody reads your words. "
    "**Read my text:** they read it later, mixed with others."
)
FORM_DANGER = (
    "**In danger now?** Call for help first. This box is not watched all day. Up to 10 "
    "reports of yours count each time. No files: they carry hidden facts about you."
)
DM_WORDS_SHOWN = (
    "Your message stands in the form below. It also stays in the chat where you wrote "
    "it. You can change it here before you send it."
)
QUOTED_SHOWN = (
    "That message stands in the form below. Whoever wrote it may guess who reported. "
    "You can take it out and only say what happened."
)

WHICH_FIRST = (
    "There is more than one report box. Choose one for your text. **Nothing is sent "
    "yet.**"
)
WHICH_SEND = "Go on"

WORDS_MISSING = (
    "The field below has no words of a message: it had none, or it could not be read "
    "now. Nothing was recorded. Write what happened here."
)

# --- the page before sending ----------------------------------------------------------

CHECK_TITLE = "Could this be you?"
CHECK_SEND = "Send as it is now"
CHECK_FOUND = "**Not sent yet. Nothing is stored.** These words may point to you:"
CHECK_AGAIN = (
    "**Not sent yet: your text is new.** We looked again. These words may point to "
    "you. To keep them, send once more:"
)
CHECK_ROW = "• “{before}{words}{after}”"
CHECK_MARKED = "**{words}**"
CHECK_NOTHING = (
    "**Not sent yet. Nothing is stored.** We found no numbers or exact times, and do "
    "not look for your name. You may still be known by what you say."
)
CHECK_NO_NAME = {
    "console": "**Not sent yet. Nothing is stored.** We found no numbers, exact times, "
    "or your name here. You may still be known by what you say.",
    "slack": "**Not sent yet. Nothing is stored.** We found no numbers, exact times, "
    "or your Slack user name. Other names of yours we don't know. You may still be "
    "known by what you say.",
    "discord": "**Not sent yet. Nothing is stored.** We found no numbers, exact times, "
    "or your names on Discord. Other names of yours we don't know. You may still be "
    "known by what you say.",
}
CHECK_ASK = (
    "We can't find everything. Ask yourself: who else knows this? Would someone know "
    "my way of writing?"
)
CHECK_URGENT = (
    "**Don't wait** means: they read it sooner, but alone. Organizers may guess it is "
    "you."
)
CHECK_MATTER = (
    "**Only together:** agree with others on one topic, one word and one number, and "
    "write word and number below. Nobody reads your text until so many people wrote "
    "the same, and 5 texts can be read. An organizer who learns the word can write "
    "too, and be one of them. If nobody joins, it is destroyed unread."
)
CHECK_COUNT = (
    "**Not sent yet. Nothing is stored.** You chose **Count it only**: organizers see "
    "one more in this topic. The words below are not sent."
)

# --- after sending --------------------------------------------------------------------

SENT = (
    "**Your report is sealed and sent.** This code is the only way back to it. You see "
    "it once:"
)
SENT_KEEP = (
    "Write it on paper. Don't take a picture on a work phone. We can't show it again, "
    "and nobody can look it up. Anyone who finds it can read the replies too."
)
SENT_BACK = (
    "With it you can read replies, add to your report, or take it back: {back}. It "
    "opens nothing until the organizers can read your report."
)
# A private message stays on the screen; a window is closed anyway.
SENT_CLOSE = {
    "discord": "Close this message once the code is on paper: tap **Dismiss message**.",
}
SENT_WAITS = "Next time to read: {next_count}. It may wait longer."
SENT_MATTER = (
    "It waits unread until {others} people, with you, have named your word in this "
    "topic. Next time to look: {next_count}."
)
SENT_URGENT = "It is read at {next_count}, alone."
COUNTED_ONLY = (
    "**Received.** Your report is counted with others after {next_count}. Nobody reads "
    "your words: they were not sent. There is no code, since there is nothing to open."
)
GO_BACK = {
    "console": "/{command} code",
    "slack": "/{command}, then My report",
    "discord": "/{command} menu, then My report",
}
FILES_REFUSED = (
    "**Your file is not sent on.** Pictures and documents carry hidden facts: who made "
    "them, when, and where. It stays in the chat until you delete it. Write in words "
    "what can be seen in it, and keep the file itself at home."
)
MESSAGE_READ = (
    "The person who runs this bot could cheat and read your text as it arrives."
)
WORDS_HERE = "Please write it in the form:"
REPORT_FORM_HERE = (
    "Please use the form. What you write there does not stay in this chat."
)

# --- coming back with a code ----------------------------------------------------------

CODE_TITLE = "My report"
CODE_SEND = "Go on"
CODE_ASK = (
    "Type your code to see your report and what the organizers say. To say more, write "
    "it below. To only look, leave that empty."
)
CODE_ADD = (
    "Write what you want to add. Your code is filled in. The organizers read it with "
    "your report."
)
CODE_SEEN = {
    "console": "**Who can see what:** this console sees your code and your text. The "
    "person who runs this bot could cheat and read along.",
    "slack": "**Who can see what:** Slack sees your code and your text. On a work "
    "phone or laptop, your employer may see your screen. The person who runs this bot "
    "could cheat and read along.",
    "discord": "**Who can see what:** Discord sees your code and your text. The person "
    "who runs this bot could cheat and read along.",
}
CODE_WRONG = "No report opens with this code. Check it, or wait a little and try again."
CODE_EARLY = "A report that waits to be read opens later. You can take it back now:"
CODE_POLL = "Is your code for a poll? Then change your answer here:"
CASE_TITLE = "Your report"
CASE_STATE = "**Where it stands:** {state}"
CASE_REASON = "**Where it stands:** {state}. {reason}"
CASE_SAID = "**You:** {text}"
CASE_REPLIED = "**Organizers:** {text}"
CASE_NO_REPLY = "No reply yet."
CASE_ENDS = (
    "What you add is read after {next_count}. All of this is destroyed at {ends}."
)
ADDED = (
    "**Received.** If a report opens with this code, the organizers read your words "
    "after {next_count}. Everyone gets this same message."
)
BACK_ASK = (
    "**Take your report back?** Organizers can no longer read it after {next_count}. "
    "They may have read it before. This can't be undone."
)
TAKEN_BACK = (
    "**Received.** If a report opens with this code, it is destroyed after "
    "{next_count}. Everyone gets this same message."
)
STATES = {
    "received": "received",
    "in hand": "someone works on it",
    "acted on": "something was done",
    "closed": "closed",
}

# --- organizers -----------------------------------------------------------------------

BOX_FORM = (
    "Nothing starts yet. Next you see the box as the channel will see it. After the "
    "start, nothing in it can be changed."
)
BOX_TITLE = "New report box"
BOX_FACTS = (
    "**Short name:** {name}\n"
    "**Who can report:** everyone in #{place}, about {people} people\n"
    "**Topics:** {categories}\n"
    "**How bad:** {severities}\n"
    "**Read:** every {every}, once 5 different people have written\n"
    "**Destroyed:** {keep} after it came, read or not\n"
    "**Open until:** {closes}, if it starts now"
)
BOX_AREAS = "**Places to choose from:** {areas}"
BOX_DIGEST = (
    "**Counts go to** #{place}. Whoever is in that channel can be seen to be an "
    "organizer."
)
BOX_FROZEN = (
    "**After you press Start, nothing here can be changed,** not by you and not by us. "
    "You will never see who wrote, nor when. A text with fewer than 5 writers stays "
    "unread."
)
BOX_FAIR = "Could a topic or a place point to a few people?"
BOX_CONFIRM = (
    "**Check before it starts.** Another organizer wants to open this report box. It "
    "opens only if you agree."
)
BOX_WAITS = "**{question}**\nA new report box waits for a second organizer."
BOX_STARTED = (
    "**It is open.** The report box stands in #{place}. Its short name is {name}."
)
BOX_CLOSE_WORDS = (
    "It closes now, and the time is posted. Texts with fewer than 5 writers are "
    "destroyed unread. This can't be undone."
)
BOX_CLOSED_EARLY = (
    "**Closed early: {question}**\nThe organizers closed this report box at {time}."
)
CASES_TITLE = "Reports"
CASES_NONE = (
    "There is nothing to read. Texts show when 5 different people have written, or "
    "when somebody asked not to wait. There is no early look."
)
CASES_NEXT = "**{title}**: next time to read {next_count}."
CASES_TABLES = "**{title}**, a set of reports counted together:"
CASES_BY_TOPIC = "By topic:"
CASES_BY_SEVERITY = "By how bad it is:"
CASES_TOTAL = "At least {total} reports."
DIGEST_LAST = "Rounded counts, and nothing of any text. The texts: /{command} cases"
CASE_ROW = "**{name}** ({facts})\n{text}"
CASE_URGENT = "did not want to wait"
CASE_NEW_WORDS = "NEW WORDS"
CASE_UNSHARED = "topic not shown"
CASE_EARLIER = "Earlier parts of this talk: {earlier}. They are not shown here."
CASE_LATER = "Newer parts of this talk: {later}."
EARLIER = "Earlier parts"
NOTES_EARLIER = "Earlier notes: {earlier}."
CASE_REPLY_SEALED = "**Organizers:** a reply. Only the writer's code opens it."
CASE_WRITER_SAID = "**Writer:** {text}"
CASE_HIDDEN = "(Organizers agreed to hide this text.)"
CASE_FLAGS = {
    "asked": "**An organizer wants to hide this text.** A second one decides: press "
    "Hide it, or Show it.",
    "hidden": "**Hidden and closed.** Press Show it to let all organizers read it "
    "again.",
}
CASE_SAME_AS = "same as {name}"
CASE_OTHERS = (
    "**More about the same:** {others}. Replies and states go to all of their writers."
)
CASE_LATE = {"reply": "LATE: no reply yet", "outcome": "LATE: no outcome yet"}
CASES_LATE = {
    "reply": "**Reports with no reply for {span} or longer: {number}.**",
    "outcome": "**Reports with no outcome for {span} or longer: {number}.**",
}
CASE_NOTE = "**Note, for organizers only:** {text}"
CASE_ASSIGNED = "**Taken by:** {label}"
CASE_TIMES = "All of it is destroyed at {ends}."
CASE_STYLE = (
    "Don't guess who wrote this. A wrong guess harms someone, and a right one does too."
)
SAME_TITLE = "Same as another"
SAME_ASK = (
    "Write the 8 signs of the other report. What you reply from then on goes to both "
    "writers, each sealed to their own code. They don't learn of each other."
)
SAME_DONE = "**Joined.** Replies and states go to all of these writers from now on."
REPLY_TITLE = "Reply"
REPLY_ASK = (
    "The writer reads it with their code, when they come back. Nobody tells them. You "
    "can't read it again yourself."
)
REPLIED = "**Sealed.** Only the writer's code opens your reply."
NOTE_TITLE = "A note"
NOTE_ASK = "Only organizers see notes."
CLOSE_CASE_TITLE = "Close this report"
CLOSE_CASE_ASK = "The writer reads your reason with their code."
ORGANIZER_SEND = "Send"
MUTED = (
    "**Done.** Until {until}, or until the box closes, this writer's reports and words "
    "are not counted or read. You are not shown who it is, and they are not told: "
    "their code still shows them what they wrote. It may take until the next count."
)
CASE_SAVED = "**Saved.**"
