#!/usr/bin/env python3
"""What the compilers take for programs that train a network and predict with it.

Generates programs of 4, 16 and 64 linear layers written out, and of 4, 250 and 1000 blocks in a
Repeat, compiles each with g++ and clang++ at -O3
-march=native, several times in turns, and prints the medians of user seconds and of the peak memory
of the largest process.

    bench/compile_time.py [--json FILE] [--repeat 3] [--layers 4 16 64] [--blocks 4 250 1000]
                          [--compilers g++ clang++]
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

PROGRAM = """\
#include <array>
#include <iostream>
#include <lamina/lamina.hpp>
#include <vector>

using Net = lamina::Network<
    lamina::Input<784>,
{items}
    lamina::Linear<10>, lamina::CrossEntropy<lamina::LabelSmoothing<0.1>>, lamina::L2<5e-4>>;

int main() {{
  lamina::Model<Net> model{{lamina::Seed{{42}}}};
  lamina::Trainer trainer{{model, lamina::Sgd{{.learning_rate = 0.1f, .momentum = 0.9f}}}};
  const std::vector<float> inputs(32 * 784, 0.5f);
  const std::vector<lamina::Label> labels(32, 1);
  for (int step = 0; step < 3; ++step) std::cout << trainer.step(inputs, labels) << '\\n';
  const auto predictor = model.freeze();
  std::vector<float> outputs(32 * 10);
  predictor(inputs, outputs);
  const std::array<float, 784> image{{}};
  std::cout << outputs[0] + predictor(image)[0] << '\\n';
}}
"""


def program(layers):
    """The source of a classifier; hidden widths are of several sizes, as in real networks."""
    widths = [512 - 64 * (i % 5) for i in range(layers - 1)]
    items = [
        f"    lamina::Linear<{width}>, lamina::BatchNorm<>, lamina::ReLU, lamina::Dropout<0.2>,"
        for width in widths
    ]
    return PROGRAM.format(items="\n".join(items))


def repeated(blocks):
    """The source of a classifier whose blocks are all alike: each is compiled once."""
    return PROGRAM.format(items="    lamina::Linear<128>,\n"
                          f"    lamina::Repeat<{blocks}, lamina::Residual<lamina::Linear<128>, "
                          "lamina::BatchNorm<>, lamina::ReLU,\n"
                          "                                     lamina::Dropout<0.2>>>,")


def measure(compiler, source):
    """User seconds and megabytes of one compilation."""
    command = [compiler, "-std=c++20", "-O3", "-DNDEBUG", "-march=native",
               f"-I{ROOT / 'include'}", "-c", str(source), "-o", "/dev/null"]
    child = subprocess.Popen(command)
    _, status, used = os.wait4(child.pid, 0)  # of the driver and all that it started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{compiler}: {source.name} does not compile")
    return used.ru_utime, used.ru_maxrss / 1024


def version(compiler):
    return subprocess.run([compiler, "--version"], check=True, capture_output=True,
                          text=True).stdout.splitlines()[0]


def default_compilers():
    clang = next((name for name in ("clang++-19", "clang++") if shutil.which(name)), None)
    return [name for name in ("g++", clang) if name and shutil.which(name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--layers", type=int, nargs="+", default=[4, 16, 64])
    parser.add_argument("--blocks", type=int, nargs="*", default=[4, 250, 1000])
    parser.add_argument("--compilers", nargs="+", default=default_compilers())
    options = parser.parse_args()

    sources = {(f"{n} layers", n): program(n) for n in options.layers}
    sources |= {(f"{n} repeated blocks", n): repeated(n) for n in options.blocks}
    found = {(c, *key): [] for c in options.compilers for key in sources}
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(options.repeat):
            for compiler, name, layers in found:
                source = pathlib.Path(directory) / f"{name.replace(' ', '_')}.cpp"
                source.write_text(sources[name, layers])
                found[compiler, name, layers].append(measure(compiler, source))

    print("| program, -O3 -march=native | compiler | user s | peak MB |\n|---|---|---|---|")
    programs = []
    for (compiler, name, layers), runs in found.items():
        seconds = statistics.median(run[0] for run in runs)
        megabytes = statistics.median(run[1] for run in runs)
        print(f"| {name} | {compiler} | {seconds:.2f} | {megabytes:.0f} |")
        programs.append({"program": name, "layers": layers, "compiler": compiler,
                         "version": version(compiler), "user_seconds": seconds,
                         "megabytes": megabytes})
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"programs": programs}, indent=2) + "\n")


if __name__ == "__main__":
    main()
