"""Sessions of browsers and tokens of programs: random keys, of which the database holds the SHA-256 alone."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Scope
from extractor.storage.people import SessionRow, TokenRow, UserRow
from extractor.storage.types import now
from extractor.web.accounts import BadAccount

TOKEN_MARK = "gouji_"
"""Every token begins so: scanners for leaked secrets can know one."""

_SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use of a session or token is kept: a write for every request would be too many."""


def fresh() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(32)


def trace(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def form_key(key: str) -> str:
    """What forms and scripts must send along with a cookie that holds `key`; other sites cannot know it."""
    return hmac.new(key.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_key(given: str | None, key: str) -> bool:
    """Whether a form came from a page of ours."""
    return given is not None and hmac.compare_digest(given.encode(), form_key(key).encode())


def open_session(session: Session, user: UserRow, hours: float) -> str:
    """Log a person in; returns the key for their cookie. What has expired of all sessions goes."""
    key = fresh()
    session.execute(sa.delete(SessionRow).where(SessionRow.expires_at <= now()))
    session.add(SessionRow(key=trace(key), user_id=user.id, expires_at=now() + timedelta(hours=hours)))
    return key


def close_session(session: Session, key: str) -> None:
    """Log a person out."""
    session.execute(sa.delete(SessionRow).where(SessionRow.key == trace(key)))


@dataclass(frozen=True)
class SessionUse:
    """Who is logged in with a cookie; `is_stale` asks for `see_session`."""

    user: UserRow
    is_stale: bool


def use_of_session(session: Session, key: str) -> SessionUse | None:
    """Who is logged in with a cookie; None for nobody."""
    found = session.execute(
        sa.select(UserRow, SessionRow.seen_at)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.key == trace(key), SessionRow.expires_at > now(), UserRow.active)
    ).first()
    if found is None:
        return None
    user, seen_at = found
    return SessionUse(user, seen_at < now() - _SEEN_EVERY)


def see_session(session: Session, key: str) -> None:
    """Note that a session was used just now."""
    session.execute(sa.update(SessionRow).where(SessionRow.key == trace(key)).values(seen_at=now()))


@dataclass(frozen=True)
class TokenUse:
    """Whose token a program shows, and what it may be used for; `is_stale` asks for `see_token`."""

    user: UserRow
    scopes: frozenset[Scope]
    is_stale: bool


def issue_token(
    session: Session, user: UserRow, name: str, scopes: Iterable[Scope], days: float | None
) -> tuple[str, TokenRow]:
    """A new token, which is shown this once, and its row. Raises BadAccount."""
    wanted = sorted(set(scopes))
    if not wanted:
        raise BadAccount("令牌至少要有一项权限 (a token needs at least one scope)")
    if not name or len(name) > 60 or not name.isprintable():
        raise BadAccount("令牌名应为 1 到 60 个可见字符 (a token's name has 1 to 60 visible characters)")
    token = TOKEN_MARK + fresh()
    expires_at = None if days is None else now() + timedelta(days=days)
    row = TokenRow(user_id=user.id, name=name, key=trace(token), scopes=" ".join(wanted), expires_at=expires_at)
    session.add(row)
    session.flush()
    return token, row


def use_of_token(session: Session, token: str) -> TokenUse | None:
    """Whose token this is; None for none that counts."""
    found = session.execute(
        sa.select(UserRow, TokenRow)
        .join(TokenRow, TokenRow.user_id == UserRow.id)
        .where(TokenRow.key == trace(token), TokenRow.revoked_at.is_(None), UserRow.active)
    ).first()
    if found is None:
        return None
    user, row = found
    if row.expires_at is not None and row.expires_at <= now():
        return None
    scopes = frozenset(Scope(each) for each in row.scopes.split())
    return TokenUse(user, scopes, row.used_at is None or row.used_at < now() - _SEEN_EVERY)


def see_token(session: Session, token: str) -> None:
    """Note that a token was used just now."""
    session.execute(sa.update(TokenRow).where(TokenRow.key == trace(token)).values(used_at=now()))


def tokens_of(session: Session, user: UserRow) -> list[TokenRow]:
    """An account's tokens, oldest first."""
    return list(session.scalars(sa.select(TokenRow).where(TokenRow.user_id == user.id).order_by(TokenRow.id)))


def revoke(session: Session, token_id: int) -> datetime:
    """Let a token count no more. Raises BadAccount when there is none of this number."""
    row = session.get(TokenRow, token_id)
    if row is None:
        raise BadAccount(f"{token_id}: 没有这个令牌 (there is no token of this number)")
    row.revoked_at = row.revoked_at or now()
    return row.revoked_at
