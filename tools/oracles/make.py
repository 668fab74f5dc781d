"""python make.py [rule ...]: writes the fixtures of the rules named, or of all and their README. See README.md."""

import importlib
import pkgutil
import sys

import readme
import rules
from harness import RULES, record


def main(names):
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"rules.{module.name}")
    unknown = [n for n in names if n not in RULES]
    if unknown:
        sys.exit(f"no rule named {', '.join(unknown)}; there are {', '.join(sorted(RULES))}")
    agreement = {name: record(RULES[name]) for name in names or sorted(RULES)}
    if not names:
        readme.write(agreement)


if __name__ == "__main__":
    main(sys.argv[1:])
