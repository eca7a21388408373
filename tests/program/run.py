#!/usr/bin/env python3
"""Drives the program lamina as a user would: run.py PROGRAM

Networks are compiled into a cache of this test's own, with -O1, a dozen of them.
"""

import csv
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from user import PROGRAM, Case

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
COMMANDS = ["train", "evaluate", "predict", "find-lr", "plot", "describe", "demo", "bench"]
OWN = "Network<Input<2>, Standardize, Linear<8>, Tanh, Linear<2>, CrossEntropy<>>"
PICTURES = ["history", "confusion", "decision_boundary", "weights", "activations"]
IMAGES = pathlib.Path("/usr/share/datasets/fashion-mnist")
SPECIES = ["setosa", "versicolor", "virginica, giant"]


class Help(Case):
    def test_every_command_teaches(self):
        text = self.right("--help")
        for command in COMMANDS:
            self.assertIn(f"  {command}", text)
            self.assertIn(f"  lamina {command}", self.right(command, "--help"))

    def test_wrong_options_are_one_sentence(self):
        self.wrong(2, "expected a command")
        self.wrong(2, "tran", "tran")
        self.wrong(2, "^lamina: train --epochs: .*lamina train --help", "train", "--epochs", "0")
        self.wrong(2, "--nonsense", "train", "--data", "moons", "--nonsense")
        self.wrong(2, "--data is required", "train")
        self.wrong(2, "expected one of sgd, adam", "train", "--data", "moons", "--optimizer", "x")
        self.wrong(2, "expected one of .*one-cycle", "train", "--data", "moons", "--schedule", "x")
        self.wrong(2, "expected linear, mlp", "train", "--data", "moons", "--network", "x")
        self.wrong(2, "--validation", "train", "--data", "moons", "--validation", "1")
        self.wrong(2, "finite", "train", "--data", "moons", "--learning-rate", "nan")
        self.wrong(2, "finite", "train", "--data", "moons", "--validation", "nan")
        self.wrong(2, "--delimiter: expected a character, or tab, found ''", "train", "--data",
                   "moons", "--delimiter", "")
        self.wrong(2, "--delimiter, --header and --missing say how a CSV file is read; moons",
                   "train", "--data", "moons", "--missing", "mean")
        self.wrong(2, "--target requires --data", "describe", "--target", "x")
        self.wrong(2, "--data excludes --run", "describe", "--run", "run", "--data", "moons")
        self.wrong(2, "--data is required.*'mlp'", "describe", "--network", "mlp")
        self.wrong(2, "--output: expected a name .* found the directory new/", "find-lr", "--data",
                   "moons", "--output", "new/")
        self.assertFalse((self.here / "run").exists())

    def test_outputs_never_overwrite_the_data(self):
        (self.here / "points.csv").write_text("a,b,c\n" + "1,2,x\n3,4,y\n" * 4)
        before = self.files()
        self.wrong(2, "--output: points.csv would overwrite the data", "find-lr", "--data",
                   "points.csv", "--output", "points")
        self.wrong(2, "--output: ./points.csv would overwrite the data", "predict", "--data",
                   "points.csv", "--output", "./points.csv")
        (self.here / "points.gp").write_text("a,b,c\n" + "1,2,x\n3,4,y\n" * 4)
        before = self.files()
        self.wrong(2, "--output: points.gp would overwrite the data", "find-lr", "--data",
                   "points.gp", "--output", "points")
        self.assertEqual(self.files(), before)

    def test_wrong_data_change_nothing(self):
        (self.here / "words.csv").write_text("a,b,c\n1,2,x\n3,oops,y\n5,6,x\n7,8,y\n")
        before = self.files()
        self.wrong(1, "nothing.csv: expected", "train", "--data", "nothing.csv")
        self.wrong(1, "words.csv:3.*number.*oops", "train", "--data", "words.csv")
        self.wrong(1, "absent", "train", "--data", "words.csv", "--target", "absent")
        self.wrong(1, "config.json", "evaluate", "--run", ".", "--data", "moons")
        (self.here / "latin.csv").write_bytes("länge,b,c\n1,2,x\n3,4,y\n".encode("latin-1"))
        (self.here / "one.csv").write_text("a,b,c\n1,2,x\n3,4,x\n5,6,x\n")
        before = self.files()
        self.wrong(1, "latin.csv: expected names .* in UTF-8", "train", "--data", "latin.csv")
        self.wrong(1, "one.csv: expected from 2 to 131072 classes, found 1", "train", "--data",
                   "one.csv")
        self.assertEqual(self.files(), before)

    @unittest.skipUnless(os.path.exists("/dev/full"), "/dev/full is not there")
    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "describe"], stdout=full, stderr=subprocess.PIPE,
                                  text=True)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "lamina: standard output: expected room to write, found none\n"))

    def test_no_compiler_is_one_sentence(self):
        self.wrong(1, "expected a C\\+\\+20 compiler 'no-compiler'", "train", "--data", "moons",
                   CXX="no-compiler")
        self.assertFalse((self.here / "run").exists())


class Tutorial(Case):
    """The commands of docs/tutorial.md, in order."""

    def test_its_commands_run(self):
        shutil.copytree(DOCS / "data", self.here / "docs" / "data")
        page = (DOCS / "tutorial.md").read_text()
        commands = re.findall(r"^lamina (.*)$", page, re.M)
        self.assertGreaterEqual(len(commands), 7)
        for command in commands:
            out = self.right(*shlex.split(command))
            if command.startswith("evaluate"):
                self.assertGreater(self.number("accuracy", out), 0.9)
        kinds = {row["class"] for row in self.rows("predictions.csv")}
        self.assertEqual(kinds, {"birch", "lime", "willow"})
        self.expect_pictures(self.here / "leaves" / "pictures", "history", "confusion")


class Demo(Case):
    """The demo's accuracy, in a quarter of its epochs, where its data are."""

    @unittest.skipUnless(IMAGES.is_dir(), f"{IMAGES} is not there")
    def test_it_learns(self):
        out = self.right("demo", "--epochs", "5", "--no-bench")
        found = re.search(r"Test accuracy (\S+) % after 5 epochs", out)
        self.assertTrue(found, out)
        self.assertGreater(float(found.group(1)), 88)


class Moons(Case):
    """A run on two moons, with a network type of one's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.train = ["train", "--data", "moons", "--network", OWN, "--seed", "7"]
        cls.first = cls().lamina(*cls.train, "--output", "run", "--epochs", "30")

    def runTest(self):
        pass

    def test_a_network_learns_and_leaves_a_run(self):
        self.assertEqual(self.first.code, 0, self.first.err)
        self.assertIn("Compiling the network for 2 features and 2 classes (once)", self.first.err)
        self.assertGreater(self.number("accuracy", self.first.out), 0.95)
        run = self.here / "run"
        config = json.loads((run / "config.json").read_text())
        self.assertEqual((config["seed"], config["epochs"], config["network"]), (7, 30, OWN))
        rows = self.rows("run/history.csv")
        history = json.loads((run / "history.json").read_text())
        self.assertEqual((len(rows), len(history["epochs"])), (30, 30))
        self.assertLess(float(rows[-1]["loss"]), float(rows[0]["loss"]))
        self.expect_pictures(run / "pictures", *PICTURES)

    def test_it_is_measured_on_samples_it_has_not_seen(self):
        out = self.right("evaluate", "--run", "run", "--data", "moons")
        self.assertIn("500 samples", out)
        self.assertGreater(self.number("accuracy", out), 0.95)

    def test_its_pictures_are_drawn_again(self):
        pictures = self.here / "run" / "pictures"
        for path in [*pictures.glob("*.svg"), *pictures.glob("*.png")]:
            path.unlink()
        self.right("plot", "--run", "run")
        self.expect_pictures(pictures, *PICTURES)

    def test_a_run_is_never_overwritten(self):
        before = self.files()
        self.wrong(1, "run: expected a new directory", *self.train, "--output", "run")
        self.wrong(2, "leave out --epochs", "train", "--output", "run", "--resume", "--epochs", "9")
        self.assertEqual(self.files(), before)

    def test_describe_prints_type_and_plan(self):
        out = self.right("describe", "--run", "run")
        self.assertIn("Linear<8>", out)
        self.assertIn("fused stages", out)

    def test_a_type_is_described_without_data(self):
        out = self.right("describe", "--network", OWN)
        self.assertIn("Linear<8>", out)
        self.assertIn("fused stages", out)

    def test_an_optimizer_is_cpp_as_the_network_is(self):
        train = [*self.train, "--epochs", "30", "--optimizer"]
        out = self.right(*train, "Sgd{.learning_rate = 0.1F, .momentum = 0.95F, .nesterov = true}",
                         "--output", "sgd")
        self.assertIn("learning rate 0.1 (one-cycle)", out)
        self.assertGreater(self.number("accuracy", out), 0.95)
        self.assertEqual(json.loads((self.here / "sgd/config.json").read_text())["learning_rate"],
                         0.1)
        out = self.right(*train, "ClipByNorm{Adam{}, 1.0F}", "--learning-rate", "0.02",
                         "--output", "clipped")
        self.assertIn("learning rate 0.02", out)
        self.wrong(2, "--optimizer: .*momentun", *train, "Sgd{.momentun = 0.9F}", "--output", "new")
        self.assertFalse((self.here / "new").exists())

    def test_the_learning_rate_is_found(self):
        out = self.right("find-lr", *self.train[1:], "--output", "rates")
        valley = float(re.search(r"valley\s+(\S+)", out).group(1))
        self.assertTrue(1e-5 < valley < 10)
        rows = self.rows("rates.csv")
        rates = [float(row["learning_rate"]) for row in rows]
        self.assertEqual(rates, sorted(rates))
        self.assertGreater(len(rates), 20)
        self.expect_pictures(self.here, "rates")

    def test_a_killed_run_goes_on_to_the_same_weights(self):
        whole = [*self.train, "--epochs", "400", "--validation", "0.5"]
        self.right(*whole, "--output", "whole")
        wanted = {name: (self.here / "whole" / name).read_bytes()
                  for name in ("best.safetensors",)}
        chance = random.Random(3)
        killed = 0
        for attempt in range(6):
            name = f"killed{attempt}"
            process = self.start(*whole, "--output", name)
            deadline = time.monotonic() + 60
            while (not (self.here / name / "last.safetensors").exists()
                   and process.poll() is None and time.monotonic() < deadline):
                pass
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += not (self.here / name / "history.csv").exists()
            self.right("train", "--output", name, "--resume")
            for file, bytes_of_whole in wanted.items():
                self.assertEqual((self.here / name / file).read_bytes(), bytes_of_whole)
        self.assertGreater(killed, 0, "no run was killed before its end")

    def test_a_wrong_type_is_one_sentence(self):
        wrong = OWN.replace("Tanh", "Dropout<1.5>")
        self.wrong(2, r"--network: position 2: Dropout<1.5> needs a rate in \[0, 1\), got 1.5",
                   "train", "--data", "moons", "--network", wrong, "--output", "new")
        # Each compiler has its own words: "was not declared", "unknown type name".
        self.wrong(2, "--network: .*Tanhh", "train", "--data", "moons", "--network",
                   OWN.replace("Tanh", "Tanhh"), "--output", "new")
        self.wrong(1, "moons: the network expects 3 features, found 2", "train", "--data", "moons",
                   "--network", OWN.replace("<2>, S", "<3>, S"), "--output", "new")
        self.assertFalse((self.here / "new").exists())


class Tables(Case):
    """CSV files: classes of text, and numbers in units of their own."""

    def flowers(self, name, rows, columns, seed):
        chance = random.Random(seed)
        wanted = []
        with (self.here / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for _ in range(rows):
                kind = chance.randrange(3)
                wanted.append(SPECIES[kind])
                writer.writerow({"length": round(1.5 + 2 * kind + chance.gauss(0, 0.15), 3),
                                 "width": round(500 + 100 * kind + chance.gauss(0, 15), 3),
                                 "species": SPECIES[kind]})
        return wanted

    def test_classes_keep_their_names(self):
        self.flowers("flowers.csv", 300, ["length", "width", "species"], 1)
        wanted = self.flowers("new.csv", 100, ["width", "length"], 2)
        self.flowers("more.csv", 100, ["species", "width", "length"], 3)
        out = self.right("train", "--data", "flowers.csv", "--target", "species", "--network",
                         "linear", "--epochs", "20", "--output", "flowers")
        self.assertGreater(self.number("accuracy", out), 0.95)
        out = self.right("evaluate", "--run", "flowers", "--data", "more.csv")
        self.assertGreater(self.number("accuracy", out), 0.95)
        self.right("predict", "--run", "flowers", "--data", "new.csv", "--output", "found.csv")
        rows = self.rows("found.csv")
        right = sum(row["class"] == name for row, name in zip(rows, wanted, strict=True))
        self.assertGreater(right, 95)
        for row in rows:
            shares = [float(row[f"probability of {name}"]) for name in SPECIES]
            self.assertAlmostEqual(sum(shares), 1, places=5)
            self.assertEqual(SPECIES[shares.index(max(shares))], row["class"])
        before = self.files()
        (self.here / "other.csv").write_text("length,species\n1,setosa\n")
        self.wrong(1, "width", "predict", "--run", "flowers", "--data", "other.csv", "--output",
                   "found.csv")
        (self.here / "other.csv").unlink()
        self.assertEqual(self.files(), before)

    def test_numbers_come_back_in_their_units(self):
        chance = random.Random(5)
        rows = [(chance.uniform(20, 200), chance.uniform(0, 50)) for _ in range(400)]
        lines = [f"{area:.4f},{age:.4f},{3000 * area - 1000 * age + 50000:.2f}"
                 for area, age in rows]
        (self.here / "houses.csv").write_text("\n".join(["area,age,price", *lines]) + "\n")
        out = self.right("train", "--data", "houses.csv", "--network", "linear", "--epochs", "200",
                         "--output", "houses", "--threads", "1")
        self.assertGreater(self.number("r2", out), 0.99)
        self.right("predict", "--run", "houses", "--data", "houses.csv", "--output", "prices.csv")
        found = self.rows("prices.csv")
        for line, row in zip(lines, found, strict=True):
            self.assertLess(abs(float(row["price"]) - float(line.split(",")[2])), 20000)


class Spreadsheets(Case):
    """CSV files with other delimiters, without names, with holes."""

    def rows_with_holes(self, count, seed):
        chance = random.Random(seed)
        for _ in range(count):
            kind = chance.randrange(2)
            yield [f"{chance.gauss(4 * kind, 1):.3f}" if chance.random() < 0.9 else "NA",
                   f"{chance.gauss(50 - 20 * kind, 4):.3f}" if chance.random() < 0.9 else "",
                   ["low", "high"][kind]]

    def test_delimiters_and_holes(self):
        rows = list(self.rows_with_holes(400, 1))
        (self.here / "holes.csv").write_text("".join(";".join(row) + "\n"
                                                     for row in [["p", "q", "kind"], *rows]))
        train = ["train", "--data", "holes.csv", "--delimiter", ";", "--network", "linear",
                 "--epochs", "20", "--output", "holes"]
        self.wrong(1, "holes.csv:1: expected a column beside .* delimiters ','", "train", "--data",
                   "holes.csv")
        self.wrong(1, "holes.csv:.*missing value", *train)
        out = self.right(*train, "--missing", "median")
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.assertEqual(self.medians(rows), self.config("holes")["description"]["feature_fills"])
        (self.here / "new.csv").write_text("q;p\n;-1\n30;\n")
        self.right("predict", "--run", "holes", "--data", "new.csv")
        self.assertEqual([row["class"] for row in self.rows("predictions.csv")], ["low", "high"])

    def medians(self, rows):
        columns = [[float(row[column]) for row in rows if row[column] not in ("", "NA")]
                   for column in range(2)]
        # As the nearest floats.
        return [struct.unpack("f", struct.pack("f", statistics.median(column)))[0]
                for column in columns]

    def config(self, run):
        return json.loads((self.here / run / "config.json").read_text())

    def test_numbers_that_look_like_names(self):
        rows = [["1", "2", "3"], *([str(at), str(-at), "xy"[at % 2]] for at in range(40))]
        (self.here / "years.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
        self.right("train", "--data", "years.tsv", "--delimiter", "tab", "--header", "yes",
                   "--network", "linear", "--epochs", "1", "--output", "years")
        self.assertEqual(self.config("years")["description"]["feature_names"], ["1", "2"])
        self.assertEqual(self.config("years")["description"]["samples"], 40)

    def test_a_run_goes_on_from_anywhere_but_with_the_same_numbers(self):
        rows = [row for row in self.rows_with_holes(60, 3) if "NA" not in row and "" not in row]
        table = self.here / "same.csv"
        table.write_text("".join(",".join(row) + "\n" for row in [["p", "q", "kind"], *rows]))
        self.right("train", "--data", "same.csv", "--network", "linear", "--epochs", "2",
                   "--output", "same")
        (self.here / "elsewhere").mkdir()
        self.right_in("elsewhere", "train", "--output", "../same", "--resume")
        rows[-1][0] = str(float(rows[-1][0]) + 1)
        table.write_text("".join(",".join(row) + "\n" for row in [["p", "q", "kind"], *rows]))
        self.wrong(1, "same.csv: expected the .* that the run began with, found .* other numbers",
                   "train", "--output", "same", "--resume")

    def right_in(self, directory, *arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.here / directory,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


class Unusual(Case):
    """Data and networks that are right, but not what a first example has."""

    def points(self, name, rows, header=True, seed=1):
        chance = random.Random(seed)
        lines = ["p,q,kind"] if header else []
        for _ in range(rows):
            p, q = chance.uniform(-1, 1), chance.uniform(-1, 1)
            lines.append(f"{p:.3f},{q:.3f},{'above' if q > p else 'below'}")
        (self.here / name).write_text("\n".join(lines) + "\n")
        return [line.split(",")[2] for line in lines[header:]]

    def test_one_output_of_a_regression_chooses_between_two_classes(self):
        wanted = self.points("two.csv", 300)
        out = self.right("train", "--data", "two.csv", "--epochs", "60", "--output", "two",
                         "--learning-rate", "0.01",
                         "--network", "Network<Input<2>, Standardize, Linear<1>, MeanSquaredError>")
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.right("predict", "--run", "two", "--data", "two.csv", "--output", "two_found.csv")
        rows = self.rows("two_found.csv")
        self.assertEqual(list(rows[0]), ["class", "score of above", "score of below"])
        right = sum(row["class"] == kind for row, kind in zip(rows, wanted, strict=True))
        self.assertGreater(right, 270)

    def test_more_outputs_than_classes(self):
        self.points("few.csv", 60)
        network = "Network<Input<2>, Linear<9>, CrossEntropy<>>"
        self.right("train", "--data", "few.csv", "--epochs", "1", "--learning-rate", "1e-9",
                   "--network", network, "--output", "few")
        self.right("predict", "--run", "few", "--data", "few.csv", "--output", "few_found.csv")
        for row in self.rows("few_found.csv"):
            shares = [float(share) for name, share in row.items() if name != "class"]
            self.assertEqual(len(shares), 9)
            self.assertAlmostEqual(sum(shares), 1, places=5)

    def test_columns_without_names(self):
        wanted = self.points("nameless.csv", 200, header=False)
        self.right("train", "--data", "nameless.csv", "--network", "linear", "--epochs", "20",
                   "--output", "nameless")
        features = [line.rsplit(",", 1)[0]
                    for line in (self.here / "nameless.csv").read_text().splitlines()]
        (self.here / "features.csv").write_text("\n".join(features) + "\n")
        for data in ["nameless.csv", "features.csv"]:
            self.right("predict", "--run", "nameless", "--data", data, "--output", "found.csv")
            found = [row["class"] for row in self.rows("found.csv")]
            right = sum(one == other for one, other in zip(found, wanted, strict=True))
            self.assertGreater(right, 180, data)

    def test_ten_thousand_columns(self):
        chance = random.Random(2)
        names = [f"gene_{column:06}" for column in range(10_000)]
        rows = [",".join(str(chance.randrange(9)) for _ in names) + f",{'ab'[row % 2]}"
                for row in range(12)]
        (self.here / "genes.csv").write_text("\n".join([",".join([*names, "kind"]), *rows]) + "\n")
        self.right("train", "--data", "genes.csv", "--network", "linear", "--epochs", "1",
                   "--output", "genes")

    def test_a_header_that_a_network_includes_is_seen_to_change(self):
        self.points("header.csv", 60)
        (self.here / "sizes.hpp").write_text("constexpr int hidden = 5;\n")
        (self.here / "net.hpp").write_text(
            '#include <lamina/lamina.hpp>\n#include "sizes.hpp"\nusing Net = lamina::Network<'
            "lamina::Input<2>, lamina::Linear<hidden>, lamina::Tanh, lamina::Linear<2>, "
            "lamina::CrossEntropy<>>;\n")
        train = ["train", "--data", "header.csv", "--network", "net.hpp", "--epochs", "1"]
        for hidden, said in [(5, True), (5, False), (50, True)]:
            (self.here / "run").exists() and shutil.rmtree(self.here / "run")
            if hidden == 50:
                (self.here / "sizes.hpp").write_text("constexpr int hidden = 50;\n")
            result = self.lamina(*train)
            self.assertEqual("Compiling" in result.err, said, result.err)
            self.assertIn(f"{hidden * 5 + 2} parameters", result.out)


if __name__ == "__main__":
    if PROGRAM is None:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as cache:
        os.environ.update(XDG_CACHE_HOME=cache, CXXFLAGS=os.environ.get("CXXFLAGS", "-O1"))
        unittest.main(verbosity=2)
