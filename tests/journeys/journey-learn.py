"""A lesson is done: its controls drive its views, its task checks itself, its file is changed while it is open, it is shown
to a room; and a network is trained in one, whose mistake is opened."""
import os
import sys

from demo import make_workspace
from journey import take
from window import wait_for

WORKSPACE = make_workspace()
OWN = os.path.join(WORKSPACE, "lessons", "mine.lesson")
LESSON = """[lesson]
title = {title}
[text]
A tone.
[control n_fft]
title = Frame
values = 512 2048
start = 512
[control level]
title = Level
from = 0
to = 1
step = 0.1
start = 0.5
[sound]
seconds = 1
tone = hz 1000, amplitude level
[view spectrum]
title = Spectrum
[view pane]
type = stft
n_fft = n_fft
[task]
text = Choose the long frame.
check = n_fft == 2048
solved = Long it is.
solution = n_fft = 2048
"""


def write(text):
    os.makedirs(os.path.dirname(OWN), exist_ok=True)
    with open(OWN, "w", encoding="utf-8") as file:
        file.write(text)


def page(window):
    return window.find("filler", "MgLearnPage")


def seen(thing, text):
    return wait_for(text, lambda: next(thing.all("label", lambda name: text in name), None))


def lessons_are_listed(window):
    """Ten lessons and the workspace's own are listed"""
    window.find("page tab", "Learn").press()
    for title in ("Sound as a wave", "Overfitting and leakage", "Mine"):
        page(window).find("list item", title)
    seen(page(window), "0 of 11 solved")


def it_is_opened(window):
    """A lesson shows its text, its picture in words, and Explore's pane of its sound"""
    page(window).find("list item", "Mine").click()
    seen(page(window), "Frame of 23.2 ms")
    wait_for("the picture's description", lambda: "Frame of" in page(window).find("image", "Spectrum").description)
    page(window).find("image", lambda name: "n_fft 512" in name)
    seen(page(window), "Not solved yet")


def the_task_is_solved(window):
    """The solution sets the control, the views follow, and the task says that it is solved"""
    page(window).find("push button", lambda name: name.startswith("Solution")).press()
    seen(page(window), "Frame of 92.9 ms")
    page(window).find("image", lambda name: "n_fft 2048" in name)
    seen(page(window), "Long it is.")


def the_file_is_changed(window):
    """What an editor changes in the file is shown at once"""
    write(LESSON.format(title="Yours"))
    seen(page(window), "Yours")
    seen(page(window), "Frame of 23.2 ms")


def an_error_is_told(window):
    """A mistake in the file is told in place by file and line, and goes with it"""
    write(LESSON.format(title="Ours").replace("hz 1000", "pitch 9"))
    seen(page(window), "mine.lesson:17: “pitch 9”")
    write(LESSON.format(title="Ours"))
    seen(page(window), "Ours")
    wait_for("no error", lambda: not any(page(window).all("label", lambda name: "mine.lesson:17" in name)))


def it_is_presented(window):
    """F5 shows the lesson alone in large type, Escape brings the window back"""
    before = seen(page(window), "A tone.").extents
    window.key("F5")
    wait_for("large type, without a header", lambda: larger(seen(page(window), "A tone.").extents, before))
    window.key("Escape")
    wait_for("the window", lambda: seen(page(window), "A tone.").extents == before)


def larger(now, before):
    return now[3] > 1.3 * before[3] and now[1] < before[1]


def a_network_is_trained(window):
    """In the last lesson a network is really trained"""
    page(window).find("push button", "All lessons").press()
    seen(page(window), "1 of 11 solved")
    page(window).find("list item", "Looking inside a mistake").click()
    page(window).find("push button", lambda name: name.startswith("Train")).press()
    page(window).find("push button", lambda name: name.startswith("Train again"), seconds=120)
    seen(page(window), "best F1")


def its_mistake_is_opened(window):
    """Arrow keys lead to a segment that it misclassified, and the task is solved"""
    plane = page(window).find("filler", "MgPlanePicture")
    picture = wait_for("points", lambda: next(plane.all("image"), None))
    picture.click()
    def wrong():
        if any(page(window).all("label", "Solved")):
            return True
        window.key("Right")
        window.key("Down")
        return False

    wait_for("a ringed point", wrong)


write(LESSON.format(title="Mine"))
sys.exit(take("learn", [lessons_are_listed, it_is_opened, the_task_is_solved, the_file_is_changed, an_error_is_told,
                        it_is_presented, a_network_is_trained, its_mistake_is_opened], WORKSPACE))
