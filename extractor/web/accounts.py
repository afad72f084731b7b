"""Accounts and their passwords. Functions with a `session` work inside the caller's transaction."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from extractor.storage.people import Role, SessionRow, TokenRow, UserRow
from schemas.base import GoujiError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)
"""Hashes that are computed at once: each takes 64 MB and some 50 ms of a core, by design."""


class BadAccount(GoujiError):
    """What was asked for of an account cannot be."""


def hashed(password: str) -> str:
    """The argon2 hash of a password. Raises BadAccount for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount(
            f"密码应为 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符"
            f" (a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters)"
        )
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def fits(password: str, hash_: str | None) -> bool:
    """Whether a password is the one that was hashed; takes its time also where there is none to compare with."""
    if len(password) > LONGEST_PASSWORD:
        return False
    with _AT_ONCE:
        try:
            return _HASHER.verify(hash_ or _nobody(), _normal(password)) and hash_ is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(hash_: str) -> bool:
    """True for a hash that was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(hash_)


def _normal(password: str) -> str:
    """The same password on every keyboard."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """A hash that no password fits."""
    return _HASHER.hash(secrets.token_hex())


def add(session: Session, name: str, role: Role, password: str | None) -> UserRow:
    """A new account; without a password nobody can log in with it. Raises BadAccount."""
    if not name or len(name) > 60 or not name.isprintable() or name != name.strip():
        raise BadAccount(f"{name!r}: 用户名应为 1 到 60 个可见字符 (a name has 1 to 60 visible characters)")
    if session.execute(sa.select(UserRow.id).where(UserRow.name == name)).scalar() is not None:
        raise BadAccount(f"{name}: 已有此用户 (there is an account of this name)")
    row = UserRow(name=name, role=role.value, password=None if password is None else hashed(password))
    session.add(row)
    session.flush()
    return row


def named(session: Session, name: str) -> UserRow:
    """An account. Raises BadAccount when there is none of this name."""
    row = session.scalars(sa.select(UserRow).where(UserRow.name == name)).first()
    if row is None:
        raise BadAccount(f"{name}: 没有此用户 (there is no account of this name; gouji users list shows all)")
    return row


def everyone(session: Session) -> Iterator[UserRow]:
    """All accounts by name."""
    yield from session.scalars(sa.select(UserRow).order_by(UserRow.name))


def set_password(session: Session, user: UserRow, password: str) -> None:
    """Give an account another password; whoever is logged in with it is out."""
    user.password = hashed(password)
    _log_out(session, user)


def set_role(session: Session, user: UserRow, role: Role) -> None:
    """Give an account another role, from the next request on."""
    _keep_an_admin(session, user, role is Role.ADMIN)
    user.role = role.value


def disable(session: Session, user: UserRow) -> None:
    """Let nobody in with an account any more: no password, no session, no token."""
    _keep_an_admin(session, user, False)
    user.active = False
    _log_out(session, user)


def enable(session: Session, user: UserRow) -> None:
    """Let an account in again; its tokens count again, its sessions do not."""
    user.active = True


def _log_out(session: Session, user: UserRow) -> None:
    session.execute(sa.delete(SessionRow).where(SessionRow.user_id == user.id))


def _keep_an_admin(session: Session, user: UserRow, stays: bool) -> None:
    """Raises BadAccount when the last administrator would go."""
    if stays or user.role != Role.ADMIN:
        return
    others = sa.select(UserRow.id).where(UserRow.role == Role.ADMIN, UserRow.active, UserRow.id != user.id)
    if session.execute(others).first() is None:
        raise BadAccount(f"{user.name}: 最后一名管理员不能停用或降级 (the last administrator stays one)")


def token_count(session: Session, user: UserRow) -> int:
    """How many of an account's tokens count."""
    query = sa.select(sa.func.count()).where(TokenRow.user_id == user.id, TokenRow.revoked_at.is_(None))
    return session.execute(query).scalar_one()
