"""All sentences that trustees read: on the screen, and on a petition's paper."""

# --- paper ------------------------------------------------------------------

PAPER_TO = "To: {addressee}"
PAPER_COUNT = "{count} people signed. Nobody is first, and nobody is last."
PAPER_TEXT_IN_LETTER = "The whole text stands in the letter."
LETTER_SIGNED = (
    "{count} people signed this petition. Each of them signed before knowing who else "
    "did. Their names were opened all at once, after {threshold} had signed."
)
LETTER_CIRCLE = (
    "The names stand in a circle around the text. It has no first name and no last "
    "one. Where a name stands was drawn by lot."
)
LETTER_CHECK = (
    "The mark of the signed terms is {mark}. It stood under the petition from its "
    "first day, so that everybody can check that these are the words they signed."
)
LETTER_HANDED = "Handed over on ____________________ by ____________________"
LIST_TITLE = "The names, in no order"
LIST_NOT_DRAWN = (
    "{count} more names are in the table. This computer has no font for their letters."
)
LIST_DAMAGED = (
    "{count} more signatures were damaged, and their names could not be read."
)

# --- what is told on the screen ------------------------------------------------

KEY_MADE = (
    "Your key is in the file. Only you may have it: keep it on a stick or a disk that "
    "is yours, and make one copy. Give the line above to whoever prepares the petition."
)
KEY_LINE_IS = "The line of this key: {line}"
KEY_FITS = (
    "This key is one of {count} for that petition. {needed} of them open the names."
)
CARD = (
    "You hold one of {count} keys. {needed} of you can open the names, and only after "
    "enough people have signed. Don't open early, even if asked nicely."
)
SPLIT_HERE = (
    "This computer held the whole key for a moment. Whoever controls it could have "
    "kept it. Give the line to the organizers, and the shares file to every key holder."
)
SPLIT_ONE_ALONE = "One key holder alone can open these names. Two or more are better."
WORDS_WARNING = (
    "The words are made by a library whose authors say that it is not hardened. "
    "Somebody who measures this computer while it works could learn the key. Use a "
    "computer that is offline and yours."
)
WORDS_OF = "Words of person {number} of {count}. Write them on paper, nowhere else."

CHECK_GENUINE = "Petition file: genuine. Nothing in it was changed since it was signed."
CHECK_TITLE = "Petition: {title}"
CHECK_THRESHOLD = "Threshold: {threshold}, reached. {count} people signed."
CHECK_MARK = (
    "Mark of the terms: {mark}. Compare it with the one that stood under the petition."
)
COUNT_IS_A_WORD = (
    "The count in a petition file is the word of whoever runs the bot. They could make "
    "up names to open the real ones early. Wait for the closing post in the channel. "
    "Compare its mark and its count with the file's before you give your share."
)
CHECK_KEYS = "Keys: {needed} fit, which is enough."
CHECK_WORDS = "Words: they fit."
CHECK_NAMES = "Names: {count} read."
DAMAGED = (
    "damaged: {boxes} of {count}. Their names cannot be read; all others came out."
)
ALL_DAMAGED = "none of the names in this file can be read. It was cut off or damaged."
DAMAGED_BOX = "box {number} (mark {mark})"
DAMAGED_MORE = "and {count} more"
NOT_DRAWN = (
    "not on the paper: {rows} of the table. This computer has no font for those "
    "letters. They are in the table."
)
NOT_DRAWN_ROW = "row {number}"
TEXT_NOT_DRAWN = "the petition's text has letters that this computer has no font for."

# --- why names stay closed -----------------------------------------------------

NOT_GENUINE = "the file is not genuine: {reason}. Nothing was opened."
UNREADABLE = "this is no petition file, or it is damaged. Nothing was opened."
OTHER_MARK = (
    "the file is signed, but its terms have another mark than the one you gave. "
    "Nothing was opened."
)
STAYS_CLOSED = {
    "no names": "this petition counts people and collects no names.",
    "below threshold": (
        "too few people signed. The names stay closed, and the bot destroyed them."
    ),
    "foreign shares": "this shares file belongs to another petition.",
    "foreign key": "a key belongs to nobody who holds this petition.",
    "too few keys": (
        "too few keys: {needed} different ones are needed. Nothing was opened."
    ),
    "damaged shares": "the shares file is damaged: these keys do not open it.",
    "foreign words": "this key opens another petition. Nothing was opened.",
}
WORDS_REFUSED = {
    "checksum": (
        "All words are in the list, but one of them is another word than on the paper, "
        "or two have changed places. Please type this person's words again."
    ),
    "other split": "These words belong to another petition.",
    "twice": "The same words were typed twice. Each person has words of their own.",
    "too few": "More people have to type their words.",
}
SHARES_UNREADABLE = "this is no shares file, or it is damaged."
KEY_UNREADABLE = "this is no key file, or it is damaged."
LINE_MISTYPED = "a key holder's line has a mistake in it. Copy it again as a whole."
LINE_TWICE = "the same key holder is named twice."
SPLIT_COUNT = (
    "a petition has 1 to 7 key holders, and no more are needed than there are."
)
SPLIT_WORDS_COUNT = (
    "words go to 2 to 16 people of whom 2 or more are needed, or to one alone."
)
SPLIT_HOW = "name the key holders' lines and --out, or --words with a number of people."
UNSEAL_HOW = "name --shares and each --key, or use --words and type them."
FILE_THERE = "there is a file of that name already. Nothing was written."
FOLDER_THERE = (
    "the names of this petition were written before. Move that folder away first."
)
STOPPED = "stopped. Nothing was opened."
FILE_UNREADABLE = "a file cannot be read."

# --- the menu ------------------------------------------------------------------

MENU = """\

Roundrobin, for the people who hold a petition's keys

  1  make my key
  2  check my key
  3  open a petition
  4  help
  5  prepare a petition's key (one of you does this, once)

Before 3: wait for the closing post, and compare its mark and its count with the
file's. The count is only the word of whoever runs the bot.

Type a number and press Enter. Enter alone leaves."""
MENU_UNKNOWN = "Please type one of the numbers 1 to 5."
ASK_NUMBER = "Number: "
ASK_FILE = "Drag {what} onto this window and press Enter: "
ASK_KEY_PLACE = "Press Enter to keep the key as {path}, or type another place: "
ASK_SHARES_TOO = (
    "Drag the petition's shares file onto this window, or press Enter to leave: "
)
ASK_SHARES_OR_WORDS = (
    "Drag the shares file onto this window. Or press Enter if you have words on paper: "
)
ASK_MARK = (
    "Type the mark that stood under the petition in the channel. Without it you cannot "
    "know whose petition this is. Press Enter if you have none: "
)
MARK_SHORT = "a mark has {count} letters and digits. Nothing was opened."
ASK_LINE = "Line of key holder {number}, or Enter if there are no more: "
ASK_NEEDED = "How many of the {count} are needed to open? Enter for {needed}: "
ASK_SHARES_PLACE = "Press Enter to write the shares file as {path}, or another place: "
ASK_WORD = "Word {number} of 20: "
A_KEY_FILE = "your key file"
KEY_FILE_OF = "key file {number} of {count}"
A_PETITION_FILE = "the petition file"
NO_SUCH_NUMBER = "Please type a number from 1 to {count}."
WORDS_HERE = "Type your 20 words. Nothing is sent: this computer may be offline."
WORDS_PERSON = "Person {number} of {needed}"
WORD_GOOD = "  ✓"
WORD_UNKNOWN = "  Not in the list."
WORD_NEAR = "  Not in the list. Did you mean {words}?"
WORDS_BACK = "Type back to correct the word before."
WRITTEN_TO = "Written: a table, a list, and the paper to hand over, in {folder}"
HELP = """
What this is for
  People sign a petition in their chat. Each name is sealed as it arrives. The key to
  the names is split between you. Enough of you together can open the names, and only
  after enough people have signed.

What you promise
  Keep your key for yourself. Don't open early, even if asked nicely.

What you do
  1. Make your key, and give its line to whoever prepares the petition.
  2. One of you prepares the petition's key, and hands out the shares file.
  3. When the petition has ended, come together with the petition file, the shares
     file and your keys. One computer is enough, and it may be offline.

Before you give your share
  The count in a petition file is the word of whoever runs the bot. They could make
  up names to open the real ones early. Wait for the closing post in the channel.
  Compare its mark and its count with the file's.

What nobody can promise
  The computer that prepares the key holds it for a moment. And whoever changes the
  bot could read a name while it arrives. Your keys do not protect from that.
"""
