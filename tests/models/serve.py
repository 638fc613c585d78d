"""Serve a model in the OpenAI protocol, in the Python that has the runtime: `python serve.py FILE`.

The address is the first line of standard output, written when the model is loaded; the server ends with
standard input, so that it never outlives the tests.
"""

import os
import sys
from importlib import import_module


def main() -> None:
    """Until standard input ends."""
    runtime = import_module("xllamacpp")
    params = runtime.CommonParams()
    params.model.path = sys.argv[1]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = os.cpu_count() or 1
    params.use_jinja = True
    params.ui = False
    server = runtime.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
