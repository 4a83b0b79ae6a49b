"""Limits on the time and the size of what servers send.

The limits on the sizes of answers, mails and journals are in ``mag_rotation.limits``. The guide publish.md lists what
users see of both. Each limit is looked up when it is used, so that tests can lower it.
"""

from __future__ import annotations

LOOKUP_SECONDS: float = 30
"""For the addresses of a server to be found by its name (DNS)."""

CONNECT_SECONDS: float = 10
"""For one address of a server to take a connection."""

SILENCE_SECONDS: float = 60
"""For a server that says nothing, wherever no other limit is said."""

QUESTION_SECONDS: float = 300
"""For a question to a calendar server: connection, login, redirections and the whole answer."""

MOST_STEPS = 6
"""Requests that one question may take: redirections, and the login."""

HEAD_BYTES = 1024 * 1024
"""Of everything before the body of an answer, interim answers (100 Continue) included."""

REST_BYTES = 64 * 1024
"""Of a body that nobody needs, such as that of a redirection: where it is longer, the connection is closed."""

XML_ELEMENTS = 500_000
"""In the list that a calendar server answers with."""

XML_DEPTH = 32
"""Of elements in each other."""

XML_TAG_BYTES = 256 * 1024
"""Of one tag or comment, found to the nearest 64 KiB."""

OBJECT_LETTERS = 1024 * 1024
"""In an object of the meeting on a server."""

URL_LETTERS = 2000
"""In the address of a calendar, of an object in it, or of a redirection."""

ETAG_LETTERS = 1000
"""In the version of an object."""

SESSION_SECONDS: float = 180
"""For a mail server from the connection to the end of the login."""

MESSAGE_SECONDS: float = 300
"""For a mail server to take a message, up to its last byte."""

LAST_ANSWER_SECONDS: float = 600
"""For a mail server to say what became of a message that it has: as long as RFC 5321 asks for (4.5.3.2.6)."""

GOODBYE_SECONDS: float = 5
"""For a mail server to answer to QUIT."""

REPLY_BYTES = 64 * 1024
"""Of one reply of a mail server, all lines together."""
