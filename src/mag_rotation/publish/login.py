"""Who logs in at a server, and with which password.

A password comes from the environment or the keyring, never from an argument, a file of the plan or a URL. The keyring
is asked for the very server, so that the password of one never reaches another. No message and no representation of a
value holds a password.
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
    """The login for a server; None where nobody is named.

    The variables of the environment are ``{variables}_USER``, which ``user`` goes before, and ``{variables}_PASSWORD``.
    Without the second the keyring is asked for the user's password at ``server``. Raises :class:`MissingExtra` without
    the package keyring, :class:`RefusedByServer` where there is no password, and :class:`InvalidValue` for one that no
    server could be told.
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
    """The password in the keyring; None where it has none, or where the machine has no keyring."""
    try:
        import keyring  # noqa: PLC0415 - needs an extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtra("publish", "keyring") from None
    try:
        return keyring.get_password(server, user)
    except KeyringError:
        return None
