"""What a person does with a data set before training, in the real window: an import is looked at and done, a planted copy is
found and excluded, a planted wrong label is found and mended by a key, taken back and mended again."""
import json
import os
import re
import subprocess

from journey import CLI
from window import wait_for, xdotool


def button(thing, text):
    return thing.find("push button", lambda name: name.startswith(text))


def tab(window, name):
    """One of the page's views; what GTK calls its button differs."""
    roles = ("radio button", "toggle button", "page tab")
    return wait_for(f"the tab {name}", lambda: next((thing for thing in window.all(None, lambda text: text.startswith(name))
                                                     if thing.role in roles), None))


def rows(table, pattern):
    """Rows of a table; each is called by its cells, the first one first."""
    return [row for row in table.all("list item") if re.match(pattern, row.name)]


def row(table, pattern, seconds=120):
    return wait_for(f"a row {pattern}", lambda: next(iter(rows(table, pattern)), None), seconds)


class Curating:
    """`copied` is the class that has a file "copy.…" too many; "planted-0.…" is in the class `wrong` and belongs to `right`,
    whose key is `key`. `tracks` counts both, but not "broken.wav", which is no sound."""

    def __init__(self, home, layout, tracks, copied, wrong, right, key):
        self.home, self.layout, self.tracks, self.copied = home, layout, tracks, copied
        self.wrong, self.right, self.key = wrong, right, key

    def told(self):
        """What the workspace holds, as the command line sees it: {file name: class}; nothing while it is no data set."""
        answer = subprocess.run([CLI, "dataset", self.home, "--json"], capture_output=True, text=True, timeout=60)
        tracks = json.loads(answer.stdout)["tracks"] if answer.returncode == 0 else []
        return {os.path.basename(track["path"]): track["label"] for track in tracks}

    def planted(self):
        return next((label for name, label in self.told().items() if name.startswith("planted")), None)

    def n_copied(self):
        return sum(label == self.copied for label in self.told().values())

    def an_import_is_shown_first(self, window):
        """An import tells what it would find, and then does it"""
        window.find("page tab", "Dataset").press()
        button(window, "Import…").click()
        window.see(f"Layout: {self.layout}")
        window.see(f"{self.tracks + 1} tracks")
        window.see("planted-0")
        xdotool("windowfocus", "--sync", window.dialog_xid())
        window.find("push button", "Import").press()
        wait_for("the tracks in the workspace", lambda: len(self.told()) == self.tracks)
        window.see("All tracks")

    def what_is_left_out_is_told(self, window):
        """What turned out to be no sound is told, and why"""
        window.see("Left out or not understood: 1")
        window.see("broken.wav")
        xdotool("windowfocus", "--sync", window.dialog_xid())
        window.key("Escape")
        wait_for("the end of the dialog", lambda: window.xids() == [window.xid])
        window.focus()

    def a_copy_is_found(self, window):
        """The planted copy is found by its sound, and excluded"""
        before = self.n_copied()
        tab(window, "Problems").click()
        button(window, "Listen to the tracks").click()
        window.see("Duplicates · 1")
        window.see("copy.")
        button(window, "Exclude copies").click()
        wait_for(f"one {self.copied} less", lambda: self.n_copied() == before - 1)
        window.see(f"No problem in {self.tracks - 1} tracks")

    def a_label_is_mended(self, window):
        """The wrong label is found by search, and mended by a key"""
        tab(window, "Tracks").click()
        window.find("entry", lambda name: name.startswith("Search for tracks")).write("planted")
        window.see("1 track")
        row(window, f"planted-0.*, {self.wrong},").click()
        window.key(self.key)
        wait_for("the right class", lambda: self.planted() == self.right)

    def it_can_be_taken_back(self, window):
        """Ctrl+Z takes it back, Ctrl+Shift+Z does it again"""
        window.key("ctrl+z")
        wait_for("the wrong class again", lambda: self.planted() == self.wrong)
        window.key("ctrl+shift+z")
        wait_for("the right class again", lambda: self.planted() == self.right)

    def it_is_split(self, window):
        """The split is proved to leak nothing"""
        tab(window, "Split").click()
        window.see(f"No leakage: of {self.tracks - 1} files")

    def steps(self):
        return [self.an_import_is_shown_first, self.what_is_left_out_is_told, self.a_copy_is_found, self.a_label_is_mended,
                self.it_can_be_taken_back, self.it_is_split]
