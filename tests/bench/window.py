"""Figures of the real window on a private screen: window.py [--hours H] [FILE].

First a sound of one hour that it makes (44.1 kHz, 16 bit, stereo), or FILE, then one of ten hours (mono), which is not in the
file cache; --hours alone measures the ten-hour part with another length. One JSON object a figure, with what was asked for
and whether it is met; the last one names what is not, and the exit status is 1 then. To be run by
tests/journeys/hermetic.sh, with MELOGRAPH_PROGRAM, MELOGRAPH_CLI and MELOGRAPH_DATA_DIR, as ./dev bench window does. Frames
are the time from the begin to the end of a frame; their "work" is what the window's thread computed, which other programs
on the machine do not lengthen."""
import argparse
import contextlib
import math
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from figures import Watch, at, drop_from_memory, finish, make_sound, tell, tell_frames  # noqa: E402
from journey import CLI, PROGRAM, scratch  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

FRAME_MS = 1000 / 60


def start_of_program():
    """From the start of the process to the end of the first frame of a window with nothing in it, ms."""
    times = []
    for _ in range(4):  # the first warms up
        began = time.monotonic()
        process = subprocess.Popen([PROGRAM], stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "MELOGRAPH_TRACE": "1"})
        mapped = False
        for line in process.stderr:
            mapped = mapped or '"window"' in line
            if mapped and '"frame"' in line:
                break
        times.append((time.monotonic() - began) * 1000)
        process.terminate()
        process.stderr.read()
        process.wait(20)
    tell("start to a usable window", ms=round(at(times[1:], 0.5)), limit_ms=600)


def image(window, name):
    return next(window.all("image", lambda text: text.startswith(name)), None)


def memory(process, name):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def last_time(name):
    """The end of the stretch that a view says it shows, s."""
    clock = re.search(r"–([0-9:.]+),", name).group(1)
    return sum(float(part) * 60 ** i for i, part in enumerate(reversed(clock.split(":"))))


def open_file(path):
    """A second start of the program hands the file to the window that is open, as a click in a file manager does."""
    own = os.path.join(scratch(), os.path.basename(path) + "-workspace")
    window = Window(PROGRAM, MELOGRAPH_TRACE="1", XDG_DATA_HOME=own)  # nothing is restored
    watch = Watch(window)
    subprocess.run([PROGRAM, path], timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    whole = watch.wait("whole-picture", 2)
    opened = watch.events("open")[-1]["at_ms"]
    tell("opening to the first picture", ms=round(watch.events("first-picture")[0]["at_ms"] - opened), limit_ms=500)
    tell("opening to a full picture", ms=round(whole[0]["at_ms"] - opened), all_panes_ms=round(whole[1]["at_ms"] - opened),
         limit_ms=500)
    return window, watch, opened


def scroll(window, modifier, button, times):
    """The wheel over the STFT, a notch every 12 ms; returns what was told meanwhile, and the seconds that it took."""
    xdotool("mousemove", *image(window, "STFT").point())
    time.sleep(0.3)
    watch, began = Watch(window), time.monotonic()
    xdotool("keydown", modifier, "click", "--repeat", times, "--delay", 12, button, "keyup", modifier)
    seconds = time.monotonic() - began
    return watch.all(), seconds


def tell_scrolling(window, figure, *turns):
    told = [scroll(window, *turn) for turn in turns]
    tell_frames(figure, [event for events, _ in told for event in events], sum(seconds for _, seconds in told))


def zoom_and_pan(window, while_what=""):
    """From all of it to a second and back; then pans in the middle. All is seen again at the end."""
    tell_scrolling(window, "zoom" + while_what, *[("ctrl", 4, 36), ("ctrl", 5, 40)] * 5)
    scroll(window, "ctrl", 4, 20)
    tell_scrolling(window, "pan" + while_what, ("shift", 5, 200), ("shift", 4, 200))
    scroll(window, "ctrl", 5, 30)


@contextlib.contextmanager
def training():
    """A network learns on all processors, at the priority that the window gives to its workers."""
    tracks, run = os.path.join(scratch(), "tracks"), os.path.join(scratch(), "a-run")
    subprocess.run([CLI, "synth", "--out", tracks, "--tracks", "4", "--seconds", "30"], check=True,
                   stdout=subprocess.DEVNULL)
    process = subprocess.Popen(["nice", "-n", "10", CLI, "train", "--dataset", tracks, "--model", "small-cnn", "--run", run,
                                "--quiet", "--set", "epochs=100000", "--set", "segment_seconds=5"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    metrics = os.path.join(run, "metrics.csv")
    wait_for("the first steps", lambda: os.path.exists(metrics) and os.path.getsize(metrics) > 500, 120)
    before = os.path.getsize(metrics)
    yield
    tell("steps written while the window was used", met=os.path.getsize(metrics) > before,
         bytes=os.path.getsize(metrics) - before)
    process.terminate()
    process.wait(60)


def tell_redrawn(figure, watch):
    """What was changed is to be seen after the one frame that composes the pictures anew."""
    watch.wait("compose")
    time.sleep(0.6)
    composed, frames, longest = [], 0, 0
    pending = False
    for event in watch.all():
        if event["event"] == "compose":
            composed.append(event["ms"])
            frames += not pending
            pending = True
        elif event["event"] == "frame-work" and pending:
            longest = max(longest, event["ms"])
            pending = False
    tell(f"another {figure}", met=frames == 1 and longest < FRAME_MS, frames=frames, pictures=len(composed),
         compose_ms=max(composed), frame_work_ms=longest, asked="one frame")


def choose(window, name, key):
    """Another entry of a combo row."""
    window.find("combo box", name).click()
    time.sleep(0.4)
    watch = Watch(window)
    window.key(key, "Return")
    tell_redrawn(name, watch)


def set_entry(window, name, value):
    entry = window.find("text", lambda text: text.startswith(name))
    entry.click()
    window.key("ctrl+a")
    watch = Watch(window)
    window.type(value)
    return watch


def change_n_fft(window, where, values):
    for value in values:
        watch = set_entry(window, "n_fft", value)
        whole = watch.wait("whole-picture")[0]
        refined = watch.wait("refined")[0]
        tell(f"n_fft {value}, {where}", ms=round(whole["ms"]), limit_ms=150, refined_ms=round(refined["ms"]))


def show_seconds(window, all_of_it, seconds):
    """Zooms in by the wheel, from all of the file, until no more is seen."""
    scroll(window, "ctrl", 4, math.ceil(math.log(max(1, all_of_it / seconds)) / math.log(1.25)))
    time.sleep(1)


def turn_surface(window):
    window.find("push button", "Add a pane").click()
    window.find(name=lambda text: text.replace("_", "") == "3D spectrogram").press()
    surface = wait_for("the surface", lambda: image(window, "3D spectrogram"))
    for _ in range(8):
        window.key("alt+plus")
    watch = Watch(window)
    window.set_parameter("n_mels", "256")
    field = wait_for("256 rows", lambda: next((e for e in watch.events("surface-field") if e["rows"] == 256), None))
    surface.click()
    time.sleep(3)
    surface = image(window, "3D spectrogram")
    (x0, y0), (x1, y1) = surface.point(0.2, 0.4), surface.point(0.8, 0.6)
    way, steps = ["mousemove", x0, y0, "mousedown", 1], 400
    for i in range(steps):
        share = abs((i / steps * 4) % 2 - 1)
        way += ["mousemove", round(x1 + (x0 - x1) * share), round(y0 + (y1 - y0) * i / steps), "sleep", 0.01]
    watch, began = Watch(window), time.monotonic()
    xdotool(*way, "mouseup", 1)
    seconds = time.monotonic() - began
    turned = [event["ms"] for event in watch.events("surface-turned")]
    work = [event["ms"] for event in watch.events("frame-work")]
    extents, rate, places = surface.extents, len(turned) / seconds, (field["columns"], field["rows"])
    tell(f"3D turned, {places[0]} x {places[1]}", met=rate >= 30 and places == (512, 256),
         pixels=f"{extents[2]}x{extents[3]}", pictures_per_s=round(rate, 1), made_in_p50_ms=at(turned, 0.5),
         made_in_p99_ms=at(turned, 0.99), work_p99_ms=at(work, 0.99), asked="30 a second at 512 x 256")


def tell_memory(window):
    peak = memory(window.process, "VmHWM")
    tell("memory", met=peak < 600, rss_mb=round(memory(window.process, "VmRSS")), peak_mb=round(peak), limit_mb=600)


def measure_hour(path):
    start_of_program()
    window, watch, opened = open_file(path)
    refined = watch.wait("refined", 2)[-1]
    tell("opening to the refined picture", ms=round(refined["at_ms"] - opened))
    seconds = last_time(image(window, "STFT").name)
    zoom_and_pan(window)
    with training():
        zoom_and_pan(window, " while training")
    choose(window, "colormap", "Down")
    choose(window, "frequency_axis", "Down")
    tell_redrawn("top_db", set_entry(window, "top_db", "60"))
    change_n_fft(window, "all of it seen", ("1024", "4096", "2048"))
    show_seconds(window, seconds, 12)
    change_n_fft(window, "12 s seen", ("1024", "4096", "2048"))
    scroll(window, "ctrl", 5, 4)
    turn_surface(window)
    tell_memory(window)
    window.close()


def measure_hours(hours):
    """Opened and used at once, while the pictures are still refined."""
    path = make_sound(hours)
    drop_from_memory(path)
    tell(f"{hours:g} hours, read from the disk", mb=round(os.path.getsize(path) / 1e6))
    window = open_file(path)[0]
    zoom_and_pan(window, " while it is refined")
    change_n_fft(window, "all of it seen", ("4096", "2048"))
    show_seconds(window, hours * 3600, 12)
    change_n_fft(window, "12 s seen", ("4096", "2048"))
    tell_memory(window)
    window.close()
    os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float)
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()
    if options.hours is None:
        measure_hour(os.path.abspath(options.file) if options.file else make_sound(1))
    if not options.file:
        measure_hours(options.hours or 10)
    finish()


main()
