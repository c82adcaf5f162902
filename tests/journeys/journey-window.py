"""The frame around the pages: it opens, its panes fold, it takes files and folders, it says what it cannot read."""
import os
import sys

from journey import make_tone, scratch, take
from window import wait_for

SOUND = make_tone("tone.wav", seconds=2)
BAD = os.path.join(scratch(), "not-sound.wav")
with open(BAD, "w", encoding="utf-8") as file:
    file.write("this is text")


def the_file_of_the_command_line_is_listed(window):
    window.see("tone")


def what_cannot_be_read_is_said(window):
    window.see("not-sound.wav")


def the_library_folds_by_click_and_by_key(window):
    button = window.find("push button", "Library")
    button.click()
    wait_for("the library to fold", lambda: not button.has("pressed"))
    wait_for("nothing told of it", lambda: not any(window.all("filler", "MgLibraryPane")))
    window.key("F9")
    wait_for("the library to unfold", lambda: button.has("pressed"))
    window.find("filler", "MgLibraryPane")


def the_menu_opens(window):
    window.key("F10")
    window.see("About")
    window.key("Escape")


sys.exit(take("window", [the_file_of_the_command_line_is_listed, what_cannot_be_read_is_said,
                         the_library_folds_by_click_and_by_key, the_menu_opens], SOUND, BAD))
