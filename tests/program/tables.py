"""Data of one's own."""

import csv
import json
import random
import statistics
import struct
import subprocess
import zipfile

from user import PROGRAM, Case

SPECIES = ["setosa", "versicolor", "virginica, giant"]


def safetensors(path):
    """The metadata of a file and the numbers of its tensors of floats."""
    raw = path.read_bytes()
    begin = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:begin])
    metadata = header.pop("__metadata__")
    numbers = {}
    for name, tensor in header.items():
        first, last = (begin + offset for offset in tensor["data_offsets"])
        if tensor["dtype"] == "F32":
            numbers[name] = struct.unpack(f"<{(last - first) // 4}f", raw[first:last])
    return metadata, numbers


class Tables(Case):
    """CSV files: classes of text, and numbers in units of their own."""

    def flowers(self, name, rows, columns, seed):
        chance = random.Random(seed)
        wanted = []
        with (self.here / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for _ in range(rows):
                kind = chance.randrange(3)
                wanted.append(SPECIES[kind])
                writer.writerow({"length": round(1.5 + 2 * kind + chance.gauss(0, 0.15), 3),
                                 "width": round(500 + 100 * kind + chance.gauss(0, 15), 3),
                                 "species": SPECIES[kind]})
        return wanted

    def test_classes_keep_their_names(self):
        self.flowers("flowers.csv", 300, ["length", "width", "species"], 1)
        wanted = self.flowers("new.csv", 100, ["width", "length"], 2)
        self.flowers("more.csv", 100, ["species", "width", "length"], 3)
        out = self.right("train", "--data", "flowers.csv", "--target", "species", "--network",
                         "linear", "--epochs", "20", "--output", "flowers")
        self.assertGreater(self.number("accuracy", out), 0.95)
        says, _ = safetensors(self.here / "flowers" / "best.safetensors")
        self.assertEqual(says["task"], "classification")
        self.assertEqual(json.loads(says["features"]), ["length", "width"])
        self.assertEqual(json.loads(says["classes"]), sorted(SPECIES))
        out = self.right("evaluate", "--run", "flowers", "--data", "more.csv")
        self.assertGreater(self.number("accuracy", out), 0.95)
        self.right("predict", "--run", "flowers", "--data", "new.csv", "--output", "found.csv")
        rows = self.rows("found.csv")
        right = sum(row["class"] == name for row, name in zip(rows, wanted, strict=True))
        self.assertGreater(right, 95)
        for row in rows:
            shares = [float(row[f"probability of {name}"]) for name in SPECIES]
            self.assertAlmostEqual(sum(shares), 1, places=5)
            self.assertEqual(SPECIES[shares.index(max(shares))], row["class"])
        before = self.files()
        (self.here / "other.csv").write_text("length,species\n1,setosa\n")
        self.wrong(1, "width", "predict", "--run", "flowers", "--data", "other.csv", "--output",
                   "found.csv")
        (self.here / "other.csv").unlink()
        self.assertEqual(self.files(), before)

    def test_numbers_come_back_in_their_units(self):
        chance = random.Random(5)
        rows = [(chance.uniform(20, 200), chance.uniform(0, 50)) for _ in range(400)]
        lines = [f"{area:.4f},{age:.4f},{3000 * area - 1000 * age + 50000:.2f}"
                 for area, age in rows]
        (self.here / "houses.csv").write_text("\n".join(["area,age,price", *lines]) + "\n")
        out = self.right("train", "--data", "houses.csv", "--network", "linear", "--epochs", "200",
                         "--output", "houses", "--threads", "1")
        self.assertGreater(self.number("r2", out), 0.99)
        self.right("predict", "--run", "houses", "--data", "houses.csv", "--output", "prices.csv")
        found = self.rows("prices.csv")
        for line, row in zip(lines, found, strict=True):
            self.assertLess(abs(float(row["price"]) - float(line.split(",")[2])), 20000)
        # Whoever reads the file, as PyTorch, finds a model that predicts prices, and says so.
        says, tensors = safetensors(self.here / "houses" / "best.safetensors")
        self.assertEqual((says["task"], says["units"]), ("regression", "data"))
        self.assertEqual(json.loads(says["features"]), ["area", "age"])
        self.assertEqual(json.loads(says["targets"]), ["price"])
        for (area, age), row in zip(rows, found, strict=True):
            scaled = [(round(value, 4) - mean) / deviation for value, mean, deviation
                      in zip((area, age), tensors["0.mean"], tensors["0.std"], strict=True)]
            price = tensors["1.bias"][0] + sum(w * x for w, x in zip(tensors["1.weight"], scaled))
            self.assertLess(abs(price - float(row["price"])), 1)  # of a million, in float
        said = self.number("loss", self.right("evaluate", "--run", "houses", "--data", "houses.csv"))
        self.assertLess(said, 0.01)  # of standardized targets, as in training


class Spreadsheets(Case):
    """CSV files with other delimiters, without names, with holes."""

    def rows_with_holes(self, count, seed):
        chance = random.Random(seed)
        for _ in range(count):
            kind = chance.randrange(2)
            yield [f"{chance.gauss(4 * kind, 1):.3f}" if chance.random() < 0.9 else "NA",
                   f"{chance.gauss(50 - 20 * kind, 4):.3f}" if chance.random() < 0.9 else "",
                   ["low", "high"][kind]]

    def test_delimiters_and_holes(self):
        rows = list(self.rows_with_holes(400, 1))
        (self.here / "holes.csv").write_text("".join(";".join(row) + "\n"
                                                     for row in [["p", "q", "kind"], *rows]))
        train = ["train", "--data", "holes.csv", "--delimiter", ";", "--network", "linear",
                 "--epochs", "20", "--output", "holes"]
        self.wrong(1, "holes.csv:1: expected a column beside .* delimiters ','", "train", "--data",
                   "holes.csv")
        self.wrong(1, "holes.csv:.*missing value", *train)
        out = self.right(*train, "--missing", "median")
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.assertEqual(self.medians(rows), self.config("holes")["description"]["feature_fills"])
        (self.here / "new.csv").write_text("q;p\n;-1\n30;\n")
        self.right("predict", "--run", "holes", "--data", "new.csv")
        self.assertEqual([row["class"] for row in self.rows("predictions.csv")], ["low", "high"])

    def medians(self, rows):
        columns = [[float(row[column]) for row in rows if row[column] not in ("", "NA")]
                   for column in range(2)]
        # As the nearest floats.
        return [struct.unpack("f", struct.pack("f", statistics.median(column)))[0]
                for column in columns]

    def config(self, run):
        return json.loads((self.here / run / "config.json").read_text())

    def test_numbers_that_look_like_names(self):
        rows = [["1", "2", "3"], *([str(at), str(-at), "xy"[at % 2]] for at in range(40))]
        (self.here / "years.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
        self.right("train", "--data", "years.tsv", "--delimiter", "tab", "--header", "yes",
                   "--network", "linear", "--epochs", "1", "--output", "years")
        self.assertEqual(self.config("years")["description"]["feature_names"], ["1", "2"])
        self.assertEqual(self.config("years")["description"]["samples"], 40)

    def test_a_run_goes_on_from_anywhere_but_with_the_same_numbers(self):
        rows = [row for row in self.rows_with_holes(60, 3) if "NA" not in row and "" not in row]
        table = self.here / "same.csv"
        table.write_text("".join(",".join(row) + "\n" for row in [["p", "q", "kind"], *rows]))
        self.right("train", "--data", "same.csv", "--network", "linear", "--epochs", "2",
                   "--output", "same")
        (self.here / "elsewhere").mkdir()
        self.right_in("elsewhere", "train", "--output", "../same", "--resume")
        rows[-1][0] = str(float(rows[-1][0]) + 1)
        table.write_text("".join(",".join(row) + "\n" for row in [["p", "q", "kind"], *rows]))
        self.wrong(1, "same.csv: expected the .* that the run began with, found .* other numbers",
                   "train", "--output", "same", "--resume")

    def right_in(self, directory, *arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.here / directory,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


class Targets(Case):
    """Which column is the target, and what it holds."""

    def write(self, name, columns, rows):
        with (self.here / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows({column: row[column] for column in columns} for row in rows)

    def sums(self, count, seed):
        chance = random.Random(seed)
        for at in range(count):
            a, b = chance.randrange(50), chance.randrange(50)
            yield {"a": a, "b": b, "sum": a + b, "more": ["no", "yes"][a > b],
                   "sign": ["0.0", "1.0"][a > b], "at": at}

    def test_the_last_column_of_training_is_found_elsewhere(self):
        rows = list(self.sums(300, 1))
        self.write("first.csv", ["a", "b", "more"], rows)
        self.write("longer.csv", ["more", "b", "a", "sign"], rows)
        self.write("numbers.csv", ["a", "b", "sum"], rows)
        self.write("indexed.csv", ["a", "b", "sum", "at"], rows)
        for task, same, other in [("classification", "first.csv", "longer.csv"),
                                  ("regression", "numbers.csv", "indexed.csv")]:
            self.right("train", "--data", same, "--network", "linear", "--epochs", "20",
                       "--task", task, "--output", task)
            found = [self.number("loss", self.right("evaluate", "--run", task, "--data", data))
                     for data in [same, other]]
            self.assertEqual(found[0], found[1])

    def test_whole_numbers_are_what_one_says(self):
        rows = list(self.sums(300, 2))
        few = [{"a": row["a"] % 2, "b": row["b"] % 2, "sum": row["a"] % 2 + row["b"] % 2}
               for row in rows]
        self.write("ages.csv", ["a", "b", "sum"], few)
        train = ["train", "--data", "ages.csv", "--network", "linear", "--epochs", "60"]
        out = self.right(*train, "--output", "as_classes")
        self.assertIn("3 classes", out)
        out = self.right(*train, "--task", "regression", "--output", "as_numbers")
        self.assertGreater(self.number("r2", out), 0.95)
        self.write("signs.csv", ["a", "b", "sign"], rows)
        out = self.right("train", "--data", "signs.csv", "--network", "linear", "--epochs", "20",
                         "--task", "classification", "--output", "signs")
        self.assertGreater(self.number("accuracy", out), 0.9)

    def test_a_single_array_is_not_enough(self):
        (self.here / "x.npy").write_bytes(array("<f4", "f", [1.0, 2.0], (2, 1)))
        self.wrong(1, "x.npy: expected inputs and targets", "train", "--data", "x.npy")

    def test_arrays_with_a_test_part(self):
        chance = random.Random(4)
        parts = {}
        for part, count in [("train", 200), ("test", 50)]:
            rows = [[chance.gauss(0, 1), chance.gauss(0, 1)] for _ in range(count)]
            parts["x_" + part] = array("<f4", "f", [value for row in rows for value in row],
                                       (count, 2))
            parts["y_" + part] = array("<i8", "q", [int(p > q) for p, q in rows], (count,))
        with zipfile.ZipFile(self.here / "parts.npz", "w") as file:
            for name, data in parts.items():
                file.writestr(name + ".npy", data)
        self.right("train", "--data", "parts.npz", "--network", "linear", "--epochs", "30",
                   "--output", "parts")
        out = self.right("evaluate", "--run", "parts", "--data", "parts.npz")
        self.assertIn("50 samples", out)
        self.assertGreater(self.number("accuracy", out), 0.75)
        self.right("predict", "--run", "parts", "--data", "parts.npz")
        self.assertEqual(len(self.rows("predictions.csv")), 50)


def array(kind, letter, values, shape):
    """An array as numpy.save writes it."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
            + struct.pack(f"<{len(values)}{letter}", *values))


class Unusual(Case):
    """Data and networks that are right, but not what a first example has."""

    def points(self, name, rows, header=True, seed=1):
        chance = random.Random(seed)
        lines = ["p,q,kind"] if header else []
        for _ in range(rows):
            p, q = chance.uniform(-1, 1), chance.uniform(-1, 1)
            lines.append(f"{p:.3f},{q:.3f},{'above' if q > p else 'below'}")
        (self.here / name).write_text("\n".join(lines) + "\n")
        return [line.split(",")[2] for line in lines[header:]]

    def test_one_output_of_a_regression_chooses_between_two_classes(self):
        wanted = self.points("two.csv", 300)
        out = self.right("train", "--data", "two.csv", "--epochs", "60", "--output", "two",
                         "--learning-rate", "0.01",
                         "--network", "Network<Input<2>, Standardize, Linear<1>, MeanSquaredError>")
        self.assertGreater(self.number("accuracy", out), 0.9)
        self.right("predict", "--run", "two", "--data", "two.csv", "--output", "two_found.csv")
        rows = self.rows("two_found.csv")
        self.assertEqual(list(rows[0]), ["class", "score of above", "score of below"])
        right = sum(row["class"] == kind for row, kind in zip(rows, wanted, strict=True))
        self.assertGreater(right, 270)

    def test_more_outputs_than_classes(self):
        self.points("few.csv", 60)
        network = "Network<Input<2>, Standardize, Linear<3>, CrossEntropy<>>"
        self.right("train", "--data", "few.csv", "--epochs", "1", "--learning-rate", "1e-9",
                   "--network", network, "--output", "few")
        self.right("predict", "--run", "few", "--data", "few.csv", "--output", "few_found.csv")
        for row in self.rows("few_found.csv"):
            shares = [float(share) for name, share in row.items() if name != "class"]
            self.assertEqual(len(shares), 3)
            self.assertAlmostEqual(sum(shares), 1, places=5)

    def test_columns_without_names(self):
        wanted = self.points("nameless.csv", 200, header=False)
        self.right("train", "--data", "nameless.csv", "--network", "linear", "--epochs", "20",
                   "--output", "nameless")
        features = [line.rsplit(",", 1)[0]
                    for line in (self.here / "nameless.csv").read_text().splitlines()]
        (self.here / "features.csv").write_text("\n".join(features) + "\n")
        for data in ["nameless.csv", "features.csv"]:
            self.right("predict", "--run", "nameless", "--data", data, "--output", "found.csv")
            found = [row["class"] for row in self.rows("found.csv")]
            right = sum(one == other for one, other in zip(found, wanted, strict=True))
            self.assertGreater(right, 180, data)

    def test_ten_thousand_columns(self):
        chance = random.Random(2)
        names = [f"gene_{column:06}" for column in range(10_000)]
        rows = [",".join(str(chance.randrange(9)) for _ in names) + f",{'ab'[row % 2]}"
                for row in range(12)]
        (self.here / "genes.csv").write_text("\n".join([",".join([*names, "kind"]), *rows]) + "\n")
        self.right("train", "--data", "genes.csv", "--network", "linear", "--epochs", "1",
                   "--output", "genes")

    def test_a_header_that_a_network_includes_is_seen_to_change(self):
        (self.here / "sizes.hpp").write_text("constexpr int hidden = 5;\n")
        (self.here / "net.hpp").write_text(
            '#include <lamina/lamina.hpp>\n#include "sizes.hpp"\nusing Net = lamina::Network<'
            "lamina::Input<2>, lamina::Linear<hidden>, lamina::Tanh, lamina::Linear<2>, "
            "lamina::CrossEntropy<>>;\n")
        for hidden, said in [(5, True), (5, False), (50, True)]:
            if hidden == 50:
                (self.here / "sizes.hpp").write_text("constexpr int hidden = 50;\n")
            result = self.lamina("describe", "--network", "net.hpp")
            self.assertEqual("Compiling" in result.err, said, result.err)
            self.assertIn(f"Linear<{hidden}>", result.out)
