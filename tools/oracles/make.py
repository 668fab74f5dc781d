"""python make.py [rule ...]: writes the fixtures of the rules named, or of all. See README.md."""

import importlib
import sys

from harness import RULES, record

FAMILIES = ["rules_first"]


def main(names):
    for family in FAMILIES:
        importlib.import_module(family)
    unknown = [n for n in names if n not in RULES]
    if unknown:
        sys.exit(f"no rule named {', '.join(unknown)}; there are {', '.join(sorted(RULES))}")
    for name in names or RULES:
        print(record(RULES[name]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
