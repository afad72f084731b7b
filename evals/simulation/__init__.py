"""A simulated OpenAI-compatible server: answers from labels or rules, with seeded errors and failures."""

from evals.simulation.failures import Failure
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Slip
from evals.simulation.truth import Library

__all__ = ["Failure", "Library", "SimulatedModel", "SimulatedServer", "Slip"]
