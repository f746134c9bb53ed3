"""Where the messages of a vote's nights lead."""

from civic.notifications import compose


def where_to_contest(slug: str) -> str:
    """The page that tells whether a ballot is in the reader's name, and leads to the complaint when it is not theirs."""
    return compose.address_of("voting_complaints.check", slug=slug)


def where_checkpoints_are(slug: str) -> str:
    """The page that shows the checkpoints of a round and compares one with them."""
    return compose.address_of("nightly.checkpoints", slug=slug)
