"""Class maps: networks of one's own that judge every pixel, from NPZ files to NPZ files."""

import ast
import random
import struct
import zipfile

from tables import array
from user import Case

SIDE, IGNORED = 8, 255
OWN = ("Network<Input<1, 8, 8>, Conv2d<8, Kernel<3>, Same>, ReLU, Conv2d<2, Kernel<3>, Same>, "
       "CrossEntropy<{}>>")


def bars(count, seed, ignored=False):
    """Dark images with a bright bar across, and of every pixel whether it is on the bar; the edge is ignored."""
    chance = random.Random(seed)
    pixels, labels = [], []
    for _ in range(count):
        place = chance.randrange(SIDE - 1)
        for y in range(SIDE):
            for x in range(SIDE):
                on = y in (place, place + 1)
                pixels.append(chance.uniform(0.7, 1) if on else chance.uniform(0, 0.3))
                edge = y in (0, SIDE - 1) or x in (0, SIDE - 1)
                labels.append(IGNORED if ignored and edge else int(on))
    return pixels, labels


def values_of(path, name):
    """Shape and values of an array of an NPZ file."""
    with zipfile.ZipFile(path) as file:
        content = file.read(name + ".npy")
    size = struct.unpack("<H", content[8:10])[0]
    header = ast.literal_eval(content[10:10 + size].decode())
    letter = {"<i8": "q", "<f4": "f"}[header["descr"]]
    values = content[10 + size:]
    return header["shape"], struct.unpack(f"<{len(values) // struct.calcsize(letter)}{letter}", values)


class ClassMaps(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write("bars.npz", bars(120, 1), (120, SIDE, SIDE))
        cls.write("new.npz", bars(30, 2), (30, SIDE, SIDE))
        cls.first = cls().lamina("train", "--data", "bars.npz", "--network", OWN.format(""), "--epochs",
                                 "10", "--output", "run")

    @classmethod
    def write(cls, name, samples, map_shape, kind=("|u1", "B")):
        pixels, labels = samples
        with zipfile.ZipFile(cls.here / name, "w") as file:
            file.writestr("x.npy", array("<f4", "f", pixels, (len(pixels) // SIDE**2, 1, SIDE, SIDE)))
            file.writestr("y.npy", array(*kind, labels, map_shape))

    def test_it_learns(self):
        self.assertEqual(self.first.code, 0, self.first.err)
        self.assertIn("and class maps of 8 x 8 (once)", self.first.err)
        self.assertIn("on 96 samples of 8 x 8 with maps of 2 classes", self.first.out)
        self.assertGreater(self.number("accuracy", self.first.out), 0.95)
        self.assertGreater(self.number("intersection_over_union", self.first.out), 0.9)
        self.assertIn("intersection_over_union", (self.here / "run" / "history.csv").read_text())
        self.expect_pictures(self.here / "run" / "pictures", "history", "confusion", "feature_maps")

    def test_it_is_measured_and_used(self):
        out = self.right("evaluate", "--run", "run", "--data", "new.npz")
        self.assertIn("30 samples", out)
        _, wanted = bars(30, 2)
        self.right("predict", "--run", "run", "--data", "new.npz", "--output", "found.npz")
        shape, classes = values_of(self.here / "found.npz", "classes")
        self.assertEqual(shape, (30, SIDE, SIDE))
        right = sum(one == other for one, other in zip(classes, wanted, strict=True))
        self.assertAlmostEqual(right / len(wanted), self.number("accuracy", out), places=5)
        overlaps = []
        for label in (0, 1):
            pairs = [(one == label, other == label) for one, other in zip(classes, wanted)]
            overlaps.append(sum(a and b for a, b in pairs) / sum(a or b for a, b in pairs))
        self.assertAlmostEqual(sum(overlaps) / 2, self.number("intersection_over_union", out), places=5)

        shape, shares = values_of(self.here / "found.npz", "probabilities")
        self.assertEqual(shape, (30, 2, SIDE, SIDE))
        size = SIDE**2
        for at, found in enumerate(classes):
            first = shares[at // size * 2 * size + at % size]
            second = shares[at // size * 2 * size + size + at % size]
            self.assertAlmostEqual(first + second, 1, places=5)
            self.assertEqual(found, int(second > first))

        self.right("predict", "--run", "run", "--data", "new.npz", "--output", "found.csv")
        rows = self.rows("found.csv")
        self.assertEqual(list(rows[0])[:9], [f"class at 0 {x}" for x in range(8)] + ["class at 1 0"])
        self.assertEqual([int(value) for row in rows for value in row.values()], list(classes))

    def test_a_run_that_goes_on_ends_the_same(self):
        self.right("train", "--data", "bars.npz", "--network", OWN.format(""), "--epochs", "10",
                   "--output", "again")
        (self.here / "again" / "history.csv").unlink()
        self.right("train", "--output", "again", "--resume")
        runs = [(self.here / run / "best.safetensors").read_bytes() for run in ("run", "again")]
        self.assertEqual(*runs)

    def test_an_ignored_label_is_no_class(self):
        self.write("edges.npz", bars(120, 3, True), (120, SIDE, SIDE))
        out = self.right("train", "--data", "edges.npz", "--network", OWN.format("IgnoreLabel<255>"),
                         "--epochs", "10", "--output", "edges")
        self.assertIn("with maps of 2 classes", out)
        self.assertGreater(self.number("accuracy", out), 0.95)
        out = self.right("evaluate", "--run", "edges", "--data", "edges.npz")
        _, wanted = bars(120, 3, True)
        self.right("predict", "--run", "edges", "--data", "edges.npz", "--output", "edges.npz.npz")
        _, classes = values_of(self.here / "edges.npz.npz", "classes")
        seen = [one == other for one, other in zip(classes, wanted, strict=True) if other != IGNORED]
        self.assertAlmostEqual(sum(seen) / len(seen), self.number("accuracy", out), places=5)

    def test_what_does_not_fit_is_one_sentence(self):
        self.write("small.npz", (bars(20, 1)[0], [0, 1] * 360), (20, 6, 6))
        self.write("many.npz", (bars(20, 1)[0], [0, 3] * 10 * 64), (20, SIDE, SIDE))
        self.write("single.npz", (bars(20, 1)[0], [0, 1] * 10), (20,))
        self.write("floats.npz", (bars(20, 1)[0], [0.0] * 20 * 64), (20, SIDE, SIDE), ("<f4", "f"))
        before = self.files()
        train = ["train", "--network", OWN.format(""), "--output", "never", "--data"]
        expects = "the network expects for each sample a class map of 8 x 8, found"
        self.wrong(1, f"small.npz: {expects} a class map of 6 x 6", *train, "small.npz")
        self.wrong(1, f"single.npz: {expects} one label", *train, "single.npz")
        self.wrong(1, "many.npz: the network expects 2 classes at most, found 4", *train, "many.npz")
        self.wrong(1, r'floats.npz, array "y": expected integers as class maps', *train, "floats.npz")
        self.wrong(1, f"small.npz: {expects} a class map of 6 x 6", "evaluate", "--run", "run", "--data",
                   "small.npz")
        self.wrong(1, "many.npz: expected 2 classes at most as in training, found 4 classes", "evaluate",
                   "--run", "run", "--data", "many.npz")
        self.wrong(1, "bars.npz: expected numbers as targets of a regression, found class maps", *train,
                   "bars.npz", "--task", "regression")
        numbers = "Network<Input<1, 8, 8>, Flatten, Linear<2>, MeanSquaredError>"
        self.wrong(1, "bars.npz: the network expects 2 outputs, found class maps, which are for CrossEntropy",
                   "train", "--network", numbers, "--output", "never", "--data", "bars.npz")
        self.wrong(2, "--network: mlp gives one class a sample, bars.npz has for each a class map of 8 x 8",
                   "train", "--data", "bars.npz", "--output", "never")
        self.assertEqual(self.files(), before)
