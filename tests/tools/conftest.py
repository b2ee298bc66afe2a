"""Small workspaces of the films, built with whatever a test is about."""

import pytest

from tastemaker.tools.workspace.build import build_workspace


@pytest.fixture(scope="session")
def build_films(film_catalog, film_log):
    """Build the films with hashed texts; what is said is appended to ``said``."""

    def build(path, said=None, **more):
        return build_workspace(
            path,
            film_catalog,
            film_log,
            recommender="popularity",
            embedding="hashing",
            progress=False,
            say=(said if said is not None else []).append,
            **more,
        )

    return build
