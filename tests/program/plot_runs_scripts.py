"""Scripts that somebody has put into a run's directory."""

import csv
import json

from user import Case

PICTURES = ["history", "confusion", "decision_boundary", "weights", "activations"]


class PlotRunsScripts(Case):
    """`lamina plot` runs none of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.train_run("--data", "moons", "--epochs", "3", "--output", "run")
        cls.pictures = cls.here / "run" / "pictures"

    def test_scripts_are_written_anew(self):
        written = {name: (self.pictures / f"{name}.gp").read_bytes() for name in PICTURES}
        data = {name: (self.pictures / f"{name}.csv").read_bytes() for name in PICTURES}
        for name in [*PICTURES, "another"]:
            script = self.pictures / f"{name}.gp"
            text = script.read_text() if script.exists() else written["weights"].decode()
            first, rest = text.split("\n", 1)
            script.write_text(f'{first}\nsystem("touch OWNED")\n{rest}')
            (self.pictures / f"{name}.svg").unlink(missing_ok=True)
        self.right("plot", "--run", "run")
        self.assertEqual([*self.here.rglob("OWNED")], [])
        self.expect_pictures(self.pictures, *PICTURES)
        self.assertFalse((self.pictures / "another.svg").exists())
        for name in PICTURES:
            self.assertEqual((self.pictures / f"{name}.gp").read_bytes(), written[name], name)
            self.assertEqual((self.pictures / f"{name}.csv").read_bytes(), data[name], name)
        (self.pictures / "another.gp").unlink()

    def test_what_stands_in_the_data_stays_text(self):
        hostile = '\'.system("touch OWNED").\'`touch OWNED`@x'
        before = {path: path.read_bytes() for path in self.pictures.iterdir()}
        config = self.here / "run" / "config.json"
        whole = config.read_bytes()
        for name, places in [("weights", lambda row, column: row > 0 and column >= 5),
                             ("history", lambda row, column: row == 0 and column >= 5),
                             ("confusion", lambda row, column: row > 0 and column >= 4)]:
            with (self.pictures / f"{name}.csv").open(newline="") as file:
                rows = list(csv.reader(file))
            changed = [[hostile if places(row, column) else field
                        for column, field in enumerate(fields)] for row, fields in enumerate(rows)]
            self.assertNotEqual(changed, rows)
            with (self.pictures / f"{name}.csv").open("w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(changed)
        edited = json.loads(whole)
        edited["description"]["feature_names"] = [hostile, "\n" + hostile]
        edited["description"]["class_names"] = [hostile, "b"]
        config.write_text(json.dumps(edited))
        self.right("plot", "--run", "run")
        self.assertEqual([*self.here.rglob("OWNED")], [])
        config.write_bytes(whole)
        for path, content in before.items():
            path.write_bytes(content)

    def test_wrong_data_are_one_sentence(self):
        for name, old, new, sentence in [
                ("weights", "\n0,", "\nzero,", r"weights\.csv:2: expected a number in column histo"),
                ("weights", "\n0,", "\n7,", r"weights\.csv:2: expected a whole number from 0 to 0"),
                ("history", "epoch,", "\x1b[2J,", r"history\.csv:1: expected the names of the col"),
                ("history", "\n1,", "\n1e999,", r"history\.csv:2: expected a number in column epo"),
                ("confusion", "\n1,1,", "\n1,", r"confusion\.csv:5: expected a .*number")]:
            path = self.pictures / f"{name}.csv"
            before = path.read_text()
            self.assertIn(old, before)
            path.write_text(before.replace(old, new, 1))
            self.wrong(1, sentence, "plot", "--run", "run")
            path.write_text(before)
