#!/usr/bin/env python3
"""Puts the tables of lamina_figures into the pages: insert_tables.py RESULTS PAGE...

What stands between `<!-- table NAME -->` and `<!-- end of table -->` becomes RESULTS/NAME.md, where there is such
a file.
"""

import pathlib
import re
import sys

MARKED = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def main():
    results, *pages = map(pathlib.Path, sys.argv[1:])

    def table(match):
        file = results / f"{match[2]}.md"
        return match[1] + file.read_text() + match[3] if file.exists() else match[0]

    for page in pages:
        text = page.read_text()
        changed = MARKED.sub(table, text)
        if changed != text:
            page.write_text(changed)


if __name__ == "__main__":
    main()
