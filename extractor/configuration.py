"""Where settings come from: the command line, environment variables that begin with GOUJI_, then a file.

The file is gouji.toml in the current folder; GOUJI_CONFIG names another. What is given in code wins over the
environment, and that over the file.
"""

import os
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from extractor.errors import ConfigurationError

CONFIG_FILE = "gouji.toml"


class Settings(BaseSettings):
    """Some of gouji's settings; each part of it declares its own."""

    model_config = SettingsConfigDict(env_prefix="GOUJI_", env_nested_delimiter="__", extra="ignore", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins over the environment, and that over the file."""
        path = Path(os.environ.get("GOUJI_CONFIG", CONFIG_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)


SettingsT = TypeVar("SettingsT", bound=Settings)


def configured(settings: type[SettingsT], **overrides: Any) -> SettingsT:
    """The settings, with overrides that are not None (options of the command line).

    Raises ConfigurationError with a sentence for each value that is wrong; no value is repeated in it, since
    one of them may be a key.
    """
    named = os.environ.get("GOUJI_CONFIG")
    if named and not Path(named).is_file():
        raise ConfigurationError(f"没有这个设置文件 (GOUJI_CONFIG names a file that is not there): {named}")
    try:
        return settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"GOUJI_{'__'.join(str(part).upper() for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"设置有误 (a setting is wrong): {wrong}") from None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"读不了设置文件 {named or CONFIG_FILE} (it cannot be read): {error}") from None
