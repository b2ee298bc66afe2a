"""Names of the systems that can be asked natural requests, apart from what makes them: ``--help`` is instant."""

SYSTEMS = ("agent", "bot", "popularity", "ideal", "search")
OWN, GIVEN = "own", "given"
SHOWN_LISTS = (OWN, GIVEN)
"""Which list a later message answers: the one that the system showed, or the file's."""
