"""Logs for people and for machines: one line an event, ids and numbers, no text of documents."""

import json
import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(form: str, quiet: bool = False) -> None:
    """Write the log to standard error, as text or as JSON; `quiet` leaves out what went well."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("gouji").setLevel(logging.WARNING if quiet else logging.INFO)
    adopt_engine()


def adopt_engine() -> None:
    """Have the engine log as everything else does; to be called again once it has started, since it sets that up."""
    engine = logging.getLogger("dbos")
    engine.handlers, engine.propagate = [], True


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What an event says of itself beside its name."""
    own = {name: value for name, value in vars(record).items() if name not in _STANDARD and not name.startswith("_")}
    return {name: value for name, value in own.items() if value is not None}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        event = " ".join(record.getMessage().split("\n"))
        return f"{at} {record.levelname.lower():7} {event} {fields}".rstrip()
