"""What the events of a log say: liked, disliked, or neither; by the words of events, by ratings, by counts.

=============  =====================================================================================
an event       by its name: "purchase", "view" and the like are likes, "remove_from_cart", "return",
               "skip" dislikes, "impression" neither; an unknown one neither, and it is asked about
yes or no      "is_recommended": no is a dislike; "clicked": no is neither
a rating       from 70 % of the scale on a like (4 of 5, 7 of 10), up to 40 % a dislike (2 of 5, 4 of
               10), between them neither; without one, the event is a like
a 0            in a scale that begins at 1, where 0 is frequent: not rated, so a like like any event
a count        plays, quantity: above 0 a like, 0 neither, below 0 (returns) a dislike
=============  =====================================================================================

Where a row has several of these, the one that says dislike wins, then like. A person's last opinion on an
item is the one that holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.interactions import DISLIKE, LIKE, NEUTRAL, Interactions
from tastemaker.retrieval.ingest.column_roles import plain_name
from tastemaker.retrieval.ingest.forms.booleans import boolean_form, plain
from tastemaker.retrieval.ingest.infer_schema import Column, words_of

LIKE_SHARE, DISLIKE_SHARE = 0.7, 0.4
"""Of the highest rating."""
SCALES = ((1.0, 1.0), (3.0, 5.0), (8.0, 10.0), (16.0, 20.0), (50.0, 100.0))
"""Highest ratings that are usual, each with the highest one seen from which it is meant."""
MOST_RATING = 100.0
"""A rating above this is a count."""
NOT_RATED = 0.05
"""Share of zeros, in a scale that begins at 1, from which they mean "not rated"."""
MOST_EVENTS = 40
"""Different values that a column of events has at most."""
WORDS: Mapping[str, int] = {
    **dict.fromkeys(
        "remove removed removal unlike unliked dislike disliked downvote downvoted return returned returns refund "
        "refunded cancel cancelled canceled cancellation skip skipped block blocked hide hidden uninstall "
        "uninstalled unfollow unsubscribe delete deleted report reported reject rejected thumbsdown unsave "
        "unfavorite unfavourite retoure storno fwdbtn retour rückgabe devolución devolucion remboursement reso "
        "zurückgeschickt zurückgegeben storniert gelöscht übersprungen remboursé annulé devuelto cancelado "
        "chargeback downvotes thumbs_down unsubscribed uninstalls".split(),
        DISLIKE,
    ),
    **dict.fromkeys(
        "impression impressions impressed shown show showed exposure exposed search searched scroll hover session "
        "login logout open_app start notification delivered".split(),
        NEUTRAL,
    ),
    **dict.fromkeys(
        "view viewed views detail pageview pv click clicked clicks purchase purchased purchases buy bought buys "
        "transaction order ordered cart addtocart add added basket like liked love loved favorite favorited "
        "favourite fav bookmark bookmarked save saved wishlist rent rented watch watched play played plays "
        "playback listen listened listening read reading complete completed finish finished trackdone rate rated "
        "review reviewed share shared download downloaded install installed subscribe subscribed follow followed "
        "apply applied enroll enrolled checkout checkin visit visited upvote upvoted thumbsup recommended kauf "
        "gekauft repost comment consume consumed sale sales sold achat achete compra comprado acquisto bestellung "
        "bestellt warenkorb gemerkt favorit koop aankoop streamed stream borrowed borrow loan lend booked booking "
        "angesehen angeschaut gesehen gehört gelesen gespielt acheté vu vue écouté lu visto comprado escuchado leído "
        "reserved reservation donated sent_gift invoice redeem redeemed dine dined eaten cooked".split(),
        LIKE,
    ),
}
EVENT_NAMES = (
    "event",
    "eventtype",
    "eventname",
    "action",
    "actiontype",
    "behavior",
    "behaviour",
    "behaviortype",
    "interaction",
    "interactiontype",
    "activity",
    "activitytype",
    "feedback",
    "reaction",
    "type",
    "reasonend",
    "status",
    "kind",
    "vote",
    "thumb",
    "thumbs",
    "opinion",
    "sentiment",
    "response",
    "vorgang",
    "aktion",
    "ereignis",
    "evento",
    "accion",
    "acción",
    "evenement",
    "évènement",
    "événement",
)
VAGUE_NAMES = frozenset(("type", "status", "kind"))
"""Of these names, those that say so much else that nothing is asked where no value is known."""
JUDGEMENTS: Mapping[str, int] = {
    **dict.fromkeys("up positive pos good great happy yes love".split(), LIKE),
    **dict.fromkeys("down negative neg bad poor sad angry no".split(), DISLIKE),
    **dict.fromkeys("neutral none mixed ok meh".split(), NEUTRAL),
}
"""Words that judge, in a column that is called after what happened or what people thought."""
FLAGS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        (
            "isrecommended",
            "recommended",
            "recommend",
            "votedup",
            "liked",
            "like",
            "isliked",
            "thumbsup",
            "islike",
        ),
        (DISLIKE, LIKE),
    ),
    **dict.fromkeys(
        ("clicked", "click", "isclick", "isclicked", "purchased", "bought", "conversion"), (NEUTRAL, LIKE)
    ),
    **dict.fromkeys(
        (
            "skipped",
            "isskipped",
            "skip",
            "returned",
            "isreturned",
            "isreturn",
            "disliked",
            "cancelled",
            "canceled",
            "iscancelled",
            "refunded",
            "removed",
        ),
        (LIKE, DISLIKE),
    ),
}
"""Columns of yes and no: what no says, and what yes says."""
COUNT_WORDS = frozenset(
    "plays playcount quantity qty count counts listens hours playtime times visits units weight menge anzahl".split()
)
_OPINIONS = {"like": LIKE, "neutral": NEUTRAL, "dislike": DISLIKE}
_CALLED = {LIKE: "like", NEUTRAL: "neutral", DISLIKE: "dislike"}
Opinions = npt.NDArray[np.int8]


def is_flag(name: str, values: Sequence[Any]) -> bool:
    """Whether a column of yes and no says what a person thought."""
    return plain_name(name) in FLAGS and boolean_form(values) is not None


def is_event(name: str, values: Sequence[Any]) -> bool:
    """Whether a column says what happened, in words that are known."""
    held = {str(value) for value in values if value is not None}
    if (
        not held
        or len(held) > MOST_EVENTS
        or not all(isinstance(value, str) for value in values if value is not None)
    ):
        return False
    known = sum(opinion_of(value) is not None for value in held)
    if plain_name(name) in EVENT_NAMES:
        return known > 0 or any(value.casefold() in JUDGEMENTS for value in held)
    return known == len(held) and len(values) > len(held)


def is_count(name: str) -> bool:
    """Whether a column counts, by its name."""
    words = set(words_of(name).split())
    return bool(words & COUNT_WORDS) and not words & {"rating", "score"}


def opinion_of(event: str) -> int | None:
    """What an event's name says; None where its words are unknown.

    >>> opinion_of("remove_from_cart"), opinion_of("addToCart"), opinion_of("frobnicate")
    (-1, 1, None)
    """
    words = [*words_of(event).split(), plain_name(event)]
    if words[0] in ("not", "no", "non", "un"):
        return DISLIKE if any(word in WORDS for word in words) or "interested" in words else None
    found = [WORDS[word] for word in words if word in WORDS]
    return min(found, key=lambda opinion: (opinion != DISLIKE, opinion != NEUTRAL)) if found else None


@dataclass(frozen=True)
class Verdict:
    """What a column says of each event, and the rule in words; ``doubt`` as in :class:`Column`."""

    opinions: Opinions
    rule: str
    doubt: str = ""


def judge_events(
    column: Column, names: Sequence[str], codes: npt.NDArray[np.int32], said: Mapping[str, str]
) -> Verdict:
    """Events by their names: ``codes`` int32[n] index ``names``, -1 where missing."""
    flag = FLAGS.get(plain_name(column.name))
    truth = boolean_form(names) if flag else None
    table = np.zeros(len(names) + 1, dtype=np.int8)
    unknown: list[str] = []
    for at, name in enumerate(names):
        if name in said:
            table[at] = _OPINIONS[said[name]]
        elif flag and truth:
            table[at] = flag[truth.read(name) == "yes"]
        elif (opinion := opinion_of(name)) is None and (opinion := JUDGEMENTS.get(name.casefold())) is None:
            unknown.append(name)
        else:
            table[at] = opinion
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = np.argsort(-counts)
    parts = [f"{names[at]} = {_CALLED[int(table[at])]} ({counts[at]:,})" for at in order[:12]]
    lines = ", ".join(f'"{name}" = "like"' for name in unknown[:3])
    doubt = (
        f"{', '.join(map(repr, unknown[:3]))} are taken as neutral; say what they mean: [interactions.events] {lines}"
        if unknown
        else ""
    )
    return Verdict(table[codes], f"{column.name}: {', '.join(parts)}", doubt)


def judge_ratings(
    column: Column,
    ratings: npt.NDArray[np.float32],
    like_from: float | None,
    dislike_to: float | None,
    said: Mapping[str, str],
) -> tuple[Verdict, npt.NDArray[np.float32] | None]:
    """Events by their ratings or counts; also the ratings, without those that mean "not rated"; None for counts."""
    known = np.isfinite(ratings)
    opinions = np.full(len(ratings), LIKE, dtype=np.int8)
    if not known.any():
        return Verdict(opinions, f"{column.name}: no ratings; every event is a like"), None
    held = ratings[known]
    if is_count(column.name) or (held.max() > MOST_RATING and like_from is None):
        opinions[known] = np.sign(held).astype(np.int8)
        above, none, below = (int(n) for n in ((held > 0).sum(), (held == 0).sum(), (held < 0).sum()))
        rule = f"a count; above 0 = like ({above:,}), 0 = neutral ({none:,}), below 0 = dislike ({below:,})"
        return Verdict(opinions, f"{column.name}: {rule}"), None
    lowest, top = float(held.min()), _highest_of_scale(held)
    if lowest == -1 and top > 1 and not ((held != -1) & (held < 1)).any() and "-1" not in said:
        unrated = int((held == -1).sum())
        verdict, rest = judge_ratings(
            column, np.where(ratings == -1, np.float32(np.nan), ratings), like_from, dislike_to, said
        )
        doubt = (
            f'{unrated:,} ratings of -1 are taken for "not rated" and count as likes; if not, write '
            '[interactions.events] "-1" = "dislike"'
        )
        return replace(verdict, doubt=doubt), rest
    if lowest < 0:
        like, dislike = (
            like_from if like_from is not None else 0.0,
            dislike_to if dislike_to is not None else 0.0,
        )
        opinions[known] = np.where(held > like, LIKE, np.where(held < dislike, DISLIKE, NEUTRAL))
        return Verdict(
            opinions, f"{column.name}: above {like:g} = like, below {dislike:g} = dislike"
        ), ratings
    zeros = held == 0
    unrated = "0" not in said and top > 1 and not (held[~zeros] < 1).any() and zeros.mean() >= NOT_RATED
    like = like_from if like_from is not None else LIKE_SHARE * top
    dislike = dislike_to if dislike_to is not None else DISLIKE_SHARE * top
    opinions[known] = np.where(held >= like, LIKE, np.where(held <= dislike, DISLIKE, NEUTRAL))
    doubt = ""
    if unrated:
        opinions[ratings == 0] = LIKE
        ratings = np.where(ratings == 0, np.float32(np.nan), ratings)
        doubt = (
            f'{int(zeros.sum()):,} ratings of 0 are taken for "not rated" and count as likes; if not, write '
            '[interactions.events] "0" = "dislike"'
        )
    for value, opinion in said.items():
        if _is_number(value):
            opinions[known & (ratings == np.float32(value))] = _OPINIONS[opinion]
    counts = Counter(opinions.tolist())
    rule = (
        f"{column.name}: from {like:g} = like ({counts[LIKE]:,}), up to {dislike:g} = dislike ({counts[DISLIKE]:,}), "
        f"between = neutral ({counts[NEUTRAL]:,}); without a rating = like (like_from and dislike_to change this)"
    )
    return Verdict(opinions, rule, doubt), ratings


def _highest_of_scale(ratings: npt.NDArray[np.float32]) -> float:
    """The highest rating that could be given: that of a usual scale, or the highest one that was.

    >>> [_highest_of_scale(np.array([1.0, most], np.float32)) for most in (1, 4, 5, 7, 9, 95)]
    [1.0, 5.0, 5.0, 7.0, 10.0, 100.0]
    """
    most = float(ratings.max())
    return next((top for least, top in SCALES if least <= most <= top), most)


def with_opinions(log: Interactions) -> tuple[Interactions, str]:
    """A log of ratings with what they say, and the rule; as it is, and "", where it has no ratings."""
    if log.rating is None or log.feedback is not None:
        return log, ""
    verdict, _ = judge_ratings(Column("rating", "rating", ""), log.rating, None, None, {})
    return replace(log, feedback=verdict.opinions), verdict.rule


def together(verdicts: Sequence[Verdict]) -> Opinions | None:
    """One opinion for each event; None where nothing says anything."""
    if not verdicts:
        return None
    stacked = np.stack([verdict.opinions for verdict in verdicts])
    worst = stacked.min(axis=0)
    merged: Opinions = np.where(worst == DISLIKE, DISLIKE, stacked.max(axis=0)).astype(np.int8)
    if len(verdicts) > 1:  # a neutral rating beside an event: neither
        merged[(worst == NEUTRAL) & (stacked[-1] == NEUTRAL)] = NEUTRAL
    return merged


def event_text(value: Any) -> str:
    """A cell of an event column as it is told apart: texts as they are, 1.0 and True as "1" and "true"."""
    return value if isinstance(value, str) else plain(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
