#!/usr/bin/env python3
"""Puts the tables of lamina_figures and lamina_costs into the pages: insert_tables.py RESULTS PAGE...

What stands between `<!-- table NAME -->` and `<!-- end of table -->` becomes RESULTS/NAME.md, where there is such
a file. What stands between `<!-- cost NAME -->` and `<!-- end -->` becomes the ratio in the row NAME of
RESULTS/costs.md.
"""

import pathlib
import re
import sys

MARKED = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
COST = re.compile(r"(<!-- cost ([^>]*>?) -->).*?(<!-- end -->)")
ROW = re.compile(r"^\| ([^|]+) \| \d+ \| ([\d.]+) \|", re.MULTILINE)


def main():
    results, *pages = map(pathlib.Path, sys.argv[1:])

    def table(match):
        file = results / f"{match[2]}.md"
        return match[1] + file.read_text() + match[3] if file.exists() else match[0]

    costs = results / "costs.md"
    ratios = dict(ROW.findall(costs.read_text())) if costs.exists() else {}

    def cost(match):
        return match[1] + f"{float(ratios[match[2]]):.2f}" + match[3] if match[2] in ratios else match[0]

    for page in pages:
        text = page.read_text()
        changed = COST.sub(cost, MARKED.sub(table, text))
        if changed != text:
            page.write_text(changed)


if __name__ == "__main__":
    main()
