"""Odd sounds and accidents: each is said where the picture would be, with what to do, and the window goes on."""
import array
import math
import os
import re
import subprocess
import sys
import wave

from journey import scratch, take
from window import wait_for

FOLDER = os.path.join(scratch(), "sounds")


def write(name, seconds, sr, channels=1, level=0.5, hz=1000):
    """A tone in every channel; beyond full scale it is clipped."""
    os.makedirs(FOLDER, exist_ok=True)
    path, samples = os.path.join(FOLDER, name), array.array("h")
    for i in range(int(seconds * sr)):
        value = max(-1, min(1, level * math.sin(2 * math.pi * hz * i / sr)))
        samples.extend([round(32767 * value)] * channels)
    with wave.open(path, "wb") as file:
        file.setparams((channels, 2, sr, 0, "NONE", None))
        file.writeframes(samples.tobytes())
    return path


SOUNDS = [write("tone.wav", 19, 22050), write("eight.wav", 2, 44100, channels=8), write("high.wav", 1, 192000),
          write("low.wav", 3, 8000), write("silent.wav", 3, 22050, level=0), write("clipped.wav", 3, 22050, level=4),
          write("short.wav", 0.01, 22050)]
EMPTY = write("empty.wav", 0, 22050)


def image(window, name):
    return next(window.part("Page").all("image", lambda text: text.startswith(name)), None)


def says(window, pattern):
    """A label of the page says it."""
    return wait_for(pattern, lambda: next(window.part("Page").all("label", lambda name: re.search(pattern, name)), None))


def warns(window, pattern):
    """Something in the window says it."""
    return wait_for(pattern, lambda: next(window.all(None, lambda name: re.search(pattern, name)), None))


def open_sound(window, name, end):
    """Chooses it in the library; `end` is what the axis shows then."""
    window.part("MgLibraryPane").find("label", name).click(times=2)
    wait_for(f"{name} on the axis", lambda: re.search(end, image(window, "Time axis").name))


def eight_channels(window):
    """Eight channels are drawn, each for itself"""
    open_sound(window, "eight.wav", r"0:02\.000$")
    wait_for("eight channels", lambda: image(window, "Waveform") and "8 channels" in image(window, "Waveform").name)


def rates(window):
    """192 kHz and 8 kHz: native rates reach to half of them"""
    open_sound(window, "high.wav", r"0:01\.000$")
    window.set_parameter("sr", "native")
    wait_for("96 kHz", lambda: "0–96000 Hz" in image(window, "STFT").name)
    open_sound(window, "low.wav", r"0:03\.000$")
    wait_for("4 kHz", lambda: "0–4000 Hz" in image(window, "STFT").name)


def silence_and_clipping(window):
    """A silent sound and a clipped one are told beside the waveform's title, others are not"""
    open_sound(window, "silent.wav", r"0:03\.000$")
    says(window, "^silent$")
    open_sound(window, "clipped.wav", r"0:03\.000$")
    says(window, r"^full scale in (9\d|100) % of its length: clipped\?$")
    open_sound(window, "low.wav", r"0:03\.000$")
    remarks = lambda: list(window.part("Page").all("label", lambda name: re.search("full scale|^silent$", name)))  # noqa: E731
    wait_for("no remark", lambda: not remarks())


def too_short(window):
    """A sound shorter than n_fft: the picture is what there is of it"""
    open_sound(window, "short.wav", r"0:00\.010$")
    wait_for("the picture", lambda: image(window, "STFT"))
    window.set_parameter("n_fft", "65536")
    wait_for("n_fft", lambda: "n_fft 65536" in image(window, "STFT").name)


def no_picture(window):
    """Parameters that make no picture are told in the pane, and the picture comes back with better ones"""
    open_sound(window, "tone.wav", r"0:19\.000$")
    window.set_parameter("n_fft", "2048")
    image(window, "Mel").click()
    window.set_parameter("fmin", "9000")
    window.set_parameter("fmax", "100")
    says(window, r"(?i)^fm(in|ax).*9000|^fm(in|ax).*100")
    window.set_parameter("fmin", "0")
    window.set_parameter("fmax", "4000")
    wait_for("the picture", lambda: "0–4000 Hz" in image(window, "Mel").name)


def nothing_in_it(window):
    """A sound without a sample is refused with its name"""
    subprocess.run([os.environ["MELOGRAPH_PROGRAM"], EMPTY], timeout=60, check=False)
    warns(window, r"(?s)empty\.wav.*(no sound|no sample|empty|nothing)")
    open_sound(window, "tone.wav", r"0:19\.000$")


def the_file_changes(window):
    """A file that goes is told above the panes; another of its name is read anew by Reload"""
    os.rename(SOUNDS[0], SOUNDS[0] + ".away")
    says(window, r"tone\.wav is no longer there")
    write("tone.wav", 7, 22050)
    says(window, r"tone\.wav has changed since it was opened")
    window.part("Page").find("push button", lambda name: name.startswith("Reload")).press()
    wait_for("7 s", lambda: re.search(r"0:07\.000$", image(window, "Time axis").name))
    wait_for("no notice", lambda: not list(window.part("Page").all("label", lambda name: "has changed" in name)))


def the_device_goes(window):
    """A sound device that goes while it plays ends the playing and is told"""
    image(window, "STFT").click(across=0.1)
    window.key("space")
    bar = window.part("MgTransport")
    wait_for("playing", lambda: next(bar.all("push button", lambda name: name.startswith("Stop")), None))
    subprocess.run(["pactl", "exit"], timeout=20, check=False)
    warns(window, "sound device is gone")
    wait_for("the end of playing", lambda: next(bar.all("push button", lambda name: name.startswith("Play")), None))


sys.exit(take("odd", [eight_channels, rates, silence_and_clipping, too_short, no_picture, nothing_in_it, the_file_changes,
                      the_device_goes], *SOUNDS))
