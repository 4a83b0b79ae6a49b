"""Invitations to one member for one call (iTIP and iMIP, RFC 5546 and 6047), and the replies to them."""
