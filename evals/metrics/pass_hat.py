"""How reliable success is: the chance that all of k further tries succeed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb

from tastemaker.retrieval.errors import QueryError


def pass_hat_k(successes: int, tries: int, k: int) -> float:
    """Unbiased estimate of the chance that k independent tries all succeed: C(c, k) / C(n, k).

    Yao et al., "tau-bench" (2024). Two of three tries succeeded: of the three pairs one has
    both, so pass^2 is 1/3.

    Raises:
        QueryError: k outside 1 to ``tries``.

    >>> pass_hat_k(2, 3, 1), pass_hat_k(2, 3, 2), pass_hat_k(2, 3, 3)
    (0.6666666666666666, 0.3333333333333333, 0.0)
    """
    if not 1 <= k <= tries:
        raise QueryError(f"k is {k}; with {tries} tries it must be 1 to {tries}")
    return comb(successes, k) / comb(tries, k)


def mean_pass_hat_k(outcomes: Iterable[Sequence[bool]], k: int) -> tuple[float | None, int]:
    """The mean over tasks, each with its tries, and how many tasks had k tries; None where none had.

    >>> mean_pass_hat_k([[True, True], [True, False], [True]], 2)
    (0.5, 2)
    """
    enough = [tries for tries in outcomes if len(tries) >= k]
    values = [pass_hat_k(sum(tries), len(tries), k) for tries in enough]
    return (sum(values) / len(values) if values else None), len(values)
