"""The errors that library code raises; only the command line prints them."""


class CopydeskError(Exception):
    """Base of every error that names where something is wrong, what was found, and what to do."""


class UsageError(CopydeskError):
    """The call itself is wrong (an option, a missing file): nothing was read."""


class InputError(CopydeskError):
    """One input cannot be read; the others can. `cause` is one word to count it under."""

    def __init__(self, message: str, cause: str = "unreadable") -> None:
        super().__init__(message)
        self.cause = cause


class RulesError(CopydeskError):
    """A table of rules has a row that cannot be used."""


class ModelError(CopydeskError):
    """A model file is missing, damaged, or made for another version of the features."""
