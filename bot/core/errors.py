"""What people can do wrong, and what became of their answer (one class, one text).

A `Refused` is raised in the core or above it and caught once, in the router. Its
docstring is the text that the person reads; `{name}` stands for a keyword argument
of the constructor. No text quotes what a person typed.
"""

import inspect


class Refused(Exception):
    """That did not work. Nothing was recorded."""

    def __init__(self, **values: str | int) -> None:
        """Keep the values that the text names; they come from terms, never people."""
        super().__init__()
        self.values = values

    @property
    def text(self) -> str:
        """The sentences that the person reads."""
        return " ".join(inspect.cleandoc(self.__doc__ or "").split()).format(
            **self.values
        )


class UnknownDrive(Refused):
    """Nothing here has that name. Nothing was recorded. /{command} list shows all."""


class DriveNotOpen(Refused):
    """Nothing was recorded. This poll has not started yet."""


class DriveClosed(Refused):
    """Nothing was recorded. This poll is closed."""


class DriveHeld(Refused):
    """Nothing was recorded. What the bot kept of this poll was damaged or changed, so
    it takes no answers. Tell an organizer, or whoever runs the bot.
    """


class UnknownOption(Refused):
    """Nothing was recorded. This poll does not offer that answer."""


class NoAnswer(Refused):
    """Nothing was recorded. Choose an answer first."""


class OneAnswerOnly(Refused):
    """Nothing was recorded. This poll takes one answer."""


class CodeMistyped(Refused):
    """Nothing was recorded. That code has a typing mistake. Check each group."""


class NotInAudience(Refused):
    """Nothing was recorded. This poll is for other people than you."""


class NotAMember(Refused):
    """Nothing was recorded. Only members of this workspace can do that."""


class NotAnOrganizer(Refused):
    """This page is for organizers. Nothing was recorded."""


class LeadOnly(Refused):
    """Nothing was changed. Only a lead organizer can do that."""


class InviteUnknown(Refused):
    """Nothing was recorded. That invite is not valid, or it was used or is too old.
    Ask an organizer for a new one.
    """


class TextMissing(Refused):
    """Nothing was recorded. “{label}” is empty."""


class TextTooLong(Refused):
    """Nothing was recorded. “{label}” is too long: at most {limit} characters."""


class FieldWrong(Refused):
    """Nothing was recorded. “{label}” has a value that the form does not offer."""


class OptionsWrong(Refused):
    """Nothing was recorded. A poll needs 2 to {limit} different answers, each at most
    {length} characters, one on a line.
    """


class TimeWrong(Refused):
    """Nothing was recorded. Write the closing time like 24h, 7d or 2031-05-01, at
    least a minute and at most {days} days from now.
    """


class SegmentsWrong(Refused):
    """Nothing was recorded. Groups need 2 to {limit} different names, each at most
    {length} characters, one on a line. A poll with several answers takes no groups.
    """


class AudienceTooSmall(Refused):
    """Nothing was recorded. A poll needs at least {least} people who can answer it.
    With fewer, a result could point to someone.
    """


class AudienceUnknown(Refused):
    """Nothing was recorded. Another poll is open in another channel here, and this
    platform does not tell who is in them. If the same people are in both, comparing
    the two could point to someone. Wait until it closes, or choose the same channel.
    """


class AudienceTooAlike(Refused):
    """Nothing was recorded. Another poll is open for almost the same people. Comparing
    the two could point to someone. Wait until it closes, or choose the same
    channel.
    """


class TooManyDrives(Refused):
    """Nothing was recorded. {limit} polls are open or wait to start, which is the most
    this bot keeps. Wait until one closes.
    """


class TooLateToStart(Refused):
    """Nothing was started. The closing time of this poll has passed. Cancel it and
    start again.
    """


class SecondNeeded(Refused):
    """Nothing was started. There is more than one organizer now, so another one has to
    agree first. Make the poll again.
    """


class TooManyOrganizers(Refused):
    """Nothing was changed. There are {limit} organizers, which is the most this bot
    keeps. Remove one first.
    """


class AboutYou(Refused):
    """Nothing was changed. This is about you. Another organizer has to confirm it."""


class UnknownOrganizer(Refused):
    """Nothing was changed. No organizer has that label."""


class UnknownPlace(Refused):
    """Nothing was recorded. The bot knows no channel of that name."""


class NotInChannel(Refused):
    """Nothing was recorded. The bot is not in that channel. Somebody there has to
    invite it: type /invite and then its name.
    """


class NothingToConfirm(Refused):
    """Nothing was changed. This was confirmed, withdrawn, or it waited too long."""


class OwnProposal(Refused):
    """Nothing was changed. You asked for this yourself. Another organizer has to
    confirm it.
    """


class LastLead(Refused):
    """Nothing was changed. The last lead organizer can't be removed. Make another one
    first.
    """


class CannotClose(Refused):
    """Nothing was changed. Only an open poll can be closed."""


class ConsentMissing(Refused):
    """Nothing was recorded. Choose first what organizers may see."""


class NoBoxOpen(Refused):
    """Nothing was recorded. No report box is open now."""


class BoxClosed(Refused):
    """Nothing was recorded. This report box is closed."""


class BoxNotOpen(Refused):
    """Nothing was recorded. This report box has not started yet."""


class NotInBox(Refused):
    """Nothing was recorded. This report box is for other people than you."""


class NotAPoll(Refused):
    """Nothing was recorded. This is a report box and no poll. /{command} report opens
    its form.
    """


class PetitionClosed(Refused):
    """Nothing was recorded. This petition is closed."""


class PetitionNotOpen(Refused):
    """Nothing was recorded. This petition has not started yet."""


class NotAPetition(Refused):
    """Nothing was recorded. This is no petition. /{command} list shows all."""


class NotInPetition(Refused):
    """Nothing was recorded. This petition is for other people than you."""


class NoPetitionOpen(Refused):
    """Nothing was recorded. No petition is open now."""


class SignConsentMissing(Refused):
    """Nothing was recorded. Tick first that your name may stand on this petition."""


class ConfirmationNotChosen(Refused):
    """Nothing was recorded. Choose first that your name may stand on this petition, and
    whether you are sent a confirmation.
    """


class WithdrawNotTicked(Refused):
    """Nothing was changed. Tick first that your name is to be taken off."""


class SignatureLine(Refused):
    """Nothing was recorded. “{label}” takes one plain line of letters and signs."""


class SignatureTooLong(Refused):
    """Nothing was recorded. “{label}” is too long. Letters with accents, and other
    scripts, take more room: {limit} bytes are the most.
    """


class TrusteesWrong(Refused):
    """Nothing was recorded. The line of the key holders has a mistake in it. Copy it
    again as a whole; it begins with rrnames1.
    """


class ThresholdWrong(Refused):
    """Nothing was recorded. The number of signatures needed is a number from {least} to
    {most}.
    """


class PeopleWrong(Refused):
    """Nothing was recorded. How many could sign is a number from the signatures needed
    to {most}. Leave it empty if you don't know it.
    """


class JoinLinkWrong(Refused):
    """Nothing was recorded. The link to join begins with https:// and a name like
    union.example.org, and has at most {most} signs.
    """


class CaseGone(Refused):
    """Nothing was changed. This report was taken back, or its time is over."""


class MatterWrong(Refused):
    """Nothing was recorded. To wait for others, write the agreed word and a number from
    {least} to {most}, like: forklift 3.
    """


class WaitsAndHurries(Refused):
    """Nothing was recorded. A report can wait for others who name your word, or not
    wait at all. Choose one.
    """


class CannotMute(Refused):
    """Nothing was changed. A writer can be muted for 14 days after a report came in, as
    long as the report box is open.
    """


class CaseFull(Refused):
    """Nothing was changed. This case has no room for another reply. Close it, and say
    in the reason how its writer can report again.
    """


class CategoriesWrong(Refused):
    """Nothing was recorded. “{label}” needs 2 to {limit} different lines, each at most
    {length} characters.
    """


class SpanWrong(Refused):
    """Nothing was recorded. “{label}” needs a time like {example}, at least {least} and
    at most {most}.
    """


class StorageFull(Refused):
    """Nothing was recorded. The bot's disk is full. Try again later. Tell whoever runs
    the bot.
    """


class StorageFailed(Refused):
    """Your answer was not recorded. The bot could not write it to disk. Please try
    again. It can't count twice.
    """


class TooBusy(Refused):
    """Nothing was recorded. Too many answers arrive at once. Please try again in a
    minute.
    """


class MessageTooOld(Refused):
    """This message is too old. Nothing was recorded. Open /{command} again."""


class Unreadable(Refused):
    """Nothing was recorded. The bot could not read that."""
