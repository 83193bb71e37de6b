"""The sentences of a membership meter, which counts who says they are in the union.

The same rules hold as in `text` and in `petition_text`.
"""

# --- labels of buttons ----------------------------------------------------------------

SIGN = "I am a member"
TAKE_OFF = "Don't count me"
JOIN = "How to join"
NEW_METER = "Count union members"

# --- the post -------------------------------------------------------------------------

POST = (
    "This counts people who say that they are in the union. It asks for no name and "
    "for no proof. **{threshold}** are needed. The count is told at the end, if at "
    "least {shown} people say so."
)
JOIN_HERE = "Not a member yet? You can join here:"
FLOOR = (
    "At a count, at least {people} said that they are members. **{threshold}** are "
    "needed. This number moves in steps of {step}, and only at a count. Next count: "
    "{next_count}."
)
GOAL_ALT = (
    "A bar, filled as far as at least {floor} of {threshold} goes: at least {people} "
    "said that they are members."
)
REACHED = (
    "**{threshold} reached.** At a count, at least {people} said that they are "
    "members. It closes at {closes}."
)
AUDIENCE = "About {people} people can answer. Open until {closes}."
AUDIENCE_TOLD = (
    "About {people} people work here, as the organizers say. Open until {closes}."
)
LEGAL_REACHED = " At a count, at least {needed} people said that they are members."
SEEN = {
    "console": "**Who can see what:** you are counted, and no name is asked for. This "
    "console sees that you said you are a member. The person who runs this bot could "
    "cheat.",
    "slack": "**Who can see what:** you are counted, and no name is asked for. Slack "
    "sees that you said you are a member. Your employer may see the screen of a work "
    "device. The person who runs this bot could cheat.",
    "discord": "**Who can see what:** you are counted, and no name is asked for. "
    "Discord sees that you said you are a member. Your employer may see the screen of "
    "a work device. The person who runs this bot could cheat.",
}
LIST_OPEN = "**{question}**\nCount of members {name}. Open until {closes}."
LIST_CLOSING = "**{question}**\nCount of members {name}. Closed. It is being counted."
LIST_DONE = "**{question}**\nCount of members {name}. Closed."
POST_CLOSED = "This count of members is closed."

# --- the forms ------------------------------------------------------------------------

SIGN_TITLE = "Are you a member?"
SIGN_SEND = "Count me"
SIGN_LATER = (
    "You can take it back until {closes}: with the button under the post, or with a "
    "code."
)
OFF_TITLE = "No longer count you?"
OFF_FORM = (
    "Nobody is told who is counted and who is not. Everyone gets the same reply. You "
    "can say again that you are a member until it closes."
)
OFF_SEND = "Yes, don't count me"
METER_TITLE = "Count union members"
METER_FORM = (
    "You will see how it looks before it starts. It asks for no names and needs no key "
    "holders."
)

# --- replies --------------------------------------------------------------------------

RECEIVED = (
    "**Received.** It is sealed. What you sent last is what counts. You can say that "
    "you are a member, or take it back, until {closes}. Everyone gets this same "
    "message."
)
CODE_FOR = (
    "If you were counted just now, this code can take that back, from any account. So "
    "can anyone who finds it. We can't show it again, and nobody can look it up."
)
NOT_YET = (
    "**Not a member yet?** Nothing was recorded. Nobody in the channel sees that you "
    "asked. When you have joined, press “I am a member” under the post."
)
NOT_YET_LINK = "Join here:"
NOT_YET_SEEN = {
    "console": "**Who can see what:** this console sees that you asked. Whoever runs "
    "the union's page sees who joins.",
    "slack": "**Who can see what:** Slack sees that you pressed a button. On a work "
    "device or in the network at work, your employer may see which page you open.",
    "discord": "**Who can see what:** Discord sees that you pressed a button. On a "
    "work device or in the network at work, your employer may see which page you open.",
}

# --- organizers -----------------------------------------------------------------------

FACTS = (
    "Short name: {name}. In #{place}, where about {people} people can answer. Open "
    "until {closes}. Counted every 6 hours, once 10 more people have answered. Asked "
    "for: {asked}."
)
FACTS_LINK = "Where people join. Open it once before you start:"
ENDS_EARLY = "It ends at the first count that finds {threshold} members."
FROZEN = (
    "**After you press Start, nothing here can be changed,** not by you and not by us. "
    "You will never see who said that they are a member."
)
FAIR = "Is the number of people right? Does the link lead to your union's own page?"
CONFIRM = (
    "**Check before it starts.** Another organizer wants to start this count of "
    "members. It starts only if you agree."
)
WAITS = "Start the count of members “{question}”?"
STARTED = (
    "The count of members is open in #{place}. The bot wrote there, not you. Its short "
    "name is {name}."
)
CLOSE_WORDS = (
    "It closes now, and the time is posted. The result follows. This can't be undone."
)

# --- results --------------------------------------------------------------------------

RESULT_OPEN = (
    "The exact number is told at the end. There is no early look, for organizers "
    "neither."
)
RESULT_COUNTING = "It is closed, and it is being counted."
REACHED_COUNT = (
    "**“{title}” reached its number.** {people} said that they are members. No names "
    "were asked for."
)
FAILED = (
    "**“{title}” has ended.** It needed {threshold} members, and fewer people said "
    "that they are one. {signed}"
)
FAILED_COUNT = "{people} said that they are members."
FAILED_FEW = "Fewer than {people} said that they are members."
AGAIN = (
    "This is what people say. Before the law the union's own list of members counts. "
    "The organizers can start again, with more time or a lower number."
)
CERTIFICATE = (
    "The signed result of “{title}”. Anybody can check it with roundrobin verify."
)
