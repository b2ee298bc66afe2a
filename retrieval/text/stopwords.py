"""Words of any request, whatever it asks for; written by hand."""

from __future__ import annotations

STOPWORDS = frozenset(
    """a about actually all also am an and any anything are around as at be been but by can could day did do
    does else find for from get give good great had has have hello help hey hi i i'd i'm i've if in into is it
    its just kind let like liked look looking lot love loved make maybe me movie movies film films more most
    much my need new next night no not of off ok okay on one ones or other others out over please prefer
    product products really recommend recommendation recommendations see seen set show similar so some
    something sort story suggest suggestion suggestions tell than thank thanks that the their them then there
    these they thing things this those to tonight today too up us very want was watch we what what's when
    where which who will with would yes you your book books item items song songs game games""".split()
)
"""Words that say nothing about what an item is like."""
