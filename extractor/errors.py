"""What can go wrong between a file and its records, in words for the user."""

from schemas.base import GoujiError


class LoadError(GoujiError):
    """A file cannot be loaded: missing, empty, corrupt, encrypted, too large, or of no readable kind."""


class NotADisclosure(LoadError):
    """A file holds text, but neither a budget nor a final account."""


class ConfigurationError(GoujiError):
    """A setting is missing or wrong."""
