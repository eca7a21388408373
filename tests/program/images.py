"""Images: ready networks and one's own over them, and pictures of what these see."""

import random
import signal
import struct
import time
import zipfile

from tables import array
from user import Case

SIDE = 12
OWN = ("Network<Input<1, 12, 12>, Standardize, Conv2d<3, Kernel<3>>, ReLU, MaxPool<2>, Flatten, "
       "Linear<2>, CrossEntropy<>>")
PICTURES = ["history", "confusion", "weights", "activations", "filters", "feature_maps"]


def stripes(count, seed, channels=0, side=SIDE):
    """Images with a bright line across (class 0) or down (class 1), as bytes, and the classes."""
    chance = random.Random(seed)
    pixels, labels = [], []
    for _ in range(count):
        label, place = chance.randrange(2), chance.randrange(side)
        for _ in range(max(channels, 1)):
            for y in range(side):
                for x in range(side):
                    on = place == (x if label else y)
                    pixels.append(chance.randrange(200, 256) if on else chance.randrange(60))
        labels.append(label)
    return pixels, labels


class ImageCase(Case):
    @classmethod
    def write_npz(cls, name, count, seed, channels=0, side=SIDE, shape=None):
        pixels, labels = stripes(count, seed, channels, side)
        shape = shape or ((count, channels, side, side) if channels else (count, side, side))
        with zipfile.ZipFile(cls.here / name, "w") as file:
            file.writestr("x.npy", array("|u1", "B", pixels, shape))
            file.writestr("y.npy", array("<i8", "q", labels, (count,)))
        return labels

    @classmethod
    def write_idx(cls, name, parts):
        """A directory in MNIST's layout: the training and the test part."""
        (cls.here / name).mkdir()
        for part, count, seed in parts:
            pixels, labels = stripes(count, seed)
            images = cls.here / name / f"{part}-images-idx3-ubyte"
            images.write_bytes(struct.pack(">4I", 2051, count, SIDE, SIDE) + bytes(pixels))
            classes = cls.here / name / f"{part}-labels-idx1-ubyte"
            classes.write_bytes(struct.pack(">2I", 2049, count) + bytes(labels))


class OwnImageNetwork(ImageCase):
    """A network type of one's own, from its first epoch to pictures of a sample."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_npz("stripes.npz", 300, 1)
        cls.train = ["train", "--data", "stripes.npz", "--network", OWN, "--epochs", "20"]
        cls.first = cls().lamina(*cls.train, "--output", "run")

    def test_it_learns(self):
        self.assertEqual(self.first.code, 0, self.first.err)
        self.assertIn("for samples of 12 x 12 and 2 classes", self.first.err)
        self.assertIn("on 240 samples of 12 x 12 in 2 classes", self.first.out)
        self.assertGreater(self.number("accuracy", self.first.out), 0.9)
        self.expect_pictures(self.here / "run" / "pictures", *PICTURES)

    def test_it_is_measured_and_used_on_other_images(self):
        labels = self.write_npz("new.npz", 100, 2)
        out = self.right("evaluate", "--run", "run", "--data", "new.npz")
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.right("predict", "--run", "run", "--data", "new.npz", "--output", "found.csv")
        found = [int(row["class"]) for row in self.rows("found.csv")]
        right = sum(one == other for one, other in zip(found, labels, strict=True))
        self.assertAlmostEqual(right / 100, self.number("accuracy", out))
        # Rows of as many numbers are the same images.
        self.write_npz("rows.npz", 100, 2, shape=(100, SIDE * SIDE))
        self.assertEqual(self.right("evaluate", "--run", "run", "--data", "rows.npz"), out)

    def test_images_of_another_shape_are_refused(self):
        before = self.files()
        for name, shape in [("long.npz", (20, 9, 16)), ("deep.npz", (20, 4, 6, 6))]:
            self.write_npz(name, 20, 3, shape=shape)
            text = " x ".join(map(str, shape[1:]))
            self.wrong(1, f"{name}: expected samples of 12 x 12 as in training, found {text}",
                       "predict", "--run", "run", "--data", name, "--output", "never.csv")
            self.wrong(1, f"{name}: the network expects samples of 12 x 12, found {text}", *
                       self.train[:2], name, *self.train[3:], "--output", "never")
            (self.here / name).unlink()
        self.assertEqual(self.files(), before)

    def test_it_is_described(self):
        self.assertIn("an image of 1 x 12 x 12 -> 2 outputs",
                      self.right("describe", "--run", "run"))

    def test_a_killed_run_goes_on_to_the_same_weights(self):
        process = self.start(*self.train, "--output", "killed")
        deadline = time.monotonic() + 60
        last = self.here / "killed" / "last.safetensors"
        while not last.exists() and process.poll() is None and time.monotonic() < deadline:
            pass
        process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
        self.assertTrue(last.exists(), said)
        self.assertFalse((self.here / "killed" / "history.csv").exists(), "it had ended")
        self.right("train", "--output", "killed", "--resume")
        whole, killed = (self.here / run / "best.safetensors" for run in ("run", "killed"))
        self.assertEqual(killed.read_bytes(), whole.read_bytes())

    def test_its_pictures_are_drawn_again(self):
        pictures = self.here / "run" / "pictures"
        for name in ["filters", "feature_maps"]:
            before = (pictures / f"{name}.gp").read_text()
            for ending in ["svg", "png", "gp"]:
                (pictures / f"{name}.{ending}").unlink()
            self.right("plot", "--run", "run")
            self.assertEqual((pictures / f"{name}.gp").read_text(), before)
        self.expect_pictures(pictures, *PICTURES)

    def test_every_layer_is_drawn_of_a_chosen_sample(self):
        pixels, _ = stripes(300, 1)
        size = SIDE * SIDE
        for sample in [0, 7]:
            out = self.right("plot", "--run", "run", "--data", "stripes.npz", "--sample",
                             str(sample), "--output", f"sample{sample}")
            self.assertEqual(out, f"sample{sample}.svg\nsample{sample}.png\n")
            self.expect_pictures(self.here, f"sample{sample}")
            rows = self.rows(f"sample{sample}.csv")
            self.assertEqual([row["title"].split(",")[0] for row in rows if row["title"]][0],
                             "input: 1 x 12 x 12")
            drawn = [float(row["value"]) for row in rows if row["group"] == "0"]
            self.assertEqual(drawn, pixels[sample * size:(sample + 1) * size])
            groups = [{row["image"] for row in rows if row["group"] == str(group)} - {""}
                      for group in range(4)]
            self.assertEqual([len(images) for images in groups], [1, 3, 3, 2])
        self.assertEqual({row["group"] for row in rows}, {"0", "1", "2", "3"})

    def test_wrong_samples_are_one_sentence(self):
        before = self.files()
        plot = ["plot", "--run", "run"]
        self.wrong(2, "--sample: expected one of the 300 samples of stripes.npz, counted from 0, "
                   "found 300", *plot, "--data", "stripes.npz", "--sample", "300")
        self.wrong(2, "--sample requires --data", *plot, "--sample", "3")
        self.wrong(2, "--output: expected a name for the files of a picture, found .* new/", *plot,
                   "--data", "stripes.npz", "--output", "new/")
        self.wrong(2, "--output: run/history.csv would overwrite the run", *plot, "--data",
                   "stripes.npz", "--output", "run/history")
        self.assertEqual(self.files(), before)


class ReadyImageNetworks(ImageCase):
    """lenet, vgg-small and resnet-small take the shape of the data."""

    pictures = False

    def test_lenet_learns_from_idx_files(self):
        self.write_idx("stripes", [("train", 300, 1), ("t10k", 100, 2)])
        out = self.right("train", "--data", "stripes", "--network", "lenet", "--epochs", "15",
                         "--output", "lenet")
        self.assertIn("Training lenet", out)
        out = self.right("evaluate", "--run", "lenet", "--data", "stripes")
        self.assertIn("100 samples", out)
        self.assertGreater(self.number("accuracy", out), 0.9)

    def test_resnet_learns_from_images_in_color(self):
        self.write_npz("color.npz", 120, 1, channels=3, side=7)
        out = self.right("train", "--data", "color.npz", "--network", "resnet-small", "--epochs",
                         "6", "--output", "resnet")
        self.assertGreater(self.number("accuracy", out), 0.9)

    def test_vgg_has_the_shape_of_the_data(self):
        self.write_npz("four.npz", 20, 1, channels=2, side=9)
        out = self.right("describe", "--data", "four.npz", "--network", "vgg-small")
        self.assertIn("Input<2, 9, 9>", out)
        self.assertIn("image of 2 x 9 x 9 -> 2 outputs", out)
        self.assertIn("64 x 2 x 2 -> 256", out)

    def test_samples_that_are_no_images_are_one_sentence(self):
        (self.here / "points.csv").write_text("a,b,c\n" + "1,2,x\n3,4,y\n" * 4)
        self.write_npz("small.npz", 20, 1, side=11)
        self.write_npz("last.npz", 20, 1, channels=3, shape=(20, SIDE, SIDE, 3))
        before = self.files()
        for data, network, least, found in [
                ("points.csv", "lenet", 12, "2 features"), ("moons", "vgg-small", 4, "2 features"),
                ("points.csv", "resnet-small", 4, "2 features"), ("small.npz", "lenet", 12, "11 x 11"),
                ("last.npz", "resnet-small", 4, "12 x 12 x 3")]:
            self.wrong(2, f"--network: {network} takes images of {least} x {least} pixels and more, "
                       rf"from IDX files or NPZ arrays \(samples, height, width\) or \(samples, "
                       rf"channels, height, width\), found samples of {found}", "train", "--data",
                       data, "--network", network)
        self.wrong(2, "--data is required.*'lenet'", "describe", "--network", "lenet")
        self.assertEqual(self.files(), before)
