"""A run whose best model is not there any more."""

from user import Case


class MissingBest(Case):
    """It is missed before anything is trained."""

    pictures = False

    def test_a_run_does_not_go_on_without_its_best_model(self):
        self.right("train", "--data", "moons", "--network", "linear", "--epochs", "2",
                   "--output", "run")
        best = self.here / "run" / "best.safetensors"
        whole = best.read_bytes()
        damaged = bytearray(whole)
        damaged[-3] ^= 1
        for content in (None, b"", whole[:-1], whole[:40], bytes(damaged)):
            best.unlink() if content is None else best.write_bytes(content)
            before = self.files()
            result = self.lamina("train", "--output", "run", "--resume")
            self.assertEqual(result.code, 1, result.err)
            self.assertRegex(result.err, r"\Alamina: [^\n]*run/best\.safetensors: [^\n]*\n\Z")
            self.assertEqual(self.files(), before)
        best.write_bytes(whole)
        self.right("train", "--output", "run", "--resume")
