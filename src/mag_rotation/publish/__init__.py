"""The rooms with a network: mail to members, and calendars on servers.

Rule 1: a password comes from the environment or the keyring and goes to the server alone: it is in no plan, no journal
and no message of an error.
Rule 2: a run that was broken off is finished by the next one, which repeats nothing that is done.
"""

from __future__ import annotations

__all__: list[str] = []
