"""A trained model in one file: the forest, the tables that its features need, and what it was trained on.

The file is a NumPy .npz archive without pickled objects: `forest` and `kinds` (the bytes of ONNX files), `words` (log
odds by bucket; for dumps six values a bucket), and `about` (JSON: version of the features, class-name tokens,
calibration, training sets, scores, and layouts of sites where corrected pages were learned from).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.forest import Forest
from cleaners.errors import ModelError
from cleaners.parsing.arrays import DamagedError, load_arrays, save_arrays
from cleaners.parsing.foreign_json import read_foreign_json


@dataclass(frozen=True)
class Model:
    """A forest with its tables. `kinds`, if any, is a forest that predicts a page's kind; `about` holds JSON values."""

    forest: Forest
    kinds: Forest | None
    words: NDArray[np.float32]
    about: Mapping[str, Any]


def save_model(
    path: Path, forest: bytes, words: NDArray[np.float32], about: Mapping[str, Any], kinds: bytes = b""
) -> None:
    """Write a model file, whole or not at all."""
    save_arrays(
        path,
        forest=np.frombuffer(forest, np.uint8),
        kinds=np.frombuffer(kinds, np.uint8),
        words=words.astype(np.float16),
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
    )


class ModelParts(NamedTuple):
    """What a model file holds: the bytes of its two forests, its table of words, and `about`."""

    forest: bytes
    kinds: bytes
    words: NDArray[np.float32]
    about: Mapping[str, Any]


def read_parts(path: str) -> ModelParts:
    """Read a model file. Raises ModelError if it is missing or damaged."""
    try:
        arrays = load_arrays(Path(path))
        about = read_foreign_json(arrays["about"].tobytes())
        if not isinstance(about, dict):
            raise ValueError("it does not say what it was made for")
        return ModelParts(
            arrays["forest"].tobytes(),
            arrays["kinds"].tobytes() if "kinds" in arrays else b"",
            arrays["words"].astype(np.float32),
            about,
        )
    except (DamagedError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: not a model file ({error}); make one with `copydesk train`") from error


@cache
def packaged(name: str) -> str:
    """The path of a model that comes with the package, looked up once a process."""
    return str(files("cleaners.classifier.models").joinpath(name))


@lru_cache(maxsize=8)
def load_model(path: str, features_version: int) -> Model:
    """Load a model file once a process. Raises ModelError if it is missing, damaged, or made for other features."""
    parts = read_parts(path)
    found = parts.about.get("features_version")
    if found != features_version:
        raise ModelError(f"{path}: made for features {found}, this is {features_version}; run `copydesk train` again")
    is_ours = path == packaged(Path(path).name)
    kinds = Forest(parts.kinds, path, is_ours) if parts.kinds else None
    return Model(Forest(parts.forest, path, is_ours), kinds, parts.words, parts.about)
