"""The pictures of README, the guide and the metainfo: guide-pictures.py WORKSPACE FOLDER. Started by ./dev pictures on the
demo workspace, once a language; light, of a size at which a page can be read."""
import os
import shutil
import sys

from journey import PROGRAM
from shots import translated
from window import Window, resize, save_screen, still, wait_for, xdotool

DEMO, FOLDER = sys.argv[1:]
WORKSPACE = os.path.join(os.path.expanduser("~"), "demo")  # pictures tell no place of the machine that drew them
SIZES = {"Train": "1100x860"}  # the others are of the first size


def explore(window):
    library = window.find("filler", "MgLibraryPane")
    library.find("label", lambda text: text.endswith(".wav")).click()
    window.find("image", lambda text: "n_fft" in text)


def dataset(window):
    window.find("filler", "MgDatasetPage").find("list item", lambda text: ".wav," in text)


def train(window):
    window.find("list", translated("Runs")).find("label", "small-cnn").click()
    window.find("image", lambda text: text.startswith(translated("Loss")))


def results(window):
    """A segment that was taken for another class, and why."""
    page = window.find("filler", "MgResultsPage")
    page.find("push button", translated("Wrong")).press()
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: ".wav_" in text).click()
    why = window.find("filler", "MgWhyPane")
    wait_for("the evidence", lambda: ". " in why.find("image", translated("Input: mel spectrogram")).description)


def learn(window):
    page = window.find("filler", "MgLearnPage")
    wait_for("the lessons", lambda: list(page.all("list item"))[1:])[0].click()  # Adding sines
    page.find("image", lambda text: text)


PAGES = (("Explore", explore), ("Dataset", dataset), ("Train", train), ("Results", results), ("Learn", learn))


def main():
    shutil.copytree(DEMO, WORKSPACE)
    with open(os.path.join(WORKSPACE, "workspace.db"), "ab") as database:  # it makes a workspace of the folder
        known = database.tell() > 0
    window = Window(PROGRAM, WORKSPACE, *([] if known else [os.path.join(WORKSPACE, "tracks")]))
    for name, show in PAGES:
        resize(window, SIZES.get(name, "1100x700"))
        window.find("page tab", translated(name)).press()
        show(window)
        xdotool("mousemove", 1918, 1078)  # no tooltip in the picture
        still(3)
        path = os.path.join(FOLDER, f"{name.lower()}.png")
        save_screen(path, window, small=True)
        print(f"{path}: {os.path.getsize(path) // 1000} kB")
    window.close()


main()
