#!/usr/bin/env python3
"""Checks the public headers: each compiles alone, and includes point downwards only.

    check_includes.py COMPILER [flag...]

The layers are those of docs: a folder may include itself and the folders it is listed with. Only
`runtime` includes TBB; no header includes a file-format library.
"""

import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2] / "include"

ITEMS = {"layers", "norms", "activations", "regularizers", "losses", "initializers", "structures"}
BELOW = {
    "core": set(),
    "expr": {"core"},
    **{item: {"core", "expr", "initializers"} for item in ITEMS},
    "optimizers": {"core", "expr"},
    "network": {"core", "expr"},
    "plan": {"core", "expr", "network"} | ITEMS,
    "kernel": {"core", "expr"},
    "runtime": {"core", "expr", "kernel", "plan", "network"} | ITEMS,
    "augment": {"core", "data", "layers", "runtime"},
    "data": {"core"},
    "io": {"core", "data", "train"},
    "text": {"core", "data", "io"},
    "model": {"core", "data", "expr", "plan", "network", "kernel", "runtime"} | ITEMS,
    "metrics": {"core"},
    "schedules": {"core"},
    "train": {"core", "metrics", "schedules", "expr", "plan", "network", "kernel", "runtime", "model", "data", "augment", "optimizers"} | ITEMS,
    "plot": {"core", "expr", "plan", "network", "kernel", "runtime", "model", "data", "metrics", "train"} | ITEMS,
}
BELOW["program"] = {*BELOW, ""}  # what compiled networks are made of uses everything
LIBRARIES = {  # outside libraries, and the folders that may include them
    r"(tbb|oneapi)/": {"runtime"},
    r"hwy/": {"core"},
    r"boost/": {"core", "plan", "network", "layers"},
    r"(nlohmann|zlib|zip|csv\.h|png|jpeglib|sndfile|samplerate|Eigen|catch2)": set(),
}


def headers():
    return sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.hpp"))


def folder_of(name):
    parts = pathlib.PurePosixPath(name).parts
    return parts[1] if len(parts) > 2 else ""


def wrong_includes(header):
    """Sentences about the includes of a header that point upwards or outwards."""
    folder = folder_of(header)
    if not folder:  # the umbrella header includes everything
        return
    for line in (ROOT / header).read_text().splitlines():
        found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if not found:
            continue
        name = found.group(1)
        if name.startswith("lamina/"):
            target = folder_of(name)
            if folder not in BELOW:
                yield f"{header}: its folder is not known here: add it to {pathlib.Path(__file__).name}"
            elif target != folder and target not in BELOW[folder]:
                yield f"{header} includes {name}, but {folder} may include {sorted(BELOW[folder])}"
            if not (ROOT / name).exists():
                yield f"{header} includes {name}, which is not there"
        for library, folders in LIBRARIES.items():
            if re.match(library, name) and folder not in folders:
                yield f"{header} includes {name}, but only {sorted(folders)} may"


def cycles():
    """Headers that include themselves by a way round."""
    graph = {}
    for header in headers():
        text = (ROOT / header).read_text()
        graph[str(header)] = re.findall(r'^\s*#\s*include\s*[<"](lamina/[^>"]+)[>"]', text, re.M)
    done = set()

    def visit(name, way):
        if name in way:
            yield "includes go round: " + " -> ".join(way[way.index(name):] + [name])
        elif name not in done:
            for target in graph.get(name, []):
                yield from visit(target, way + [name])
            done.add(name)

    for name in graph:
        yield from visit(name, [])


def compile_error(header, command, folder):
    """What the compiler says of a file that includes this header alone, twice."""
    source = pathlib.Path(folder) / (str(header).replace("/", "_") + ".cpp")
    source.write_text(f"#include <{header}>\n#include <{header}>\n")
    run = subprocess.run([*command, "-fsyntax-only", "-x", "c++", str(source)], capture_output=True, text=True)
    return f"{header} does not compile alone:\n{run.stderr[:2000]}" if run.returncode or run.stderr else None


def main():
    command = [*sys.argv[1:], "-std=c++20", "-Wall", "-Wextra", f"-I{ROOT}"]
    wrong = [sentence for header in headers() for sentence in wrong_includes(header)]
    wrong += list(cycles())
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        wrong += filter(None, pool.map(lambda header: compile_error(header, command, folder), headers()))
    print("\n".join(wrong) or f"{len(headers())} headers are right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
