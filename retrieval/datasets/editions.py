"""The editions of MovieLens that are accepted, and how each is told from anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tastemaker.retrieval.datasets.movielens import MovieLens
from tastemaker.retrieval.errors import SourceError


@dataclass(frozen=True)
class Edition:
    """What an edition of a data set must hold.

    Attributes:
        ratings: number of ratings.
        users: number of people with ratings.
        films: number of films in the film list.
        sha256: of the ratings (:meth:`MovieLens.ratings_sha256`); None where the project's authors
            had no copy to take it from, and the counts have to do.
    """

    ratings: int
    users: int
    films: int
    sha256: str | None = None


ML_100K = Edition(100_000, 943, 1_682, "3c61dc9b90a365d2ac50bdee9df8024ddf0eea4b1a15678d9934a77e75fe0ede")
ML_1M = Edition(1_000_209, 6_040, 3_883)
ML_LATEST_SMALL_2016 = Edition(
    100_004, 671, 9_125, "0e7dbf4f713d72dde782cd8f54bb56658039c86dc4a6a03ec3cc247056a07ed7"
)
ML_LATEST_SMALL_2018 = Edition(100_836, 610, 9_742)


def check_edition(data: MovieLens, editions: Sequence[Edition]) -> Edition:
    """Which of the editions this is.

    Raises:
        SourceError: none of them, or a rating of a film that is not in the film list.
    """
    counts = (len(data.user), len(set(data.user.tolist())), len(data.films))
    for edition in editions:
        if counts == (edition.ratings, edition.users, edition.films):
            break
    else:
        wanted = " or ".join(_describe_counts(e.ratings, e.users, e.films) for e in editions)
        raise SourceError(f"refused: has {_describe_counts(*counts)}, should have {wanted}")
    if edition.sha256 and (found := data.ratings_sha256()) != edition.sha256:
        raise SourceError(
            f"refused: sha256 of its ratings is {found[:12]}..., should be {edition.sha256[:12]}..."
        )
    unknown = set(data.film.tolist()) - {int(film.id) for film in data.films}
    if unknown:
        raise SourceError(f"refused: film {min(unknown)} is rated but not in the film list")
    return edition


def _describe_counts(ratings: int, users: int, films: int) -> str:
    return f"{ratings:,} ratings by {users:,} people of {films:,} films"
