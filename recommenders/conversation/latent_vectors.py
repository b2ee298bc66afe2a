"""The directions of an interaction log under the name by which the conversations' ranker knows them."""

from tastemaker.recommenders.data.latent_vectors import latent_vectors

__all__ = ["latent_vectors"]
