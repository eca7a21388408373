"""What others can write to is never run."""

import os
import subprocess
import unittest

from cache_of_fakes import NETWORK, CacheCase
from user import PROGRAM


class SharedCache(CacheCase):
    def test_a_cache_is_for_its_user_alone(self):
        self.cache.rmdir()
        before = os.umask(0)  # inherited: nothing of it may reach the cache
        try:
            self.described()
        finally:
            os.umask(before)
        for path, mode in self.modes(self.cache).items():
            self.assertEqual(int(mode, 8) & 0o077, 0, f"{path}: {mode}")
        self.described()
        self.assertEqual(self.builds(), 1)

    def test_a_directory_that_others_can_write_to_is_refused(self):
        self.described()
        for mode in [0o777, 0o770, 0o702]:
            (self.cache / "lamina").chmod(mode)
            self.refused(f"lamina: expected .* only you can write to.* \\(mode {mode:o}\\); remove it")
        (self.cache / "lamina").chmod(0o755)
        self.described()

    def test_an_executable_that_others_can_write_to_is_refused(self):
        self.described()
        for mode in [0o720, 0o702]:
            self.executable().chmod(mode)
            self.refused(f"{self.executable().name}: expected .* \\(mode {mode:o}\\); remove it")
        self.executable().chmod(0o755)
        self.described()

    def test_links_are_refused(self):
        self.described()
        (self.cache / "lamina").rename(self.cache / "elsewhere")
        (self.cache / "lamina").symlink_to("elsewhere")
        self.refused("lamina: expected .*, found a link or a file; remove it")
        (self.cache / "lamina").unlink()
        (self.cache / "elsewhere").rename(self.cache / "lamina")
        executable = self.executable()
        executable.rename(self.cache / "other")
        executable.symlink_to(self.cache / "other")
        self.refused(f"{executable.name}: expected .*, found a link; remove it")

    @unittest.skipUnless(os.geteuid() == 0, "files are given away by root alone")
    def test_what_belongs_to_others_is_refused(self):
        self.described()
        for path in [self.executable(), self.cache / "lamina"]:
            os.chown(path, 65534, 65534)
            self.refused(f"{path.name}: expected .* belongs to another user \\(65534\\)")
            os.chown(path, 0, 0)
        self.described()

    def test_a_place_that_is_not_absolute_is_ignored(self):
        for place in ["", "relative"]:
            self.described(XDG_CACHE_HOME=place, HOME=str(self.cache))
        self.assertTrue((self.cache / ".cache" / "lamina").is_dir())
        self.assertFalse((self.here / "relative").exists())
        self.assertEqual(self.builds(), 1)

    def test_names_in_messages_are_visible(self):
        (self.cache / "a\x1b[31m\nb").write_text("")
        self.refused(r"a\\x1b\[31m\\x0ab/lamina: expected",
                     XDG_CACHE_HOME=str(self.cache / "a\x1b[31m\nb"))


class DamagedExecutable(CacheCase):
    """An executable that is not what the compiler made is made again."""

    def test_damage_is_found(self):
        self.described()
        executable = self.executable()
        whole = executable.read_bytes()
        middle = len(whole) // 2
        other = bytes([whole[middle] ^ 1])
        damages = [whole[:middle], b"", whole + b"\0", whole[:middle] + other + whole[middle + 1:]]
        for builds, damaged in enumerate(damages, start=2):
            executable.write_bytes(damaged)
            self.described()
            self.assertEqual((self.builds(), executable.read_bytes()), (builds, whole))

    def test_its_sum_is_damaged_or_gone(self):
        self.described()
        sum_file = self.executable().with_suffix(".sum")
        whole = sum_file.read_text()
        sum_file.write_text("")
        self.described()
        self.assertEqual((self.builds(), sum_file.read_text()), (2, whole))
        sum_file.unlink()
        self.described()
        self.assertEqual((self.builds(), sum_file.read_text()), (3, whole))

    def test_two_processes_make_one(self):
        gate = self.here / "gate"
        os.mkfifo(gate)
        command = [str(PROGRAM), "describe", "--network", NETWORK]
        environment = {**os.environ, **self.environment}
        first = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        with gate.open("w") as opened:  # as soon as the compiler reads: it is at work, and waits
            second = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
            self.assertIn("Compiling", second.stderr.readline())
            gate.unlink()
            opened.write("go\n")
        self.assertEqual([process.communicate()[1].count("lamina:") for process in (first, second)],
                         [0, 0])
        self.assertEqual((first.returncode, second.returncode, self.builds()), (0, 0, 1))

    def test_what_a_stopped_compiler_left_is_in_nobodys_way(self):
        self.described()
        executable = self.executable()
        executable.unlink()
        for ending in [".lock", ".new.tmp", ".new.cpp", ".new.d", ".new.txt"]:
            (self.cache / "lamina" / (executable.name + ending)).write_text("left")
        self.described()
        left = {path.name for path in (self.cache / "lamina").iterdir()}
        self.assertEqual(left, {executable.name + ending for ending in ["", ".cpp", ".d", ".sum"]})
