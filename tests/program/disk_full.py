"""A disk that is full at any moment."""

import os
import resource
import shutil
import subprocess
import tempfile

from user import PROGRAM, Case

TRAIN = ["train", "--data", "moons", "--network", "linear", "--epochs", "3", "--output"]


class DiskFull(Case):
    """A run that failed can be begun anew or gone on with."""

    pictures = False

    def limited(self, most, *arguments):
        """With files of at most so many bytes."""
        return subprocess.run([PROGRAM, *arguments], cwd=self.here, capture_output=True, text=True,
                              env={**os.environ, **self.defaults},
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                    (most, most)))

    def expect_one_sentence(self, done):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"\Alamina: [^\n]*\n\Z")

    def expect_to_go_on(self, run, whole):
        """The same command again, or --resume, ends as a run that did not fail."""
        again = [*TRAIN, run] if not (self.here / run / "config.json").exists() else [
            "train", "--output", run, "--resume"]
        self.right(*again)
        for name in ("best.safetensors", "last.safetensors"):
            self.assertEqual((self.here / run / name).stat().st_size,
                             (whole / name).stat().st_size)
        self.assertEqual((self.here / run / "best.safetensors").read_bytes(),
                         (whole / "best.safetensors").read_bytes())
        self.assertTrue((self.here / run / "history.json").exists())

    def test_disk_full_at_any_file(self):
        self.right(*TRAIN, "whole")
        whole = self.here / "whole"
        sizes = {path.stat().st_size for path in whole.iterdir() if path.is_file()}
        self.assertGreaterEqual(len(sizes), 4)
        failed = 0
        for size in sorted(sizes):
            done = self.limited(size - 1, *TRAIN, "small")
            self.expect_one_sentence(done)
            failed += 1
            self.expect_to_go_on("small", whole)
            shutil.rmtree(self.here / "small")
        self.assertGreater(failed, 3)

    def test_a_failed_run_that_was_resumed_stays(self):
        self.right(*TRAIN, "kept")
        for name in ("best.safetensors", "last.safetensors", "history.csv", "history.json"):
            (self.here / "kept" / name).unlink()
        done = self.limited(500, "train", "--output", "kept", "--resume")
        self.assertEqual(done.returncode, 1)
        self.assertTrue((self.here / "kept" / "config.json").exists())
        self.right("train", "--output", "kept", "--resume")

    def test_disk_full_on_a_small_disk(self):
        self.right(*TRAIN, "reference")
        whole = self.here / "reference"
        with tempfile.TemporaryDirectory() as disk:
            for size in range(8, 48, 8):  # KiB, in pages
                mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none",
                                          disk], capture_output=True)
                if mounted.returncode != 0:
                    self.skipTest("no file system can be mounted")
                try:
                    run = f"{disk}/run"
                    done = subprocess.run([PROGRAM, *TRAIN, run], cwd=self.here,
                                          capture_output=True, text=True,
                                          env={**os.environ, **self.defaults})
                    if done.returncode != 0:
                        self.expect_one_sentence(done)
                    subprocess.run(["mount", "-o", "remount,size=10m", disk], check=True)
                    if done.returncode != 0:
                        self.expect_to_go_on(run, whole)
                finally:
                    subprocess.run(["umount", disk], check=True)
