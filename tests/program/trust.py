"""The code of a run directory is not compiled because it is there."""

import json
import pathlib
import re

from cache_of_fakes import CacheCase

HEADERS = pathlib.Path(__file__).resolve().parents[2] / "include" / "lamina"
PARTS = ["activations", "augment/items", "initializers", "layers", "losses", "norms", "optimizers", "regularizers",
         "structures"]
OF_ITEMS = ("Cost", "Rule", "Draw")  # what items have inside, and nobody writes
TYPE = "Network<Input<2>, Linear<8>, Tanh, Linear<2>, CrossEntropy<LabelSmoothing<1e-1>>>"
HEADER = f"#include <lamina/lamina.hpp>\nusing namespace lamina;\nusing Net = {TYPE};\n"
MISH = TYPE.replace("Tanh", "Elementwise<[](auto x) { return x * tanh(softplus(x)); }>")


class Trust(CacheCase):
    def setUp(self):
        super().setUp()
        self.run = self.cache / "run"
        self.run.mkdir()

    def train(self, *arguments):
        """The code that a command compiles is trusted from then on; nothing is trained here."""
        result = self.lamina("train", "--data", "moons", "--output", "never", *arguments,
                             **self.environment)
        self.assertEqual(result.code, 0, result.err)

    def write_run(self, type_text=TYPE, optimizer="adam", source=None, directory="", augment=""):
        """A run as `lamina train` writes it."""
        described = {"task": "classification", "samples": 1000, "features": 2,
                     "shape": [2, 1, 1], "outputs": 2, "checksum": 0, "feature_names": [], "class_names": [], "target_names": [],
                     "target_means": [], "target_deviations": [], "feature_fills": []}
        source = source or ("using namespace lamina;\nusing Net =\n#line 1 \"--network\"\n"
                            + type_text + ";\n")
        config = {"data": "moons", "target": "", "task": "auto", "network": "mlp", "augment": augment,
                  "folder": {"height": 0, "width": 0, "channels": 0, "rate": 0, "length": 0},
                  "table": {"delimiter": ",", "header": "auto", "missing": "error"},
                  "network_source": source, "network_directory": directory,
                  "optimizer": optimizer, "schedule": "one-cycle", "learning_rate": 0.01,
                  "epochs": 5, "batch_size": 32, "patience": 0, "validation": 0.2, "seed": 42,
                  "threads": 0, "description": described}
        (self.run / "config.json").write_text(json.dumps(config))

    def commands(self):
        run = ["--run", str(self.run)]
        return [["evaluate", "--data", "moons", *run], ["predict", "--data", "moons", *run],
                ["describe", *run], ["train", "--resume", "--output", str(self.run)]]

    def compiled(self, *more):
        for command in self.commands():
            result = self.lamina(*command, *more, **self.environment)
            self.assertEqual(result.code, 0, result.err)

    def stopped(self, found, commands=None):
        sentence = f"config.json: expected \\w+ to be .*, found {re.escape(found)}; .*--trust"
        for command in commands or self.commands():
            self.refused(sentence, *command)
        self.assertEqual(self.builds(), 0)

    def test_names_of_laminas_and_numbers_are_compiled(self):
        self.write_run(optimizer="ClipByNorm{AdamW{.beta1 = .9F, .weight_decay = 1e-1F}, 1.0F}")
        self.compiled()
        self.write_run("lamina::Network<Input<2>,\n\tDropout<0x1p-3>, Linear<2>, Hinge>")
        self.compiled()

    def test_lists_of_augmentations_are_code_as_well(self):
        for augment in ["lamina::RandomCrop<28, Padding<2>>, Flip<Horizontal>",
                        "Except<Classes<6, 'b', \"ankle boot 2.0\">, Rotate<Range{-10, 1e1}>>"]:
            self.write_run(augment=augment)
            self.compiled()
        (self.here / "built").unlink()
        trains = [each for each in self.commands() if each[0] != "describe"]
        for augment, found in [
                ("Mine", "Mine"), ("Rotate<(5)>", "("), ("Rotate<5>>; int x", ";"),
                ('Only<Classes<"a\\">, ', '"'), ('Only<Classes<"a(b)">>', '"'),
                ('Only<Classes<R"(a)">>', "R"), ("Only<Classes<'ab'>>", "'"),
                ("Only<Classes<1'a'>>", "'"), ('Only<Classes<"a"_x>>', "_x"),
                ('Only<Classes<"a""b">>', '"'), ('Only<Classes<"a>>', '"')]:
            self.write_run(augment=augment)
            self.stopped(f"'{found}'", trains)
        self.refused("expected augment to be", *trains[0])

    def test_all_names_that_a_type_is_made_of_are_known(self):
        names = set()
        for part in PARTS:
            for header in (HEADERS / part).glob("*.hpp"):
                public = re.sub(r"^namespace detail {.*?^}  // namespace detail$", "",
                                header.read_text(), flags=re.M | re.S)
                names.update(re.findall(r"^struct ([A-Z]\w*)", public, re.M))
        names = {name for name in names if not name.endswith(OF_ITEMS)}
        self.assertGreater(len(names), 60)
        self.write_run("Network<" + ", ".join(sorted(names)) + ">")
        self.compiled()

    def test_other_code_is_not(self):
        for code, found in [("decltype([] {}())", "decltype"), ("std::jthread", "std"),
                            (TYPE + "; int other = 1", ";"), ("Network<L2<(1)>>", "("),
                            ('Network<"a">', '"'), ("Network<\n#include <x>\n>", "#"),
                            ("Network</* */>", "/"), ("Network<L2<&x>>", "&"), ("Network<L2<<:", ":"),
                            ("Network<std::less>", "std"), ("Network<Lamina::L2>", "Lamina"), (MISH, "[")]:
            self.write_run(code)
            self.stopped(f"'{found}'")
        self.write_run(source=HEADER)
        self.stopped("code that is no type")
        self.write_run(optimizer="Adam{}; system(\"id\")")
        command, *_ = commands = self.commands()
        self.stopped("';'", [each for each in commands if each[0] != "describe"])
        self.refused("optimizer", *command)

    def test_it_is_when_the_user_says_so(self):
        self.write_run(MISH)
        self.compiled("--trust")
        self.compiled()  # once is enough
        self.write_run(MISH.replace("x * tanh", "x + tanh"))
        self.refused("'\\['", *self.commands()[0])

    def test_code_that_was_given_before_is_compiled(self):
        self.train("--network", MISH, "--optimizer", "Adam{float(0.1)}")
        (self.here / "built").unlink()
        self.write_run(MISH, "Adam{float(0.1)}")
        self.compiled()
        (self.here / "built").unlink()
        self.write_run(MISH, "Adam{float(0.2)}")
        self.stopped("'float'", self.commands()[:2])

    def test_a_header_is_trusted_where_it_lies(self):
        header = self.here / "net.hpp"
        header.write_text(HEADER)
        self.train("--network", str(header))
        (self.here / "built").unlink()
        source = f'#line 1 "net.hpp"\n{HEADER}'
        self.write_run(source=source, directory=str(self.run))
        self.stopped("code that is no type")
        self.write_run(source=source, directory=str(self.here))
        self.compiled()

    def test_a_type_brings_no_headers(self):
        self.write_run(directory=str(self.run))
        self.compiled()
        self.assertNotIn(str(self.run), (self.here / "built").read_text())

    def test_what_is_trusted_is_the_users_own_list(self):
        self.train("--network", MISH)
        (self.here / "built").unlink()
        self.write_run(MISH)
        trusted = self.cache / "lamina" / "trusted"
        trusted.chmod(0o777)
        self.refused("trusted: expected .* only you can write to", *self.commands()[0])
        trusted.chmod(0o700)
        (record,) = trusted.iterdir()
        record.write_text(record.read_text().replace("x * tanh", "x + tanh"))
        self.stopped("'['")

    def test_trust_is_for_runs(self):
        self.wrong(2, "--trust requires --run", "describe", "--trust")
        self.wrong(2, "--trust requires --resume", "train", "--data", "moons", "--trust")
