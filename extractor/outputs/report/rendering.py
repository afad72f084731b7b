"""The templates of the report. All text of documents is escaped; both languages stand in the page."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from extractor.outputs.report import words


@cache
def environment() -> Environment:
    """The templates with what they call things."""
    found = Environment(
        loader=PackageLoader("extractor.outputs.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["words"] = words
    return found


def render_template(name: str, /, **context: Any) -> Markup:
    """A template as HTML."""
    return Markup(environment().get_template(name).render(**context))


def source_of(name: str) -> str:
    """A style sheet or script as it stands."""
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), name)[0]
