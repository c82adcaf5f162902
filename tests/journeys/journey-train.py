"""A person looks at a data set, trains a network on it, watches the curves grow, and stops a second training."""
import re
import sys

from demo import SMALL, make_tracks, make_workspace
from journey import take
from window import wait_for

WORKSPACE = make_workspace()
TRACKS = make_tracks(WORKSPACE)


def parameters(window):
    """The panel of the training: other pages' panels have a segment_seconds too."""
    def is_training(panel):
        return any(panel.all("text", "epochs"))

    return wait_for("the parameters", lambda: next(filter(is_training, window.all("filler", "MgParamPanel")), None))


def set_parameter(window, name, value):
    entry = parameters(window).find("text", name)
    entry.write(value + "\n")
    wait_for(f"{name} = {value}", lambda: entry.text == value)


def curve(window, name):
    return next(window.all("image", lambda text: text.startswith(name + ":")), None)


def epoch_of(window):
    """The epoch up to which the loss curve is drawn; 0 while there is none."""
    found = curve(window, "Loss")
    numbers = re.search(r"epoch (\d+)", found.name) if found else None
    return int(numbers.group(1)) if numbers else 0


def the_data_set_is_counted(window):
    """The Dataset page tells classes and segments by split"""
    window.find("page tab", "Dataset").press()
    window.find("page tab", lambda text: text.startswith("Split")).click()
    window.find("label", lambda text: text.startswith("2 classes · 10 tracks"))
    table = window.find("panel", "Segments by class and split")
    for label in ("classique", "rap", "All classes"):
        table.find("label", label)


def a_training_starts(window):
    """Train on it, a few parameters, Start"""
    window.find("push button", lambda text: text.startswith("Start"))
    set_parameter(window, "epochs", "4")
    set_parameter(window, "segment_seconds", SMALL["segment_seconds"])
    set_parameter(window, "n_mels", SMALL["n_mels"])
    window.find("push button", lambda text: text.startswith("Start")).press()
    window.find("list item", lambda text: text.startswith("small-cnn-1,"))


def the_network_is_shown(window):
    """A diagram of the network that is chosen, closed by Escape"""
    window.find("push button", lambda text: text.startswith("Train on it")).press()
    window.find("push button", "Show network").press()
    window.find("image", "Small CNN: parameters 109,666")
    dialog = window.dialog_xid()
    window.focus(dialog)
    window.key("Escape")
    wait_for("the end of the diagram", lambda: next(window.all("image", "Small CNN: parameters 109,666"), None) is None)
    window.focus()


def the_curves_grow(window):
    """Loss and accuracy draw themselves, epoch after epoch"""
    wait_for("the first epoch", lambda: epoch_of(window) >= 1)
    seen = epoch_of(window)
    wait_for("a later epoch", lambda: epoch_of(window) > seen or "finished" in run_of(window))
    assert "train" in curve(window, "Loss").name and "validation" in curve(window, "Accuracy").name


def run_of(window, name="small-cnn-1"):
    return window.find("list item", lambda text: text.startswith(name + ",")).name


def it_finishes(window):
    wait_for("the end", lambda: "finished" in run_of(window) and "4/4" in run_of(window))
    assert epoch_of(window) == 4, f"the curves end at epoch {epoch_of(window)}"


def button(window, label):
    """Of the page, which comes before the transport bar and its own Pause."""
    return window.find("push button", lambda text: text.startswith(label))


def a_second_training_is_stopped(window):
    """A second run joins the list, is halted and goes on, and Stop ends it with a checkpoint"""
    set_parameter(window, "epochs", "500")
    window.find("push button", lambda text: text.startswith("Start")).press()
    wait_for("the second run", lambda: "training" in run_of(window, "small-cnn-2"))
    wait_for("its first epoch", lambda: re.search(r"epoch [1-9]", run_of(window, "small-cnn-2")))
    button(window, "Pause").press()
    wait_for("its rest", lambda: "paused" in run_of(window, "small-cnn-2"))
    button(window, "Go on").press()
    wait_for("its going on", lambda: "training" in run_of(window, "small-cnn-2"))
    window.find("push button", lambda text: text.startswith("Stop")).press()
    wait_for("its end", lambda: "stopped" in run_of(window, "small-cnn-2"))


sys.exit(take("train", [the_data_set_is_counted, the_network_is_shown, a_training_starts, the_curves_grow, it_finishes,
                        a_second_training_is_stopped], WORKSPACE, TRACKS))
