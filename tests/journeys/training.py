"""What a person does with a data set that is ready, in the real window: two trainings in the queue, side by side, the wrong
segments of the worse one beside the better one; why, by picture, words and ear; and the table to take away."""
import contextlib
import csv
import os
import re

from curating import button, row, rows
from ear import sound_follows
from journey import scratch
from window import wait_for, xdotool

# One hardly learns, and gets most segments wrong.
RATES = {"small-cnn-1": "1e-07", "small-cnn-2": "0.005"}


def page(window):
    return window.find("filler", "MgTrainPage")


def results(window):
    return window.find("filler", "MgResultsPage")


def parameters(window):
    """The panel of the training: other pages' panels have a segment_seconds too."""
    def is_training(panel):
        return any(panel.all("text", "epochs"))

    return wait_for("the parameters", lambda: next(filter(is_training, window.all("filler", "MgParamPanel")), None))


def number(text):
    """None while it is being typed."""
    with contextlib.suppress(ValueError):
        return float(text.replace(",", "."))
    return None


def set_parameter(window, name, value):
    entry = parameters(window).find("text", name)
    entry.write(value + "\n")
    wait_for(f"{name} = {value}", lambda: number(entry.text) == float(value))


def choose(window, control, steps):
    """The entry so many steps below the first one of a drop-down."""
    results(window).find("combo box", lambda text: text.startswith(control)).click()
    window.key("Home", *["Down"] * steps, "Return")


class Training:
    """`parameters` {name: text} are set before the first training."""

    def __init__(self, workspace, **parameters):
        self.workspace, self.parameters = workspace, {"epochs": "1", **parameters}
        self.other = None  # which of the runs beside the better one is
        self.saved = os.path.join(scratch(), "both.csv")

    def table_of(self, name):
        return os.path.join(self.workspace, "runs", name, "predictions.csv")

    def two_trainings_are_queued(self, window):
        """Two configurations wait; the second is put before the first and back"""
        window.find("page tab", "Train").press()
        for name, value in self.parameters.items():
            set_parameter(window, name, value)
        page(window).find("label", lambda text: "training segments" in text and text.startswith("about"))
        for rate in RATES.values():
            set_parameter(window, "learning_rate", rate)
            button(page(window), "Add to queue").press()
        waiting = window.find("list", "Queue")
        both = wait_for("two rows", lambda: (lambda found: len(found) == 2 and found)(list(waiting.all("list item"))))
        assert "1e-07" in both[0].name, both[0].name
        button(waiting, "Earlier").press()  # of the first row: it stays
        button(both[1], "Earlier").press()

        def first():
            """The rows are made anew when they move."""
            return next(waiting.all("list item"), None)

        wait_for("the other order", lambda: "1e-07" not in first().name)
        wait_for("its button", lambda: next(first().all("push button", lambda text: text.startswith("Later")))).press()
        wait_for("the first order", lambda: "1e-07" in first().name)

    def they_are_trained(self, window):
        """One after the other"""
        button(page(window), "Start queue").press()
        for name in RATES:
            wait_for(f"the end of {name}", lambda: next(
                window.all("list item", lambda text: text.startswith(name + ",") and "finished" in text), None))

    def they_are_compared(self, window):
        """The table has the rates that differ, and test figures after they were asked for"""
        page(window).find("page tab", "Compare").press()
        table = page(window).find("filler", "MgCompareView")
        for rate in RATES.values():
            table.find("label", lambda text: float(text) == float(rate) if re.fullmatch(r"[\d.e-]+", text) else False)
        evaluate = next(table.all("push button", lambda text: text.startswith("Evaluate")), None)
        if evaluate and not evaluate.hidden:
            evaluate.press()
        wait_for("test figures of both", lambda: all(os.path.exists(self.table_of(name)) for name in RATES))

    def n_wrong(self, name):
        with open(self.table_of(name), newline="", encoding="utf-8") as file:
            return sum(row["y_pred"] != row["y_test"] for row in csv.DictReader(file))

    def the_wrong_ones_are_opened(self, window):
        """The worse run as A, the other as B beside it; what A has wrong"""
        newest_first = sorted(RATES, reverse=True)
        worse = max(newest_first, key=self.n_wrong)
        other = next(name for name in newest_first if name != worse)
        window.find("page tab", "Results").press()
        results(window).find("label", lambda text: text.startswith("accuracy"))
        choose(window, "Run", newest_first.index(worse))
        self.other = 1 + newest_first.index(other)
        choose(window, "Beside", self.other)
        results(window).find("label", lambda text: text.startswith("accuracy A"))
        button(results(window), "Wrong").press()
        table = window.find("filler", "MgSegmentTable")
        wait_for("wrong ones alone", lambda: rows(table, ".* wrong") and len(rows(table, ".* wrong")) == len(rows(table, ".")))
        results(window).find("image", lambda text: text.startswith("Confusion matrix of B"))

    def one_is_explained(self, window):
        """A sentence with figures says what decided"""
        table = window.find("filler", "MgSegmentTable")
        row(table, r".*\.\w+_1,").click()  # the first part of a clip is not the silence behind its sound
        why = window.find("filler", "MgWhyPane")
        why.find("label", lambda text: text.startswith("Taken for ") and re.search(r"\d\.\d\d", text))

    def another_run_beside_keeps_it(self, window):
        """Without the other run beside, and with it again, the segment stays the chosen one"""
        table, why = window.find("filler", "MgSegmentTable"), window.find("filler", "MgWhyPane")
        chosen = next(why.all("label", lambda text: re.fullmatch(r".*\.\w+", text))).name
        for beside, figures in ((0, "accuracy "), (self.other, "accuracy A")):
            choose(window, "Beside", beside)
            results(window).find("label", lambda text: text.startswith(figures))
            wait_for(f"{chosen} chosen again", lambda: any(why.all("label", chosen)))
            wait_for("its row", lambda: any(row.has("selected") for row in rows(table, re.escape(chosen) + "_1,")))

    def it_is_heard(self, window):
        """The segment sounds"""
        with sound_follows():
            window.find("filler", "MgWhyPane").find("push button", lambda text: text.startswith("Play")).press()

    def the_curves_are_drawn(self, window):
        """ROC and the others, of both runs"""
        results(window).find("page tab", "Curves").press()
        picture = results(window).find("image", "ROC")
        wait_for("curves of both", lambda: picture.description.count("AUC") >= 2)

    def the_table_is_exported(self, window):
        """The wrong segments with what both runs say of them"""
        xdotool("mousemove", 1590, 990)  # a tooltip has a window too
        wait_for("no tooltip", lambda: len(xdotool("search", "--onlyvisible", "--pid", window.process.pid).split()) == 1)
        button(results(window), "Export").press()
        window.focus(window.dialog_xid())
        window.key("ctrl+a")
        window.type(self.saved)
        window.key("Return")
        wait_for("the file", lambda: os.path.exists(self.saved))
        with open(self.saved, newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        assert table and all(line["y_pred_A"] != line["y_test"] for line in table), table
        probabilities = [name for name in table[0] if name.endswith("_prob_B")]
        assert "y_pred_B" in table[0] and len(probabilities) >= 2, table[0].keys()

    def steps(self):
        return [self.two_trainings_are_queued, self.they_are_trained, self.they_are_compared, self.the_wrong_ones_are_opened,
                self.one_is_explained, self.another_run_beside_keeps_it,
                self.it_is_heard, self.the_curves_are_drawn, self.the_table_is_exported]
