"""`make demo-llm`: the whole model path against a simulated server, with nothing to configure and nothing sent away."""

import os
import subprocess
import sys
from pathlib import Path

from evals.simulation.failures import Failure, Failures
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Slip, Slips
from evals.simulation.truth import library_of


def main(arguments: list[str]) -> int:
    """Serve the documents' labels, with some errors and failures, and run `gouji extract --reader llm` on them."""
    paths = [argument for argument in arguments if not argument.startswith("--")]
    model = SimulatedModel(library_of(map(Path, paths)), Slips(dict.fromkeys(Slip, 0.005)))
    failures = Failures({Failure.RATE_LIMIT: 0.05, Failure.MALFORMED: 0.05, Failure.SERVER_ERROR: 0.05})
    with SimulatedServer(model, failures, latency=0.2) as server:
        environment = {
            "GOUJI_BASE_URL": server.base_url,
            "GOUJI_MODEL": "simulated",
            "GOUJI_PRICES": '{"simulated": {"input": "2", "cached": "0.5", "output": "8"}}',
        }
        shown = " ".join(f"{name}={value}" for name, value in environment.items() if name != "GOUJI_PRICES")
        print(f"$ {shown} gouji extract {' '.join(paths[:1])}… --reader llm --no-cache", flush=True)
        command = "from evals.main import main; main()"
        run = [sys.executable, "-c", command, "extract", *arguments, "--reader=llm", "--no-cache"]
        status = subprocess.run(run, env={**os.environ, **environment}, check=False).returncode
        print("server: " + "; ".join(f"{name.replace('_', ' ')} {n}" for name, n in server.counts.as_json().items()))
    made = ", ".join(f"{each.slip.value} in {each.section}" for each in model.made) or "none"
    print(f"reading errors that the simulated model made: {made}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
