"""Access to the network: mail to members, and calendars on servers.

A password comes from the environment or the keyring and goes to the server only; it is in no plan, journal or error
message. The next run completes an interrupted one and repeats nothing that is done.
"""

from __future__ import annotations

__all__: list[str] = []
