"""The words of forms: titles, labels, hints, and what a page is called."""

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
