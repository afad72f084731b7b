"""Measure the checks on planted slips, clean papers and misreadings: `python -m evals.generator --cases 1000`."""

import argparse

from evals.generator.measure import false_alarms, summary, tallies
from evals.generator.misreadings import misblamed


def main() -> None:
    """Print detection, first suspects and suggestions by kind of slip; false alarms on clean papers; misreadings."""
    parser = argparse.ArgumentParser(prog="python -m evals.generator", description=__doc__)
    parser.add_argument("--cases", type=int, default=300, help="papers with one slip")
    parser.add_argument("--clean", type=int, default=100, help="papers without a slip")
    parser.add_argument("--misread", type=int, default=120, help="clean papers with one record misread")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    arguments = parser.parse_args()
    found = tallies(range(arguments.first, arguments.first + arguments.cases))
    print("\n".join(summary(found)))
    for kind, tally in found.items():
        print(
            f"{kind}: missed {tally.missed[:20]} misplaced {tally.misplaced[:20]} unsuggested {tally.unsuggested[:20]}"
        )
    alarms = list(false_alarms(range(arguments.first, arguments.first + arguments.clean)))
    print(f"false alarms on {arguments.clean} clean papers: {len(alarms)}")
    for seed, finding in alarms[:20]:
        print(f"  {seed}: {finding.message}")
    cases, wrong = misblamed(range(arguments.first, arguments.first + arguments.misread))
    for kind, count in cases.items():
        print(f"{kind:14} misread {count:5} document blamed {wrong[kind]}")


if __name__ == "__main__":
    main()
