"""Every sentence of `init`, from the warning to the first message in the channel.

A test measures how hard they are to read, as it does with `bot.views.text`.
"""

# --- before anything is made ----------------------------------------------------------

WARNING = """\
Before you install.

If the employer owns this Slack, its owners can see who installed an app, or who asked
to. The request carries your name. They can remove the bot on any day.
On Discord, the server's log shows who added the bot.

Less risk: a Discord server or a Slack that workers own. Or let someone press the
button whose job does not depend on this employer.

You only want to try it, on this computer? Then nobody is told.
"""
GO_ON = "Go on?"
NOT_GONE_ON = "nothing was made."
WHERE = "Where will people answer?"
PLACES = (
    ("console", "to try things on this computer"),
    ("slack", ""),
    ("discord", ""),
)
WRONG_PLACE = "Type console, slack or discord, or its number."

LEVELS = """\

Who can get at the keys on this computer?

  0  One person, one computer. You can start at once. You have all keys.
  1  One computer, two accounts. What is stored can be opened only by both. It needs
     the rights of root, once.

No choice here hides a running answer from the person who runs the bot.
"""
LEVEL = "0 or 1?"
WRONG_LEVEL = "Type 0 or 1."
ACCOUNTS_LATER = """\

The keys still belong to one account. As root, type these lines:

{commands}
"""
ACCOUNTS_NOW = "The keys now belong to two accounts of this computer."

STOPPED = (
    "stopped here. Type the same command again: it goes on where it was, and no "
    "answer of yours is lost."
)

# --- the passphrase -------------------------------------------------------------------

PASSPHRASE = """\

Your passphrase, shown once:

    {passphrase}

Write it down where only you find it. It opens the keys on this computer.
If it is lost, or if the folder comes back from a backup without its keys, the open
polls end without a result. Nobody can bring it back, and neither can we.
"""
COUNTER_PASSPHRASE = """\

The counter has a passphrase of its own, shown once:

    {passphrase}

It opens the other half of the keys. Give it to a second person, if you can.
"""
TYPE_WORD = "Look at your paper. Type word {number}"
WRONG_WORD = "That is not word {number}. Compare it with what stands above."
TYPE_PASSPHRASE = """\

We stopped before you showed that you have the passphrase. It cannot be shown again.
Type all its words. If you do not have it, type: again
Then everything here is thrown away, and you start new. No poll is lost by that.
"""
PASSPHRASE_PROMPT = "The words, or again"
WRONG_PASSPHRASE = "These words do not open the keys."
AGAIN = "Thrown away. Now we start new."

# --- who is who, and how it is called -------------------------------------------------

OWNER = """\

Who owns this {place}? Workers read this name under "Who can see what?".
If the employer owns it, write the employer's name. It can read the channels, and may
export messages. If workers own it, write the name of their group.
"""
OWNER_PROMPT = "The owner"
KEEPER = """\

Who runs this bot? Workers read this name too, so that they know whom they trust.
Whoever it is could change the bot and read answers as they arrive.
A group's name will do.
"""
KEEPER_PROMPT = "Who runs it"
WRONG_NAME = "Write a name of one line, up to 80 signs."
NAMES = """\

How is the bot called? Its name and its command stand in lists that all can read, and
on locked screens. Take words that tell nothing. Press Enter to keep what is proposed.
"""
DISPLAY_NAME_PROMPT = "Name of the bot"
COMMAND_PROMPT = "Its command, after the slash"
WRONG_DISPLAY_NAME = "At most 32 signs, without @, #, : and `."
WRONG_COMMAND = "One word in small letters, like rr."

# --- the app and its tokens -----------------------------------------------------------

SLACK_APP = """\

Now make the app in Slack, in a browser.

  1. In another window, type:  {command}
     Copy all that it prints.
  2. Open api.slack.com/apps. Choose "Create New App", then "From a manifest".
     Choose the workspace, and paste.
  3. Choose "Install to Workspace". If it says "Request", the owners will see your
     name.
  4. Open "OAuth & Permissions". Copy the token that starts with xoxb-.
"""
SLACK_BOT_TOKEN_PROMPT = "Paste the token that starts with xoxb- (it is not shown)"
SLACK_APP_TOKEN = """\

One more token lets the bot connect from here, so that this computer needs no address.
Open "Basic Information", then "App-Level Tokens", then "Generate".
Add the scope connections:write. Copy the token that starts with xapp-.
"""
SLACK_APP_TOKEN_PROMPT = "Paste the token that starts with xapp- (it is not shown)"
SLACK_BOT = "Slack takes it. The app is called {bot}, in the workspace {workspace}."
APP_TOKEN_TAKEN = "Slack opens a connection for it."
RIGHTS = "Take care: {why}. To mend it: {mend}."

DISCORD_APP = """\

Now make the bot in Discord, in a browser.

  1. Open discord.com/developers/applications. Choose "New Application".
     Give it the name {name}.
  2. Open "Bot". Switch "Public Bot" off.
  3. Choose "Reset Token". Copy the token.
"""
DISCORD_TOKEN_PROMPT = "Paste the token (it is not shown)"
DISCORD_BOT = "Discord takes it. The bot is called {bot}."
DISCORD_LINK = """\

Open this link and choose the server. Its log will show that you added the bot.

    {link}
"""
DISCORD_JOINED = "Press Enter when the bot is in the server"
DISCORD_NOT_JOINED = "The bot is in no server yet. Open the link, and choose one."
TRY_TOKEN_AGAIN = "{fault}. Copy it once more."

# --- the channel and the first message ------------------------------------------------

CHANNEL = """\

In which channel will people answer? All that its members see there, they see of the
bot too. You can use other channels later.
"""
CHANNEL_PROMPT = "The channel's name, or its link"
NO_SUCH_CHANNEL = {
    "slack": "The bot is in no channel of that name. In the channel, type: "
    "/invite @{bot}",
    "discord": "There is no channel of that name that the bot can see.",
}
NO_RIGHT_TO_POST = "The bot may not write there. Let its role send messages there."
NOT_POSTED = "{platform} did not take the message. Wait a little and try again."
CHANNEL_AGAIN = "Press Enter when that is done, or type another channel"
POSTED = "The first message stands in the channel."
FIRST_MESSAGE = (
    "Hello. This bot takes polls here. It shows rounded totals only, never who. "
    "Type {command} to see what it can do, and who can see what."
)

# --- the end --------------------------------------------------------------------------

READY = "\nThis is ready: {data}\n"
INVITE = """\

Invite for the first organizer, works once, for 7 days:

    {invite}

They type {command} and then this code into the form. Give it by hand, or on paper.
"""
PASSPHRASE_FOR_INVITE = """\

To make the first organizer's invite, we need the passphrase once more.
"""
PASSPHRASE_AGAIN_PROMPT = "Passphrase (it is not shown)"
NEXT = """\

Next:

    roundrobin doctor --data {data}
    roundrobin {next} --data {data}
"""
