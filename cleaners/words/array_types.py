"""Names for the types of NumPy arrays that most modules use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
"""Features as the models read them, (rows, columns)."""
