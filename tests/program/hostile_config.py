"""A configuration that somebody has edited."""

import json
import re
import shutil

from user import Case

LONG = "x" * 100_000


class HostileConfig(Case):
    """Every field of config.json is checked when it is read."""

    pictures = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, data in [("classes", "moons"), ("numbers", "numbers.csv")]:
            (cls.here / "numbers.csv").write_text("a,b,sum\n" + "".join(
                f"{at % 7}.5,{at % 11},{at % 7 + at % 11}.25\n" for at in range(60)))
            cls.train_run("--data", data, "--epochs", "2", "--output", name)

    def edited(self, run, path, value):
        """A copy of a run with another value of a field; None: without the field."""
        shutil.rmtree(self.here / "edited", ignore_errors=True)
        shutil.copytree(self.here / run, self.here / "edited")
        file = self.here / "edited" / "config.json"
        config = json.loads(file.read_text())
        *outer, name = path.split(".")
        place = config
        for each in outer:
            place = place[each]
        if value is None:
            del place[name]
        else:
            place[name] = value
        file.write_text(json.dumps(config))

    def refused(self, sentence, *command):
        before = self.files()
        result = self.lamina(*command)
        self.assertEqual(result.code, 1, result.err)
        self.assertRegex(result.err, sentence)
        self.assertRegex(result.err, r"\Alamina: [^\x00-\x1f\x7f\x80-\x9f]{1,1000}\n\Z")
        self.assertEqual(self.files(), before)

    def test_every_field_is_checked(self):
        wrong = {"data": [7, "", "a\x1b[2J"], "target": [[], "\x1b"], "task": ["bogus", 7],
                 "table": [[], "x"], "table.delimiter": ["", ",,", 1], "table.header": ["maybe"],
                 "table.missing": ["", None], "folder": [[], "x"],
                 "folder.height": [-1, 1.5], "folder.width": [7], "folder.channels": [2, 4, None],
                 "folder.rate": [-1, "x"], "folder.length": [-1, 2**31], "network": ["mlq", "\x9b"],
                 "network_source": ["", {}, "\x00"], "network_directory": ["beside", "/a\nb"],
                 "augment": [7, None, "\x1b"], "optimizer": ["adamm", None], "schedule": ["two-cycle", LONG],
                 "learning_rate": [0, -1, "0.1", 1e39, None], "epochs": [0, 1.5, 2147483648, True],
                 "batch_size": [1, -3, 2**40], "patience": [-1, []], "validation": [-0.1, 0.95],
                 "seed": [-1, 1e3, 2**64, None], "threads": [-1, 2**31],
                 "description": [[], None], "description.task": ["bogus", 7],
                 "description.samples": [0, -5, 1.0], "description.features": [0, 2**31],
                 "description.shape": [2, [2], [2, 1.5, 1], [2, 0, 1], [4, 1, 1], [2**31, 1, 1]],
                 "description.outputs": [0, 1, 10**9], "description.checksum": [2**32, "x"],
                 "description.feature_names": [["a"], ["a", 7], "a"],
                 "description.class_names": [["a", "b", "c"], ["a", "\x1b"]],
                 "description.target_names": [["a", "b"]],
                 "description.target_means": [[1.0]], "description.target_deviations": [[1.0]],
                 "description.feature_fills": [[1.0, 2.0], 0], "surprise": [1]}
        first = json.loads((self.here / "classes" / "config.json").read_text())
        fields = {*first, *(f"description.{name}" for name in first["description"]),
                  *(f"table.{name}" for name in first["table"]),
                  *(f"folder.{name}" for name in first["folder"])}
        self.assertEqual(fields - set(wrong), set())
        for path, values in wrong.items():
            for value in values:
                with self.subTest(path=path, value=str(value)[:20]):
                    self.edited("classes", path, value)
                    self.refused(rf"edited/config\.json: {re.escape(path)}\b.*: expected .*, "
                                 "found ", "plot", "--run", "edited")

    def test_scales_of_targets_are_whole(self):
        for path, value in [("target_means", [1.0]), ("target_means", []),
                            ("target_deviations", [0.0]), ("target_deviations", [-1.0, 2.0]),
                            ("class_names", ["a"]), ("outputs", 2)]:
            self.edited("numbers", f"description.{path}", value * 2 if value == [1.0] else value)
            self.refused(r"edited/config\.json: description\.[^ ]+: expected .*, found ",
                         "evaluate", "--run", "edited", "--data", "numbers.csv")

    def test_the_network_has_what_the_configuration_says(self):
        self.edited("classes", "description.outputs", 9)
        self.refused(r"config\.json: description\.outputs: expected 2 as the network has, found 9",
                     "evaluate", "--run", "edited", "--data", "moons")

    def test_what_is_no_object_with_fields_of_one_name(self):
        whole = (self.here / "classes" / "config.json").read_bytes()
        twice = whole.replace(b'"seed"', b'"seed": 1, "seed"', 1)
        for content, sentence in [
                (b"", "in JSON"), (whole[:-20], "in JSON"), (b"[1]", "expected an object"),
                (twice, "seed: expected one field of that name, found two"),
                (b"{" * 100_000, "in JSON"), (whole + b"\0x", "byte of zero"),
                (b"\xff" + whole, "in JSON")]:
            self.edited("classes", "seed", 42)
            (self.here / "edited" / "config.json").write_bytes(content)
            self.refused(rf"edited/config\.json: .*{sentence}", "plot", "--run", "edited")

    def test_a_run_goes_on_as_it_began(self):
        for path, value in [("network", "mlp"), ("network_source", "int x;"), ("seed", 7),
                            ("batch_size", 64), ("schedule", "cosine"), ("optimizer", "sgd"),
                            ("augment", "Noise<0.1>"), ("folder.channels", 1),
                            ("learning_rate", 0.5), ("epochs", 3), ("patience", 1),
                            ("validation", 0.5), ("description.samples", 7),
                            ("description.checksum", 7), ("description.class_names", ["a", "b"])]:
            with self.subTest(path=path):
                self.edited("classes", path, value)
                self.refused(rf"edited/config\.json: {re.escape(path)}: expected .* as the run "
                             "began, found ", "train", "--output", "edited", "--resume")
        self.edited("classes", "data", "blobs")
        self.refused(r"edited/config\.json: data: blobs: expected the .* the run began with",
                     "train", "--output", "edited", "--resume")
        self.edited("classes", "threads", 1)
        self.right("train", "--output", "edited", "--resume")

    def test_names_that_no_run_could_be_read_with_begin_none(self):
        (self.here / "esc.csv").write_text("a,b,kind\n" + "1,2,\x1b[2J\n3,4,x\n" * 4)
        self.refused(r"esc\.csv: description\.class_names\[0\]: expected a text without control",
                     "train", "--data", "esc.csv", "--network", "linear", "--output", "new")
