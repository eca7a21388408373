"""Augmentations: lists of one's own that training and predictions go through."""

import json
import random
import struct

from images import SIDE, ImageCase

MIRROR = "Flip<Horizontal, Chance<1.0>>"


def halves(count, seed):
    """Images that are bright on the left (class 0) or on the right (class 1), and the classes."""
    chance = random.Random(seed)
    pixels, labels = [], []
    for _ in range(count):
        label = chance.randrange(2)
        for at in range(SIDE * SIDE):
            on = (at % SIDE >= SIDE // 2) == bool(label)
            pixels.append(chance.randrange(150, 256) if on else chance.randrange(100))
        labels.append(label)
    return pixels, labels


class Augmented(ImageCase):
    """A run that sees its training samples mirrored, so that each class looks like the other."""

    pictures = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.here / "halves").mkdir()
        for part, count, seed in [("train", 200, 1), ("t10k", 100, 2)]:
            pixels, cls.labels = halves(count, seed)
            images = cls.here / "halves" / f"{part}-images-idx3-ubyte"
            images.write_bytes(struct.pack(">4I", 2051, count, SIDE, SIDE) + bytes(pixels))
            classes = cls.here / "halves" / f"{part}-labels-idx1-ubyte"
            classes.write_bytes(struct.pack(">2I", 2049, count) + bytes(cls.labels))
        cls.train = ["train", "--data", "halves", "--network", "linear", "--epochs", "5",
                     "--augment", MIRROR]
        cls.first = cls().lamina(*cls.train, "--output", "run")

    def test_training_samples_are_changed_and_others_are_not(self):
        self.assertEqual(self.first.code, 0, self.first.err)
        self.assertIn(f"augmented by {MIRROR}", self.first.out)
        self.assertLess(self.number("accuracy", self.first.out), 0.1)
        out = self.right("evaluate", "--run", "run", "--data", "halves")
        self.assertLess(self.number("accuracy", out), 0.1)
        config = json.loads((self.here / "run" / "config.json").read_text())
        self.assertEqual(config["augment"], MIRROR)

    def test_draws_of_samples_are_predicted(self):
        drawn = ["--run", "run", "--data", "halves", "--augment", MIRROR, "--draws", "2"]
        out = self.right("evaluate", *drawn)
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.assertNotIn("loss", out)  # which is of samples, not of means over draws
        self.right("predict", *drawn, "--output", "found.csv")
        found = [int(row["class"]) for row in self.rows("found.csv")]
        right = sum(one == other for one, other in zip(found, self.labels, strict=True))
        self.assertAlmostEqual(right / 100, self.number("accuracy", out))

    def test_the_same_seed_draws_the_same(self):
        best = (self.here / "run" / "best.safetensors").read_bytes()
        self.right(*self.train, "--threads", "1", "--output", "again")
        self.assertEqual((self.here / "again" / "best.safetensors").read_bytes(), best)

    def test_what_is_wrong_is_one_sentence(self):
        self.write_npz("bytes.npz", 40, 1)
        before = self.files()
        of_halves = ["train", "--data", "halves", "--network", "linear", "--output", "never"]
        self.wrong(2, "--augment: entry 2: Rotate<400> needs degrees between", *of_halves,
                   "--augment", f"{MIRROR}, Rotate<400>")
        self.wrong(1, "--augment: expected a list that keeps the extents of samples, 12 x 12, found "
                   "one that gives 8 x 8; .*--image-size", *of_halves, "--augment", "CenterCrop<8>")
        self.wrong(1, "bytes.npz: expected images of values from 0 to 1 to augment, found [0-9]+; divide", *
                   self.train[:2], "bytes.npz", *self.train[3:], "--output", "never")
        self.wrong(2, "--augment: expected items", *of_halves, "--augment", " ")
        predict = ["predict", "--run", "run", "--data", "halves"]
        self.wrong(2, "--draws requires --augment", *predict, "--draws", "2")
        self.wrong(2, "--augment: Except<...> goes by the class of a sample, which is to be predicted",
                   *predict, "--augment", "Except<Classes<0>, Rotate<5>>")
        self.assertEqual(self.files(), before)


class ContactSheet(ImageCase):
    """`lamina augment` draws what a list makes of samples."""

    def test_a_row_has_a_sample_and_its_draws(self):
        pixels, labels = halves(20, 1)
        (self.here / "halves").mkdir()
        for part in ["train", "t10k"]:
            images = self.here / "halves" / f"{part}-images-idx3-ubyte"
            images.write_bytes(struct.pack(">4I", 2051, 20, SIDE, SIDE) + bytes(pixels))
            classes = self.here / "halves" / f"{part}-labels-idx1-ubyte"
            classes.write_bytes(struct.pack(">2I", 2049, 20) + bytes(labels))
        command = ["augment", "--data", "halves", "--augment", MIRROR]
        out = self.right(*command, "--samples", "2", "--draws", "3", "--output", "sheet.png")
        self.assertEqual(out, "sheet.svg\nsheet.png\n")
        self.expect_pictures(self.here, "sheet")
        rows = self.rows("sheet.csv")
        firsts = sorted(labels.index(label) for label in [0, 1])
        self.assertEqual([row["title"] for row in rows if row["title"]],
                         [f"sample {at}: class {labels[at]}" for at in firsts])
        for group, at in enumerate(firsts):
            image = pixels[at * SIDE * SIDE:(at + 1) * SIDE * SIDE]
            mirrored = [image[y * SIDE + SIDE - 1 - x] for y in range(SIDE) for x in range(SIDE)]
            for tile, wanted in enumerate([image, *[mirrored] * 3]):
                drawn = [int(row["red"]) for row in rows
                         if row["group"] == str(group) and row["image"] == str(tile)]
                self.assertEqual(drawn, wanted)
        before = self.files()
        self.wrong(1, "moons: expected images in gray or of 3 channels, found samples of 2 features",
                   "augment", "--data", "moons", "--augment", MIRROR)
        self.wrong(2, "--augment is required", "augment", "--data", "halves")
        self.wrong(2, "--samples", *command, "--samples", "65")
        self.assertEqual(self.files(), before)
