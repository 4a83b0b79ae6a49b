"""Limits on the time and the size of what servers send.

The limits on the sizes of answers, mails and journals are in ``mag_rotation.limits``. The guide publish.md lists what
users see of both. Each limit is looked up when it is used, so that tests can lower it.
"""

from __future__ import annotations

LOOKUP_SECONDS: float = 30
"""To look up the addresses of a server (DNS)."""

CONNECT_SECONDS: float = 10
"""To connect to one address of a server."""

SILENCE_SECONDS: float = 60
"""Of silence, unless another limit applies."""

QUESTION_SECONDS: float = 300
"""For a request to a calendar server: connection, login, redirects and the complete answer."""

MOST_STEPS = 6
"""Requests for one question, redirects and the login included."""

HEAD_BYTES = 1024 * 1024
"""Before the body of an answer, interim answers (100 Continue) included."""

REST_BYTES = 64 * 1024
"""Of an unneeded body, such as that of a redirect; if it is longer, the connection is closed."""

XML_ELEMENTS = 500_000
"""Elements in the list of a calendar server."""

XML_DEPTH = 32
"""Nested elements."""

XML_TAG_BYTES = 256 * 1024
"""Of one tag or comment, found to the nearest 64 KiB."""

OBJECT_LETTERS = 1024 * 1024
"""Characters in an object of the meeting on a server."""

URL_LETTERS = 2000
"""Characters in the URL of a calendar, of an object or of a redirect."""

ETAG_LETTERS = 1000
"""Characters in the version of an object."""

SESSION_SECONDS: float = 180
"""For a mail server, from the connection to the end of the login."""

MESSAGE_SECONDS: float = 300
"""For a mail server to receive a message up to its last byte."""

LAST_ANSWER_SECONDS: float = 600
"""For a mail server to answer after a message: as long as RFC 5321 requires (4.5.3.2.6)."""

GOODBYE_SECONDS: float = 5
"""For a mail server to answer QUIT."""

REPLY_BYTES = 64 * 1024
"""Of one reply of a mail server, all lines together."""
