"""What is written to where no file is."""

import os
import subprocess
import unittest

from runs import OWN
from user import PROGRAM, Case


class Devices(Case):
    """Devices, streams, and streams that are closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.train_run("--data", "moons", "--epochs", "2", "--output", "run")
        cls.predict = ["predict", "--data", "moons", "--output"]

    def shell(self, line):
        return subprocess.run(["sh", "-c", line, PROGRAM], cwd=self.here, capture_output=True,
                              text=True)

    def expect_refusal(self, command, output):
        with self.subTest(command=command, output=output):
            done = self.shell(f'"$0" {" ".join(command)} {output}')
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertRegex(done.stderr, r"\Alamina: [^\n]*\n\Z")

    def test_predictions_go_to_devices(self):
        self.right(*self.predict, "wanted.csv")
        wanted = (self.here / "wanted.csv").read_text()
        self.assertEqual(self.right(*self.predict, "/dev/stdout"), wanted)
        self.right(*self.predict, "/dev/null")
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            done = self.shell(f'echo before > out; "$0" {" ".join(self.predict)} {name} >> out; '
                              "echo after >> out")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((self.here / "out").read_text(), f"before\n{wanted}after\n", name)
        self.wrong(1, "/dev/full: cannot be written", *self.predict, "/dev/full")

    @unittest.skipUnless(os.path.exists("/dev/full"), "/dev/full is not there")
    def test_standard_output_that_takes_nothing_is_an_error(self):
        describe = ["describe", "--network", f"'{OWN}'"]
        evaluate = ["evaluate", "--run", "run", "--data", "moons"]
        train = ["train", "--data", "moons", "--network", "linear", "--output", "new"]
        self.right("describe", "--network", OWN)  # compiles
        for command in (["--help"], ["train", "--help"], ["describe"], describe, evaluate,
                        ["plot", "--run", "run"], [*self.predict, "found.csv"],
                        [*self.predict, "/dev/stdout"], train, ["find-lr", *train[1:5]]):
            self.expect_refusal(command, ">/dev/full")
        for closed in (">&-", ">&- <&-"):
            for command in (["--help"], describe, evaluate, [*self.predict, "/dev/stdout"], train):
                self.expect_refusal(command, closed)
        self.assertFalse((self.here / "new").exists())

    def test_a_link_to_no_file_leads_to_it(self):
        (self.here / "link.csv").symlink_to("meant.csv")
        self.right(*self.predict, "link.csv")
        self.assertTrue((self.here / "link.csv").is_symlink())
        self.assertIn("class", (self.here / "meant.csv").read_text())
