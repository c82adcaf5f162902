"""A search for parameters is looked at while it goes on, stopped and resumed from the window; its best model is shown."""
import json
import os
import random
import signal
import subprocess
import sys

from demo import make_workspace
from journey import CLI, take
from window import wait_for

WORKSPACE = make_workspace()
RUN = os.path.join(WORKSPACE, "runs", "tuning")


def write_inputs():
    numbers = random.Random(5)
    table, space = os.path.join(WORKSPACE, "table.csv"), os.path.join(WORKSPACE, "space.json")
    with open(table, "w") as file:
        file.write("filename,a,b,label\n")
        for row in range(90):
            file.write(f"{row}.wav,{row % 3 + numbers.gauss(0, 0.5)},{numbers.gauss(0, 1)},{'abc'[row % 3]}\n")
    with open(space, "w") as file:
        json.dump({"classifier": "gradient-boosting", "n_estimators": 300, "max_depth": {"values": [2, 3]},
                   "subsample": {"low": 0.5, "high": 1}}, file)
    return table, space


def start_search():
    """One that cannot end by itself within the journey."""
    table, space = write_inputs()
    return subprocess.Popen([CLI, "search", "--table", table, "--space", space, "--trials", "100000", "--sampler",
                             "random", "--run", RUN, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


SEARCH = start_search()


def view(window):
    return window.find("filler", "MgSearchView")


def best(window):
    return view(window).find("label", lambda text: text.startswith("Best so far: trial"))


def trial_of(window):
    """How many trials are over, as the line below the bar tells."""
    label = next(window.all("label", lambda text: text.startswith("trial ")), None)
    return int(label.name.split()[1]) if label else 0


def it_is_shown_while_it_goes_on(window):
    """The Train page shows the newest run, here a search: scores, what matters, axes, and a table"""
    window.find("page tab", "Train").press()
    best(window)
    for name in ("Scores of the trials", "How much each parameter matters by itself",
                 "The trials over parallel axes, a parameter each"):
        view(window).find("image", name)
    before = wait_for("trials", lambda: trial_of(window))
    wait_for("more trials", lambda: trial_of(window) > before)


def the_table_tells_each_trial(window):
    """Columns of parameters, and rows whose parameters are within the space"""
    table = view(window).find("filler", "MgSearchTable")
    for title in ("Trial", "State", "Macro F1", "max_depth", "subsample"):
        table.find("label", title)
    wait_for("a finished trial", lambda: any(table.all("label", "finished")))
    wait_for("a choice", lambda: any(table.all("label", lambda text: text in ("2", "3"))))


def it_is_stopped(window):
    """Stop ends the process of another terminal"""
    window.find("push button", lambda text: text.startswith("Stop")).press()
    wait_for("the search to end", lambda: SEARCH.poll() is not None)
    window.find("push button", lambda text: text.startswith("Resume"))


def it_goes_on(window):
    """Resume goes on behind the last trial"""
    before = trial_of(window)
    window.find("push button", lambda text: text.startswith("Resume")).press()
    wait_for("more trials", lambda: trial_of(window) > before)
    window.find("push button", lambda text: text.startswith("Stop")).press()
    window.find("push button", lambda text: text.startswith("Resume"))


def finish(folder):
    """With as many trials as there are, so that the best is kept."""
    with open(os.path.join(folder, "trials.csv")) as file:
        trials = max(int(line.split(",")[0]) for line in file if line[0].isdigit())
    subprocess.run([CLI, "search", "--resume", "--run", folder, "--trials", str(trials), "--quiet"], check=True,
                   stdout=subprocess.DEVNULL, timeout=100)


def the_best_model_is_a_run(window):
    """When the search has ended, its best model is shown as a run of its own"""
    finish(RUN)
    view(window).find("push button", lambda text: text.startswith("Show best model")).press()
    window.find("list item", lambda text: text.startswith("best,"))


try:
    status = take("search", [it_is_shown_while_it_goes_on, the_table_tells_each_trial, it_is_stopped, it_goes_on,
                             the_best_model_is_a_run], WORKSPACE)
finally:
    if SEARCH.poll() is None:
        SEARCH.send_signal(signal.SIGKILL)
sys.exit(status)
