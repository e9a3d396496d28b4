"""Arrays in, arrays out: no files, no logs."""

import numba

# Open3D brings a TBB that is too old for numba, which would warn of it at the first kernel.
numba.config.THREADING_LAYER_PRIORITY = ["omp", "workqueue", "tbb"]
