"""Numba's decorators; a decorated function keeps its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call. Numba keeps the result on disk beside the module."""
    made: F = numba.njit(cache=True)(function)
    return made


def compiled_parallel(function: F) -> F:
    """Like `compiled`; loops over numba.prange run on all cores, so they must not depend on their order."""
    made: F = numba.njit(cache=True, parallel=True)(function)
    return made
