"""What all models share, and the one exception root."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen model that refuses unknown keys: a misspelt field is an error, never silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GoujiError(Exception):
    """Root of every error a user may see: one sentence that says what was wrong, where, and what to do."""
