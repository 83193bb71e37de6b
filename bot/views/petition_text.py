"""The sentences about petitions: post, forms, replies, results (see `text`).

The same rules hold as there: `**bold**` alone, no promise, plain words. Translate the
meaning, and keep every "may" and "could".
"""

# --- labels of buttons ----------------------------------------------------------------

SIGN = "Sign"
TAKE_OFF = "Take my name off"
NEW_PETITION = "New petition"
NEW_INTEREST = "Interest in a union"

# --- the post -------------------------------------------------------------------------

POST_TO = "To: {addressee}"
POST_NAMES = (
    "Nobody has to be first. Names stay sealed until **{threshold}** people have "
    "signed. Then {needed} of {holders} key holders open them all at once, in a "
    "circle, with no first and no last. Then {addressee} will read them. If we don't "
    "get there by {closes}, the sealed names are destroyed."
)
POST_COUNT = (
    "This petition counts people and asks for no names. **{threshold}** are needed. "
    "The count is told at the end, if at least {shown} people have signed."
)
POST_INTEREST = (
    "This shows interest in a union. Names stay sealed until **{threshold}** people "
    "have signed. Then {needed} of {holders} key holders open them all at once. If we "
    "don't get there by {closes}, the sealed names are destroyed."
)
NO_FLOOR = "No number yet. The first one shows at 10. Next count: {next_count}."
FLOOR = (
    "At a count, at least {people} had signed. **{threshold}** are needed. This number "
    "moves in steps of {step}, and only at a count. Next count: {next_count}."
)
GOAL_ALT = (
    "A bar, filled as far as at least {floor} of {threshold} goes: at least {people} "
    "had signed."
)
REACHED = (
    "**{threshold} reached.** At a count, at least {people} had signed. It closes at "
    "{closes}."
)
# How many they are; the second where it is known of how many.
PEOPLE = "{count} people"
PEOPLE_OF = "{count} of about {people} people"
AUDIENCE = "About {people} people can sign. Open until {closes}."
OPEN_UNTIL = "Open until {closes}."
AUDIENCE_TOLD = (
    "About {people} people could sign, as the organizers say. Open until {closes}."
)
LEGAL = (
    "**A line of the law:** {percent} % of about {people} people is {needed}. “{words}”"
)
LEGAL_RULE = "Rule of {since}:"
LEGAL_REACHED = " At a count, at least {needed} people had signed."
LEGAL_NOTE = (
    "The people who run this bot wrote that line. Laws change, and the law may count "
    "other people than this channel does. Ask before you rely on it."
)
POST_CLOSED = "This petition is closed."
CLOSED_EARLY = "“{question}” was closed early, at {time}."
LIST_OPEN = "**{question}**\nPetition {name}. Open until {closes}."
LIST_CLOSING = "**{question}**\nPetition {name}. Closed. It is being counted."
LIST_DONE = "**{question}**\nPetition {name}. Closed."
WHICH_SIGN = "Which petition do you want to sign?"
WHICH_TAKE_OFF = "From which petition do you want to take your name?"

# --- the forms ------------------------------------------------------------------------

SIGN_TITLE = "Sign the petition"
SIGN_SEND = "Sign and seal"
SEEN = {
    "console": "**Who can see what:** your name is sealed now. Organizers can't read "
    "it. This console carries it.",
    "slack": "**Who can see what:** your name is sealed now. Organizers can't read it. "
    "Slack carries it. Your employer may see the screen of a work device.",
    "discord": "**Who can see what:** your name is sealed now. Organizers can't read "
    "it. Discord carries it. Your employer may see the screen of a work device.",
}
SEEN_COUNT = {
    "console": "**Who can see what:** you are counted, and no name is asked for. This "
    "console sees that you signed. The person who runs this bot could cheat.",
    "slack": "**Who can see what:** you are counted, and no name is asked for. Slack "
    "sees that you signed. Your employer may see the screen of a work device. The "
    "person who runs this bot could cheat.",
    "discord": "**Who can see what:** you are counted, and no name is asked for. "
    "Discord sees that you signed. Your employer may see the screen of a work device. "
    "The person who runs this bot could cheat.",
}
SIGN_IF = (
    "**If {threshold} people sign**, the key holders open all names together. Then "
    "your name is on the petition, and {addressee} will read it. **If not**, the "
    "sealed names are destroyed."
)
SIGN_IF_INTEREST = (
    "**If {threshold} people sign**, the key holders open all names together. Then "
    "they can show them to whoever decides about a union. **If not**, the sealed names "
    "are destroyed. The date and the name of the employer are sealed with yours."
)
SIGN_CHEAT = (
    "**Someone could cheat:** whoever changes this bot could read a name as it "
    "arrives. To open sealed names early, the person who runs the bot and {needed} of "
    "{holders} key holders would have to act together."
)
SIGN_LATER = (
    "You can take your name off until {closes}: with the button under the post, or "
    "with a code."
)
OFF_TITLE = "Take your name off?"
OFF_FORM = (
    "Nobody is told who signed or who took a name off. Everyone gets the same reply. "
    "You can sign again until it closes."
)
OFF_SEEN = {
    "console": "**Who can see what:** this console sees that you sent this. Nobody "
    "else is told. The person who runs this bot could cheat.",
    "slack": "**Who can see what:** Slack sees that you sent this. Your employer may "
    "see the screen of a work device. The person who runs this bot could cheat.",
    "discord": "**Who can see what:** Discord sees that you sent this. Your employer "
    "may see the screen of a work device. The person who runs this bot could cheat.",
}
OFF_SEND = "Yes, take it off"
PETITION_TITLE = "New petition"
PETITION_FORM = (
    "You will see how it looks before it starts. A key holder gives you the line that "
    "begins with rrnames1; a petition that only counts needs none."
)

INTEREST_TITLE = "Interest in a union"
INTEREST_FORM = (
    "You will see how it looks before it starts. It asks each person for a name, a "
    "contact and a phone number. A key holder gives you the line that begins with "
    "rrnames1."
)

# --- replies --------------------------------------------------------------------------

RECEIVED = (
    "**Received.** It is sealed. What you sent last is what counts. You can sign, "
    "change or take your name off until {closes}. Everyone gets this same message."
)
CODE_FOR = (
    "If you signed just now, this code can take your name off, from any account. So "
    "can anyone who finds it. We can't show it again, and nobody can look it up."
)

# --- organizers -----------------------------------------------------------------------

FACTS = (
    "Short name: {name}. In #{place}, where about {people} people can sign. Open until "
    "{closes}. Counted every 6 hours, once 10 more people have signed. Asked for: "
    "{asked}."
)
ENDS_EARLY = "It ends at the first count that finds {threshold} signatures."
FROZEN = (
    "**After you press Start, nothing here can be changed,** not by you and not by us. "
    "You will never see who signed before the key holders open the names. You cannot "
    "open them."
)
FROZEN_COUNT = (
    "**After you press Start, nothing here can be changed,** not by you and not by us. "
    "You will never see who signed, and there is no list of names."
)
FACTS_PEOPLE = (
    "Posts will say about {people} people, because you said so. Nobody checks it."
)
FACTS_HOLDERS = (
    "The key holders' line, which decides who can open the names. Compare it with the "
    "one that they made: {line}"
)
FACTS_SEALED = "Sealed with each name, besides the day: {details}."
FAIR = "Does the text say what people want? Is the number needed one you can reach?"
CONFIRM = (
    "**Check before it starts.** Another organizer wants to start this petition. It "
    "starts only if you agree."
)
WAITS = "Start the petition “{question}”?"
STARTED = (
    "The petition is open in #{place}. The bot wrote there, not you. Its short name is "
    "{name}."
)
CLOSE_WORDS = (
    "It closes now, and the time is posted. With fewer signatures than needed, the "
    "sealed names are destroyed. This can't be undone."
)
WHOEVER = "whoever it is for"
NOTHING_ASKED = "nothing but the name"
NO_NAMES = "no name"

# --- results --------------------------------------------------------------------------

RESULT_OPEN = (
    "Names stay sealed until the end. There is no early look, for organizers neither."
)
RESULT_COUNTING = "This petition is closed. It is being counted."
REACHED_NAMES = (
    "**“{title}” reached its number.** {people} signed. The key holders can open the "
    "names now, all at once. The file with the sealed names is posted here."
)
REACHED_COUNT = (
    "**“{title}” reached its number.** {people} signed. No names were asked for."
)
FAILED = (
    "**“{title}” has ended without the names.** It needed {threshold} signatures and "
    "did not get them. {signed}"
)
FAILED_COUNT = "{people} signed."
FAILED_FEW = "Fewer than {people} signed."
DESTROYED = (
    "The bot destroyed the sealed names and its part of the keys. It gave no list to "
    "anyone. To open names early, the person who runs the bot and {needed} of "
    "{holders} key holders would have had to cheat together."
)
AGAIN = (
    "If you signed, you don't need to do anything. The organizers can start again, "
    "with another text or a lower number."
)
CERTIFICATE = (
    "The signed result of “{title}”. Anybody can check it with roundrobin verify. Key "
    "holders open the names in it with roundrobin trustee."
)
