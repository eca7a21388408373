"""A run from its beginning to its pictures."""

import json
import random
import re
import signal
import time

from user import Case

OWN = "Network<Input<2>, Standardize, Linear<8>, Tanh, Linear<2>, CrossEntropy<>>"
PICTURES = ["history", "confusion", "decision_boundary", "weights", "activations"]


class Moons(Case):
    """A run on two moons, with a network type of one's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.train = ["train", "--data", "moons", "--network", OWN, "--seed", "7"]
        cls.first = cls().lamina(*cls.train, "--output", "run", "--epochs", "30")

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

    def test_predictions_never_overwrite_a_run(self):
        before = self.files()
        for name in ["config.json", "best.safetensors", "last.safetensors", "history.csv"]:
            self.wrong(2, f"--output: run/{name} would overwrite the run", "predict", "--data",
                       "moons", "--output", f"run/{name}")
        self.assertEqual(self.files(), before)

    def test_a_run_that_failed_at_once_leaves_nothing(self):
        train = [*self.train, "--epochs", "3", "--output", "failed", "--learning-rate"]
        self.wrong(1, "expected a finite loss", *train, "3e38")
        self.assertFalse((self.here / "failed").exists())
        self.right(*train, "0.01")

    def test_predictions_go_where_standard_output_goes(self):
        result = self.lamina("predict", "--data", "moons", "--output", "/dev/stdout")
        self.assertEqual(result.code, 0, result.err)
        lines = result.out.splitlines()
        self.assertEqual((len(lines), lines[0].split(",")[0]), (501, "class"))

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
        own = ("ClipByNorm{Sgd{.learning_rate = 0.1F, .momentum = 0.95F, .nesterov = true}, "
               "1.0F}")
        out = self.right(*train, own, "--output", "sgd")
        self.assertIn("learning rate 0.1 (one-cycle)", out)
        self.assertGreater(self.number("accuracy", out), 0.95)
        self.assertEqual(json.loads((self.here / "sgd/config.json").read_text())["learning_rate"],
                         0.1)
        out = self.right(*train, own, "--learning-rate", "0.02", "--output", "clipped")
        self.assertIn("learning rate 0.02", out)
        self.wrong(2, "--optimizer: .*momentun", *train, "Sgd{.momentun = 0.9F}", "--output", "new")
        self.wrong(2, "--optimizer: Average has no effect", *train, "Average{Adam{}, 0.9F}",
                   "--output", "new")
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
        whole = [*self.train, "--epochs", "50", "--validation", "0.5"]
        self.right(*whole, "--output", "whole")
        wanted = {name: (self.here / "whole" / name).read_bytes()
                  for name in ("best.safetensors",)}
        chance = random.Random(3)
        killed = 0
        for attempt in range(4):
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
        (self.here / "three.csv").write_text("a,b,c,kind\n" + "1,2,3,x\n4,5,6,y\n" * 4)
        self.wrong(1, "three.csv: the network expects 2 features, found 3", "train", "--data",
                   "three.csv", "--network", OWN, "--output", "new")
        self.assertFalse((self.here / "new").exists())
