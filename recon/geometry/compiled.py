"""Numba's decorators with types that keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

numba.config.THREADING_LAYER_PRIORITY = ["omp", "tbb", "workqueue"]  # an old system TBB would warn at every start

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call; kept on disk beside the module."""
    made: F = numba.njit(cache=True)(function)
    return made


def compiled_parallel(function: F) -> F:
    """The same; loops over numba.prange run on all cores, and must not depend on their order."""
    made: F = numba.njit(cache=True, parallel=True)(function)
    return made
