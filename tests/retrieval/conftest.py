"""``pytest tests/retrieval --hypothesis-profile=thorough`` generates 10,000 cases where the suite takes fewer."""

from hypothesis import settings

settings.register_profile("thorough", max_examples=10_000)
