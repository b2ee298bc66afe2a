"""Arrays that are mostly zeros as the places of the others, a bit each, and their values."""

from __future__ import annotations

import numpy as np

from tastemaker.recommenders.data.array_types import Arrays

VALUES, PLACES, SHAPE = "@values", "@places", "@shape"
"""What the names of a packed array's three parts end with."""
MOST = 0.9
"""Packed where at most this share is not zero; above it, the bits cost more than they save."""


def pack(arrays: Arrays) -> Arrays:
    """Arrays by name, those of floats with enough zeros in three parts each."""
    packed = {}
    for name, array in arrays.items():
        places = array != 0
        if not np.issubdtype(array.dtype, np.floating) or places.mean() > MOST or array.ndim < 2:
            packed[name] = array
            continue
        packed[name + VALUES] = array[places]
        packed[name + PLACES] = np.packbits(places)
        packed[name + SHAPE] = np.array(array.shape)
    return packed


def unpack(arrays: Arrays) -> Arrays:
    """The arrays that :func:`pack` was given.

    >>> some = {"w": np.array([[0.0, 2.0], [0.0, 0.0]]), "b": np.ones(2)}
    >>> sorted(pack(some)), unpack(pack(some))["w"].tolist()
    (['b', 'w@places', 'w@shape', 'w@values'], [[0.0, 2.0], [0.0, 0.0]])
    """
    whole = {name: array for name, array in arrays.items() if not name.endswith((VALUES, PLACES, SHAPE))}
    for name in (name.removesuffix(SHAPE) for name in arrays if name.endswith(SHAPE)):
        shape, values = arrays[name + SHAPE], arrays[name + VALUES]
        array = np.zeros(tuple(shape.tolist()), values.dtype)
        bits = arrays[name + PLACES].astype(np.uint8)
        places = np.unpackbits(bits, count=array.size).astype(bool).reshape(array.shape)
        array[places] = values
        whole[name] = array
    return whole
