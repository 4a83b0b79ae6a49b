"""The user and the password for a server.

A password comes from the environment or the keyring, never from an argument, a plan or a URL. The keyring is asked for
the specific server, so that a password never reaches another one. No message and no ``repr`` contains a password.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from mag_rotation.errors import InvalidValue, MissingExtra, RefusedByServer, is_control

__all__ = ["Login", "find_login"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A user and a password.

    >>> Login(user="secretariat", password="open sesame")
    Login(user='secretariat')
    """

    user: str
    password: str = field(repr=False)


def find_login(server: str, *, variables: str, user: str | None = None) -> Login | None:
    """Return the login for a server; None if no user is given.

    The environment variables are ``{variables}_USER``, which ``user`` overrides, and ``{variables}_PASSWORD``. Without
    the second, the keyring is asked for the user's password at ``server``. Raises :class:`MissingExtra` without the
    package keyring, :class:`RefusedByServer` if there is no password, and :class:`InvalidValue` for a password that
    cannot be sent.
    """
    name = user or os.environ.get(f"{variables}_USER")
    if not name:
        return None
    password = os.environ.get(f"{variables}_PASSWORD")
    if password is None:
        password = _find_in_keyring(server, name)
    if password is None:
        raise RefusedByServer(
            server, f"no password of {name!r} is known; set {variables}_PASSWORD or run: keyring set {server} {name}"
        )
    if any(map(is_control, name + password)):
        raise InvalidValue(f"the user or the password for {server} holds a control character, such as a line end")
    return Login(user=name, password=password)


def _find_in_keyring(server: str, user: str) -> str | None:
    """Return the password in the keyring; None if it has none, or if the machine has no keyring."""
    try:
        import keyring  # noqa: PLC0415 - needs an extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtra("publish", "keyring") from None
    try:
        return keyring.get_password(server, user)
    except KeyringError:
        return None
