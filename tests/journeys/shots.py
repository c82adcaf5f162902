"""Pictures of what shows, and the texts in it that cannot be read, for ./dev screenshots."""
import gettext
import json
import os
import subprocess

from journey import PROGRAM
from window import save_screen, still, wait_for, xdotool

_ = gettext.translation("melograph", os.path.join(os.path.dirname(os.path.dirname(PROGRAM)), "po"), fallback=True).gettext
BUS_NAME, BUS_PATH = "org.melograph.Melograph", "/org/melograph/Melograph"


def translated(text):
    """As the window shows it: without the mark of the key."""
    return _(text).replace("_", "")


def enlarge_text(times):
    """For programs started from now on: without a settings daemon GTK asks the X resources."""
    with open(os.path.join(os.environ["HOME"], ".Xdefaults"), "w", encoding="utf-8") as file:
        file.write(f"Xft.dpi: {round(96 * times)}\n")


def activate(window, action):
    """An action of the application ("app.about") or of its window ("win.classify")."""
    scope, name = action.split(".")
    path = BUS_PATH + ("/window/1" if scope == "win" else "")
    subprocess.run(["gdbus", "call", "--session", "--dest", BUS_NAME, "--object-path", path, "--method",
                    "org.gtk.Actions.Activate", name, "[]", "{}"], check=True, capture_output=True, timeout=60)


class Shots:
    def __init__(self, window, folder, suffix):
        self.window, self.folder, self.suffix, self.problems = window, folder, suffix, []

    def told(self):
        with open(self.window.log.name, encoding="utf-8", errors="replace") as log:
            return [json.loads(line) for line in log if line.startswith('{"event": "labels"')]

    def check(self, name, xid=None):
        """The program itself tells which texts are cut in the window that has the keys."""
        before = len(self.told())
        self.window.focus(xid)
        self.window.key("ctrl+shift+F12")
        told = wait_for("the labels", lambda: self.told()[before:])[-1]
        self.problems += [f"{name}: clipped: {text}" for text in told["clipped"]]
        self.problems += [f"{name}: too wide: {text}" for text in told["wide"]]
        return told["labels"]

    def take(self, name, xid=None, whole=False):
        """Of the main window (or the whole screen), whose own dialog `xid` may have the keys."""
        xdotool("mousemove", 1918, 1078)  # no tooltip in the picture
        still(1.5)
        save_screen(os.path.join(self.folder, f"{name}{self.suffix}.png"), None if whole else self.window)
        return self.check(name, xid)
