"""Logging in: a name, a password, and patience for those who guess."""

import hashlib
import math
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, Channel, note
from extractor.storage.database import Database
from extractor.storage.people import AttemptRow, Role, UserRow
from extractor.storage.types import now
from extractor.web import accounts, keys
from extractor.web.settings import WebSettings
from schemas.base import GoujiError


class LoginFailed(GoujiError):
    """Name and password do not belong together; it is not said which of them is wrong."""


class Throttled(GoujiError):
    """Too many attempts failed; `seconds` until the next one may be made."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"登录失败次数过多，请 {seconds} 秒后再试 (too many failed logins; try again in {seconds} s)")
        self.seconds = seconds


def log_in(database: Database, settings: WebSettings, name: str, password: str, address: str) -> str:
    """Open a session; returns the key for its cookie. Raises LoginFailed and Throttled.

    The attempt is written down before the password is looked at, so that attempts made all at once are counted too.
    """
    attempt = _count_attempt(database, settings, name, address)
    with database.transaction() as session:
        user = session.scalars(sa.select(UserRow).where(UserRow.name == name, UserRow.active)).first()
        hash_ = user.password if user else None
    if not accounts.fits(password, hash_) or user is None or hash_ is None:
        raise LoginFailed("用户名或密码不对 (the name or the password is wrong)")
    with database.writing() as session:
        session.execute(sa.delete(AttemptRow).where(AttemptRow.id == attempt))
        if accounts.is_outdated(hash_):
            session.execute(sa.update(UserRow).where(UserRow.id == user.id).values(password=accounts.hashed(password)))
        key = keys.open_session(session, user, settings.session_hours)
        note(session, Actor(user.name, Role(user.role), Channel.WEB), "login", address=address)
    return key


def _count_attempt(database: Database, settings: WebSettings, name: str, address: str) -> int:
    """Write an attempt down; returns its number. Raises Throttled, and then it is not counted."""
    since = now() - timedelta(minutes=settings.attempts_minutes)
    # people type passwords where the name belongs: the name is not kept
    who, where = hashlib.sha256(name.encode()).hexdigest()[:60], address[:60]
    with database.writing() as session:
        session.execute(sa.delete(AttemptRow).where(AttemptRow.made_at <= since))
        attempt = AttemptRow(name=who, address=where)
        session.add(attempt)
        session.flush()
        number = attempt.id
    limits = (
        (settings.attempts_pair, (AttemptRow.name == who, AttemptRow.address == where)),
        (settings.attempts_address, (AttemptRow.address == where,)),
        (settings.attempts_name, (AttemptRow.name == who,)),
    )
    with database.writing() as session:
        waits = [_wait(session, settings, number, most, conditions) for most, conditions in limits]
        longest = max(waits)
        if longest:
            session.execute(sa.delete(AttemptRow).where(AttemptRow.id == number))
    if longest:
        raise Throttled(longest)
    return number


def _wait(
    session: Session, settings: WebSettings, number: int, most: int, conditions: tuple[sa.ColumnElement[bool], ...]
) -> int:
    """Seconds until another attempt may be made, 0 for at once: there may be `most` others in the set time."""
    query = sa.select(AttemptRow.made_at).where(*conditions, AttemptRow.id != number)
    others = session.scalars(query.order_by(AttemptRow.made_at.desc()).limit(most)).all()
    if len(others) < most:
        return 0
    left = others[-1] + timedelta(minutes=settings.attempts_minutes) - now()
    return max(1, math.ceil(left.total_seconds()))
