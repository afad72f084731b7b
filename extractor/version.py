"""The version of gouji that wrote an extraction."""

VERSION = "0.1.0"
