"""Two processes that train into one directory."""

import fcntl

from user import Case

TRAIN = ["train", "--data", "moons", "--network", "linear", "--output"]


class TwoRuns(Case):
    """One of them trains."""

    pictures = False

    def test_of_two_that_start_at_once_one_wins(self):
        self.right(*TRAIN, "first", "--epochs", "1")  # compiles
        for attempt in range(3):
            run = f"run{attempt}"
            both = [self.start(*TRAIN, run, "--epochs", "20", "--seed", seed) for seed in "12"]
            said = [process.communicate()[1] for process in both]
            self.assertEqual(sorted(process.returncode for process in both), [0, 1], said)
            lost = said[both[0].returncode == 0]
            self.assertRegex(lost, r"\Alamina: run\d: expected a (new )?directory [^\n]*\n\Z")
            self.right("train", "--output", run, "--resume")

    def test_a_directory_in_use_is_left_alone(self):
        self.right(*TRAIN, "used", "--epochs", "1")
        self.assertEqual([path.name for path in (self.here / "used").glob(".*")], [])
        before = self.files()
        with (self.here / "used" / ".lamina-lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.wrong(1, "used: expected a directory that no other process trains in", "train",
                       "--output", "used", "--resume")
            # Whoever has the lock has not begun yet.
            (self.here / "new").mkdir()
            with (self.here / "new" / ".lamina-lock").open("w") as other:
                fcntl.flock(other, fcntl.LOCK_EX)
                self.wrong(1, "new: expected a directory that no other process trains in", *TRAIN,
                           "new")
            (self.here / "used" / ".lamina-lock").unlink()
        self.right(*TRAIN, "new", "--epochs", "1")  # a lock that nobody holds says nothing
        self.assertEqual({path: content for path, content in self.files().items()
                          if path.parent == self.here / "used"},
                         {path: content for path, content in before.items()
                          if path.parent == self.here / "used"})
