"""A trained model in one file: the forest, the tables that its features need, and what it was trained on.

The file is a NumPy .npz archive without pickled objects: `forest` and `kinds` (the bytes of ONNX files), `words` (log
odds by bucket; for dumps six values a bucket), and `about` (JSON: version of the features, class-name tokens,
calibration, training sets, scores).
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.forest import Forest
from cleaners.errors import ModelError


@dataclass(frozen=True)
class Model:
    """A forest with its tables; `kinds` tells kinds of page, where the model has them. `about` holds JSON values."""

    forest: Forest
    kinds: Forest | None
    words: NDArray[np.float32]
    about: Mapping[str, Any]


def save_model(
    path: Path, forest: bytes, words: NDArray[np.float32], about: Mapping[str, Any], kinds: bytes = b""
) -> None:
    """Write a model file, whole or not at all."""
    out = io.BytesIO()
    np.savez_compressed(
        out,
        forest=np.frombuffer(forest, np.uint8),
        kinds=np.frombuffer(kinds, np.uint8),
        words=words.astype(np.float16),
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
    )
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(out.getvalue())
    partial.replace(path)


@cache
def packaged(name: str) -> str:
    """The path of a model that comes with the package, looked up once a process."""
    return str(files("cleaners.classifier.models").joinpath(name))


@lru_cache(maxsize=8)
def load_model(path: str, features_version: int) -> Model:
    """Load a model file once a process. Raises ModelError where it is missing, damaged, or made for other features."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            about = json.loads(archive["about"].tobytes())
            words = archive["words"].astype(np.float32)
            forest = archive["forest"].tobytes()
            kinds = archive["kinds"].tobytes() if "kinds" in archive else b""
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"{path}: not a model file ({error}); make one with `copydesk train`") from error
    if about.get("features_version") != features_version:
        found = about.get("features_version")
        raise ModelError(f"{path}: made for features {found}, this is {features_version}; run `copydesk train` again")
    return Model(Forest(forest, path), Forest(kinds, path) if kinds else None, words, about)
