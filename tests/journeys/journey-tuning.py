"""A person searches for the parameters of a classifier: chooses a space, changes a range, and opens the best model."""
import os
import random
import sys

from demo import make_workspace
from journey import scratch, take
from window import wait_for

WORKSPACE = make_workspace()
TABLE = os.path.join(scratch(), "features.csv")


def make_table():
    numbers = random.Random(7)
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("filename,tempo,centroid,label\n")
        for row in range(90):
            file.write(f"{row}.wav,{row % 3 + numbers.gauss(0, 0.6):.4f},{numbers.gauss(0, 1):.4f},{'abc'[row % 3]}\n")


make_table()


def search_button(window):
    return window.find("push button", "Search")


def write(window, name, text):
    """Into the line of a parameter, which does not tell that it has the focus."""
    window.find("text", name).click()
    window.key("ctrl+a")
    window.type(text)


def the_table_opens(window):
    """A table is chosen; then a search can be asked for"""
    window.find("page tab", "Train").press()
    window.find("filler", "MgTrainPage").find("page tab", "Classifiers").press()
    view = window.find("filler", "MgClassifiersView")
    view.find("push button", lambda text: text.startswith("Choose a table")).press()
    window.focus(window.dialog_xid())
    window.type(TABLE)
    window.key("Return")
    view.find("label", "90 rows · 2 columns · 3 classes")
    window.focus()
    view.find("push button", lambda text: text.startswith("Search")).press()
    window.find("label", "Ranges and values")


def ranges_are_edited(window):
    """A line that is no range is told of and cannot be searched; a good one can"""
    window.focus(window.dialog_xid())
    for wanted, good in (("3..1 integer", False), ("1..9 integer step 2", True)):
        write(window, "n_neighbors, where classifier is knn", wanted)
        wait_for("an answer", lambda: search_button(window).has("sensitive") == good)
    write(window, "n_estimators, where classifier is random-forest, gradient-boosting", "5..20 integer")
    write(window, "classifier", "knn")
    wait_for("what depends on others to be refused", lambda: not search_button(window).has("sensitive"))
    write(window, "classifier", "knn, logistic, svc, random-forest, gradient-boosting")
    wait_for("a good space", lambda: search_button(window).has("sensitive"))


def it_goes_on_as_a_run(window):
    """The search is shown while it goes on, and is stopped"""
    search_button(window).click()
    window.focus()
    view = window.find("filler", "MgSearchView")
    view.find("label", lambda text: text.startswith("Best so far: trial"))
    trials = wait_for("its end or a trial", lambda: next(window.all("label", lambda t: t.startswith("trial ")), None))
    assert " of 20" in trials.name, trials.name


def the_best_is_opened(window):
    """In the end the best configuration has learned again, and is a run of its own"""
    view = window.find("filler", "MgSearchView")
    view.find("push button", lambda text: text.startswith("Show best model"), seconds=150).press()
    window.find("list item", lambda text: text.startswith("best,"))


sys.exit(take("tuning", [the_table_opens, ranges_are_edited, it_goes_on_as_a_run, the_best_is_opened], WORKSPACE))
