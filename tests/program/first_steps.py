"""Help, errors, and what the pages promise."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

from user import PROGRAM, Case

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
COMMANDS = ["train", "evaluate", "predict", "find-lr", "plot", "augment", "describe", "demo", "bench"]
IMAGES = pathlib.Path("/usr/share/datasets/fashion-mnist")


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
        self.wrong(2, "finite", "train", "--data", "moons", "--learning-rate", "1e39")
        for seed in ["-1", "99999999999999999999", "one"]:
            self.wrong(2, f"--seed: expected a whole number from 0 to .*found {seed}", "train",
                       "--data", "moons", "--seed", seed)
        self.wrong(2, "--validation: expected a share of the 1000 samples", "train", "--data",
                   "moons", "--network", "linear", "--validation", "0.0001")
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
