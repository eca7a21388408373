"""Directories of images and sounds, a folder for each class."""

import random
import struct
import wave
import zlib

from user import Case

SIDE = 12


def write_png(path, side, value):
    """A gray image of the pixels value(x, y)."""
    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))
    lines = b"".join(b"\0" + bytes(value(x, y) for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def write_wav(path, length, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, length, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", value(at)) for at in range(length)))


class Folders(Case):
    pictures = False

    @classmethod
    def write_image(cls, path, kind, chance):
        """Bright on the left or on the right, of one of two sizes."""
        side = chance.choice([SIDE, 2 * SIDE])
        write_png(path, side, lambda x, y: chance.randrange(150, 256)
                  if (x < side // 2) == (kind == "left") else chance.randrange(100))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chance = random.Random(1)
        for part, count in [("train", 40), ("test", 10)]:
            for kind in ["left", "right"]:
                for at in range(count):
                    cls.write_image(cls.here / "sides" / part / kind / f"{at:02}.png", kind, chance)
        cls.sized = ["--data", "sides", "--network", "linear", "--image-size", str(SIDE)]
        cls.first = cls().lamina("train", *cls.sized, "--epochs", "10", "--output", "run")

    def test_one_folder_is_trained_on_and_the_other_measured(self):
        self.assertEqual(self.first.code, 0, self.first.err)
        self.assertIn("on 64 samples of 12 x 12 in 2 classes, validating on 16", self.first.out)
        out = self.right("evaluate", "--run", "run", "--data", "sides")
        self.assertIn("20 samples", out)
        self.assertEqual(self.number("accuracy", out), 1)

    def test_classes_have_the_names_of_their_folders(self):
        chance = random.Random(2)
        kinds = ["right", "left", "left", "right"]
        for at, kind in enumerate(kinds):  # without folders, and of any size
            self.write_image(self.here / "new" / f"{at}.png", kind, chance)
        self.right("predict", "--run", "run", "--data", "new", "--output", "found.csv")
        self.assertEqual([row["class"] for row in self.rows("found.csv")], kinds)
        self.assertEqual(list(self.rows("found.csv")[0]),
                         ["class", "probability of left", "probability of right"])
        # A part of the classes keeps its labels.
        for at in range(4):
            self.write_image(self.here / "part" / "right" / f"{at}.png", "right", chance)
        out = self.right("evaluate", "--run", "run", "--data", "part")
        self.assertEqual(self.number("accuracy", out), 1)

    def test_sounds_are_signals(self):
        chance = random.Random(3)
        for kind in ["early", "late"]:
            for at in range(40):
                length = chance.randrange(120, 160)
                write_wav(self.here / "sounds" / kind / f"{at}.wav", length, lambda at: chance.randrange(
                    10_000, 20_000) if (at < 70) == (kind == "early") else chance.randrange(5000))
        out = self.right("train", "--data", "sounds", "--network", "linear", "--length", "144",
                         "--epochs", "20", "--output", "heard")
        self.assertIn("on 64 samples of 1 x 144 in 2 classes", out)
        self.assertGreater(self.number("accuracy", out), 0.9)

    def test_wrong_files_are_named(self):
        chance = random.Random(4)
        for kind in ["left", "up"]:
            self.write_image(self.here / "strange" / kind / "a.png", kind, chance)
        self.write_image(self.here / "damaged" / "left" / "a.png", "left", chance)
        damaged = self.here / "damaged" / "left" / "a.png"
        damaged.write_bytes(damaged.read_bytes()[:-30])
        (self.here / "empty" / "left").mkdir(parents=True)
        before = self.files()
        evaluate = ["evaluate", "--run", "run", "--data"]
        self.wrong(1, 'strange/up: expected one of the 2 classes given .*found "?.?up', *evaluate,
                   "strange")
        self.wrong(1, "damaged/left/a.png", *evaluate, "damaged")
        self.wrong(1, "empty: expected images .* or sounds .*, found none", *evaluate, "empty")
        train = ["train", "--network", "linear", "--output", "never", "--data"]
        self.wrong(1, r"sides/train/left/\d\d.png: .*12 x 12.*24 x 24|24 x 24.*12 x 12", *train,
                   "sides")
        for size in ["0", "12x", "x12", "-4", "12x0", "12 x 12"]:
            self.wrong(2, "--image-size: expected a number such as 32, or HEIGHTxWIDTH, found", *
                       train, "sides", "--image-size", size)
        self.wrong(2, "--image-size says how a directory of images is read; moons is none", *train,
                   "moons", "--image-size", "12")
        self.wrong(2, "--rate and --length say how a directory of sounds is read; sides is none",
                   *train, "sides", "--length", "12")
        self.assertEqual(self.files(), before)
