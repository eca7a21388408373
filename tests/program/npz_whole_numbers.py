"""NPZ files whose classes are not integers of the shape (n)."""

import random
import zipfile

from tables import array
from user import Case


class NpzWholeNumbers(Case):
    """--task classification takes whole numbers of any type, in a column of their own, too."""

    pictures = False

    def write(self, name, kind, letter, values, shape):
        chance = random.Random(1)
        rows = [(chance.uniform(0.1, 1) * (2 * value - 1), chance.gauss(0, 1)) for value in values]
        with zipfile.ZipFile(self.here / name, "w") as file:
            file.writestr("x.npy", array("<f4", "f", [x for row in rows for x in row],
                                         (len(values), 2)))
            file.writestr("y.npy", array(kind, letter, values, shape))

    def test_whole_numbers_are_classes(self):
        values = [at % 2 for at in range(300)]
        files = {"floats.npz": ("<f8", "d", (300,)), "column.npz": ("|u1", "B", (300, 1)),
                 "plain.npz": ("<i8", "q", (300,))}
        for name, (kind, letter, shape) in files.items():
            self.write(name, kind, letter, values, shape)
            out = self.right("train", "--data", name, "--task", "classification", "--network",
                             "linear", "--epochs", "20", "--output", f"run_{name}")
            self.assertIn("in 2 classes", out)
            self.assertGreater(self.number("accuracy", out), 0.9)
        for name in files:
            out = self.right("evaluate", "--run", "run_plain.npz", "--data", name)
            self.assertGreater(self.number("accuracy", out), 0.9)

    def test_others_are_none(self):
        wrong = [("half.npz", "<f8", "d", [0, 1, 0.5], (3,), "0.5 as that of sample 2"),
                 ("negative.npz", "<f8", "d", [0, -1, 1], (3,), "-1 as that of sample 1"),
                 ("many.npz", "<f8", "d", [0, 1, 1e9], (3,), r"1e\+09 as that of sample 2"),
                 ("pairs.npz", "<i8", "q", [0, 1, 1, 0, 1, 1], (3, 2), "2 numbers a sample")]
        for name, kind, letter, values, shape, found in wrong:
            with zipfile.ZipFile(self.here / name, "w") as file:
                file.writestr("x.npy", array("<f4", "f", range(6), (3, 2)))
                file.writestr("y.npy", array(kind, letter, values, shape))
            self.wrong(1, f"{name}: expected whole numbers from 0 as classes "
                       rf"\(--task classification\), found {found}", "train", "--data", name,
                       "--task", "classification")
        self.assertFalse((self.here / "run").exists())
