"""A person trains two networks in the queue, compares them, opens the wrong segments of the worse one beside the better
one, asks why of one, hears it, and exports the table."""
import csv
import os
import re
import subprocess
import sys

from demo import SMALL, make_tracks, make_workspace
from journey import scratch, take
from window import wait_for, xdotool

WORKSPACE = make_workspace()
TRACKS = make_tracks(WORKSPACE)
SAVED = os.path.join(scratch(), "both.csv")
# One hardly learns, and gets about half of the segments wrong.
RATES = {"small-cnn-1": "1e-07", "small-cnn-2": "0.005"}


def page(window):
    return window.find("filler", "MgTrainPage")


def button(thing, label):
    return thing.find("push button", lambda text: text.startswith(label))


def parameters(window):
    def is_training(panel):
        return any(panel.all("text", "epochs"))

    return wait_for("the parameters", lambda: next(filter(is_training, window.all("filler", "MgParamPanel")), None))


def set_parameter(window, name, value):
    entry = parameters(window).find("text", name)
    entry.write(value + "\n")
    wait_for(f"{name} = {value}", lambda: float(entry.text.replace(",", ".")) == float(value))


def two_trainings_are_queued(window):
    """Two configurations wait; the second is put before the first and back"""
    window.find("page tab", "Train").press()
    for name, value in {"epochs": "1", "segment_seconds": SMALL["segment_seconds"], "n_mels": SMALL["n_mels"]}.items():
        set_parameter(window, name, value)
    page(window).find("label", lambda text: "training segments" in text and text.startswith("about"), 120)
    for rate in RATES.values():
        set_parameter(window, "learning_rate", rate)
        button(page(window), "Add to queue").press()
    waiting = window.find("list", "Queue")
    rows = wait_for("two rows", lambda: (lambda found: len(found) == 2 and found)(list(waiting.all("list item"))))
    assert "1e-07" in rows[0].name or "learning_rate" in rows[0].name, rows[0].name
    button(waiting, "Earlier").press()  # of the first row: it stays
    button(rows[1], "Earlier").press()

    def first():
        """The rows are made anew when they move."""
        return next(waiting.all("list item"), None)

    wait_for("the other order", lambda: first() and "1e-07" not in first().name)
    button(first(), "Later").press()
    wait_for("the first order", lambda: first() and "1e-07" in first().name)


def they_are_trained(window):
    """One after the other"""
    button(page(window), "Start queue").press()
    for name in RATES:
        wait_for(f"the end of {name}", lambda: next(
            window.all("list item", lambda text: text.startswith(name + ",") and "finished" in text), None), 240)


def they_are_compared(window):
    """The table has the rates that differ, and test figures after they were asked for"""
    page(window).find("page tab", "Compare").press()
    table = page(window).find("filler", "MgCompareView")
    for rate in RATES.values():
        table.find("label", lambda text: float(text) == float(rate) if re.fullmatch(r"[\d.e-]+", text) else False)
    evaluate = next(table.all("push button", lambda text: text.startswith("Evaluate")), None)
    if evaluate and not evaluate.hidden:
        evaluate.press()
    wait_for("test figures of both", lambda: all(
        os.path.exists(os.path.join(WORKSPACE, "runs", name, "predictions.csv")) for name in RATES), 120)


def results(window):
    return window.find("filler", "MgResultsPage")


def choose(window, control, steps):
    """The entry so many steps below the first one of a drop-down."""
    box = results(window).find("combo box", lambda text: text.startswith(control))
    box.click()
    window.key("Home", *["Down"] * steps, "Return")


def n_wrong(name):
    with open(os.path.join(WORKSPACE, "runs", name, "predictions.csv"), newline="") as file:
        return sum(row["y_pred"] != row["y_test"] for row in csv.DictReader(file))


def the_wrong_ones_are_opened(window):
    """The worse run as A, the other as B beside it; what A has wrong"""
    newest_first = sorted(RATES, reverse=True)
    worse = max(newest_first, key=n_wrong)
    other = next(name for name in newest_first if name != worse)
    window.find("page tab", "Results").press()
    results(window).find("label", lambda text: text.startswith("accuracy"), 120)
    choose(window, "Run", newest_first.index(worse))
    choose(window, "Beside", 1 + newest_first.index(other))
    results(window).find("label", lambda text: text.startswith("accuracy A"), 120)
    button(results(window), "Wrong").press()
    table = window.find("filler", "MgSegmentTable")
    wait_for("wrong ones", lambda: next(table.all("list item", lambda text: " wrong" in text), None))
    results(window).find("image", lambda text: text.startswith("Confusion matrix of B"))


def one_is_explained(window):
    """A sentence with figures says what decided"""
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: re.search(r"\.wav_\d+,", text)).click()
    why = window.find("filler", "MgWhyPane")
    why.find("label", lambda text: text.startswith("Taken for ") and re.search(r"\d\.\d\d", text), 120)


def it_is_heard(window):
    ear = subprocess.Popen(["parec", "--device=speaker.monitor", "--raw"], stdout=subprocess.PIPE)
    window.find("filler", "MgWhyPane").find("push button", lambda text: text.startswith("Play")).press()
    wait_for("sound", lambda: any(ear.stdout.read(4096)))
    ear.kill()
    ear.wait()


def the_curves_are_drawn(window):
    """ROC and the others, of both runs"""
    results(window).find("page tab", "Curves").press()
    picture = results(window).find("image", "ROC")
    wait_for("curves of both", lambda: picture.description.count("AUC") >= 2, 60)


def the_table_is_exported(window):
    """The wrong segments with what both runs say of them"""
    xdotool("mousemove", "--sync", 1590, 990)  # a tooltip has a window too
    wait_for("no tooltip", lambda: len(xdotool("search", "--onlyvisible", "--pid", window.process.pid).split()) == 1)
    button(results(window), "Export").press()
    window.focus(window.dialog_xid())
    window.key("ctrl+a")
    window.type(SAVED)
    window.key("Return")
    wait_for("the file", lambda: os.path.exists(SAVED))
    with open(SAVED, newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and all(row["y_pred_A"] != row["y_test"] for row in rows), rows
    assert {"y_pred_B", "classique_prob_A", "rap_prob_B"} <= set(rows[0]), rows[0].keys()


sys.exit(take("queue", [two_trainings_are_queued, they_are_trained, they_are_compared, the_wrong_ones_are_opened,
                        one_is_explained, it_is_heard, the_curves_are_drawn, the_table_is_exported], WORKSPACE, TRACKS))
