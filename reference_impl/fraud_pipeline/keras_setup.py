"""Loads TensorFlow and Keras, settled before they start: quiet, small, and the same result for the same seed."""

from __future__ import annotations

import logging
import os
from functools import cache
from pathlib import Path
from types import ModuleType

log = logging.getLogger(__name__)

THREADS = 1
"""Threads for one operation of TensorFlow: networks this small only lose by sharing their work out."""


@cache
def tensorflow() -> ModuleType:
    """The module ``tensorflow``. Nothing else in the pipeline imports it, or Keras, at the top of a module.

    TensorFlow's start-up messages stay off stderr, Keras keeps its settings in the cache folder and not in the
    user's home, and operations are deterministic. What the environment sets already is left alone.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("KERAS_HOME", str(_cache_folder() / "keras"))
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(THREADS)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError as error:  # a notebook has used TensorFlow before
        log.info("TensorFlow runs already, its threads stay as they are: %s", error)
    tf.config.experimental.enable_op_determinism()
    # An ensemble compiles a network for each member, which TensorFlow takes for one that is compiled again and again.
    tf.get_logger().setLevel(logging.ERROR)
    return tf


@cache
def keras() -> ModuleType:
    """The module ``keras``, on top of :func:`tensorflow`."""
    tensorflow()
    import keras

    return keras


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("WORKSHOP_CACHE") or Path(base, "streaming-ml-workshop")).expanduser().absolute()
