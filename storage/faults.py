"""What can go wrong with the files, in words: a docstring is what people read."""

import inspect

from bot.ports import StorageError


class Fault(StorageError):
    """The files could not be used."""

    def __init__(self) -> None:
        """Take the sentence from the docstring; no fault quotes content."""
        super().__init__(" ".join(inspect.cleandoc(self.__doc__ or "").split()))


class NewerVersion(Fault):
    """This data folder was made by a newer version of Roundrobin.

    Nothing was changed. Install that version, or newer.
    """
