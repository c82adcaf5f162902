"""Figures of the real window on a private screen: window.py [--hours H] [FILE].

Without FILE it makes one of H hours (1): 44.1 kHz, 16 bit, stereo up to two hours, beyond mono. One JSON object a figure.
To be run by tests/journeys/hermetic.sh, with MELOGRAPH_PROGRAM, MELOGRAPH_CLI and MELOGRAPH_DATA_DIR, as ./dev bench window
does. Frames are the time from the begin to the end of a frame; their "work" is what the window's thread computed, which
other programs on the machine do not lengthen."""
import argparse
import array
import math
import os
import random
import re
import subprocess
import sys
import time
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from figures import Watch, at, tell, tell_frames  # noqa: E402
from journey import CLI, PROGRAM, scratch  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

SR, BLOCK = 44100, 20  # s of sound that is repeated


def make_sound(hours):
    path, numbers, channels = os.path.join(scratch(), "long.wav"), random.Random(1), 2 if hours <= 2 else 1
    block = array.array("h")
    for i in range(BLOCK * SR):
        t = i / SR
        note = 220 * 2 ** (int(t * 4) % 12 / 12)
        value = sum(math.sin(2 * math.pi * note * k * t) / k for k in (1, 2, 3, 5, 8)) * math.exp(-(t * 4 % 1) * 3)
        block.extend([int(7000 * value + numbers.uniform(-200, 200))] * channels)
    with wave.open(path, "wb") as file:
        file.setparams((channels, 2, SR, 0, "NONE", None))
        for _ in range(int(hours * 3600 / BLOCK)):
            file.writeframesraw(block.tobytes())
    return path


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
    window = Window(PROGRAM, MELOGRAPH_TRACE="1")
    watch = Watch(window)
    subprocess.run([PROGRAM, path], timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("the picture", lambda: watch.events("whole-picture"), 600)
    opened = watch.events("open")[-1]["at_ms"]
    first, whole = watch.events("first-picture")[0], watch.wait("whole-picture", 2)
    tell("opening to the first picture", ms=round(first["at_ms"] - opened))
    tell("opening to a full picture", ms=round(whole[0]["at_ms"] - opened), all_panes_ms=round(whole[1]["at_ms"] - opened),
         limit_ms=500)
    return window, watch, opened


def scroll(window, modifier, button, times):
    """The wheel over the STFT, a notch every 12 ms."""
    xdotool("mousemove", *image(window, "STFT").point())  # it may be there already, which --sync would not see
    time.sleep(0.5)
    watch, began = Watch(window), time.monotonic()
    xdotool("keydown", modifier, "click", "--repeat", times, "--delay", 12, button, "keyup", modifier)
    seconds = time.monotonic() - began
    return watch, seconds


def zoom_and_pan(window):
    for figure, modifier, button, times in (("zoom in, to a second", "ctrl", 4, 36), ("zoom out", "ctrl", 5, 20),
                                            ("pan", "shift", 5, 200), ("pan back", "shift", 4, 200),
                                            ("zoom out to all", "ctrl", 5, 30)):
        watch, seconds = scroll(window, modifier, button, times)
        tell_frames(figure, watch, seconds)


def pan_while_training(window):
    """The same while a network learns on all processors, at the priority that the window gives to its workers."""
    tracks, run = os.path.join(scratch(), "tracks"), os.path.join(scratch(), "run")
    subprocess.run([CLI, "synth", "--out", tracks, "--tracks", "4", "--seconds", "30"], check=True,
                   stdout=subprocess.DEVNULL)
    training = subprocess.Popen(["nice", "-n", "5", CLI, "train", "--dataset", tracks, "--model", "small-cnn", "--run", run,
                                 "--quiet", "--set", "epochs=100000", "--set", "segment_seconds=5"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    metrics = os.path.join(run, "metrics.csv")
    wait_for("the first steps", lambda: os.path.exists(metrics) and os.path.getsize(metrics) > 500, 120)
    for figure, modifier, button, times in (("zoom in while training", "ctrl", 4, 36), ("pan while training", "shift", 5, 200),
                                            ("zoom out while training", "ctrl", 5, 36)):
        watch, seconds = scroll(window, modifier, button, times)
        tell_frames(figure, watch, seconds)
    training.terminate()
    training.wait(60)


def choose(window, name, key):
    """Another entry of a combo row."""
    window.find("combo box", name).click()
    time.sleep(0.4)
    watch = Watch(window)
    window.key(key, "Return")
    watch.wait("compose")
    time.sleep(0.6)
    composed = [event["ms"] for event in watch.events("compose")]
    work = [event["ms"] for event in watch.events("frame-work")]
    tell(f"another {name}", pictures=len(composed), compose_ms=max(composed), longest_frame_work_ms=max(work),
         limit="one frame")


def set_entry(window, name, value):
    entry = window.find("text", lambda text: text.startswith(name))
    entry.click()
    window.key("ctrl+a")
    watch = Watch(window)
    window.type(value)
    return watch


def change_n_fft(window, where):
    for value in ("1024", "4096", "2048"):
        watch = set_entry(window, "n_fft", value)
        whole = watch.wait("whole-picture")[0]
        tell(f"n_fft {value}, {where}", ms=round(whole["ms"]), limit_ms=150)
        watch.wait("refined")


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
    window.set_parameter("n_mels", "256")
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
    extents = surface.extents
    tell("3D turned, 512 x 256", pixels=f"{extents[2]}x{extents[3]}", pictures_per_s=round(len(turned) / seconds, 1),
         made_in_p50_ms=at(turned, 0.5), made_in_p99_ms=at(turned, 0.99), work_p99_ms=at(work, 0.99), limit="30 a second")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()
    path = os.path.abspath(options.file) if options.file else make_sound(options.hours)
    start_of_program()
    window, watch, opened = open_file(path)
    refined = watch.wait("refined", 2)[-1]
    seconds = last_time(image(window, "STFT").name)
    tell("opening to the refined picture", ms=round(refined["at_ms"] - opened))
    zoom_and_pan(window)
    pan_while_training(window)
    choose(window, "colormap", "Down")
    choose(window, "frequency_axis", "Down")
    watch = set_entry(window, "top_db", "60")
    watch.wait("compose")
    tell("another top_db", compose_ms=max(event["ms"] for event in watch.events("compose")), limit="one frame")
    change_n_fft(window, "all of it seen")
    show_seconds(window, seconds, 12)
    change_n_fft(window, "12 s seen")
    turn_surface(window)
    tell("memory", rss_mb=round(memory(window.process, "VmRSS")), peak_mb=round(memory(window.process, "VmHWM")),
         limit_mb=600)
    window.close()


main()
