#!/usr/bin/env python3
"""Hours of live classification, as fast as they can be heard, hold their memory: live-memory.py MELOGRAPH_CLI [HOURS (8)]
[MB (20)]. Fails where the resident size after the first minute grows by more than MB."""
import os
import subprocess
import sys
import tempfile
import time
import wave

CLI = sys.argv[1]
HOURS = float(sys.argv[2]) if len(sys.argv) > 2 else 8
MOST = float(sys.argv[3]) if len(sys.argv) > 3 else 20


def write_noise(path, seconds):
    """8-bit noise, a minute of it again and again."""
    minute = os.urandom(8000 * 60)
    with wave.open(path, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", None))
        for _ in range(int(seconds / 60)):
            file.writeframes(minute)


def resident_mb(process):
    try:
        with open(f"/proc/{process.pid}/status") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS")), None)
    except FileNotFoundError:
        return None


def main():
    with tempfile.TemporaryDirectory(prefix="melograph-soak-") as folder:
        sound, log = os.path.join(folder, "hours.wav"), os.path.join(folder, "log.csv")
        write_noise(sound, HOURS * 3600)
        start = time.monotonic()
        process = subprocess.Popen([CLI, "live", "--model", "esc10", "--file", sound, "--log", log], stdout=subprocess.DEVNULL)
        sizes = []
        while process.poll() is None:
            size = resident_mb(process)
            if size:
                sizes.append(size)
            time.sleep(0.5)
        taken = time.monotonic() - start
        with open(log) as file:
            decisions = sum(1 for _ in file) - 1
        settled = sizes[len(sizes) // 20 + 2 :]
        growth = max(settled) - settled[0]
        print(f"{HOURS:g} h in {taken:.0f} s ({HOURS * 3600 / taken:.0f} times real time), {decisions} decisions, "
              f"resident {settled[0]:.1f} MB, growth {growth:.1f} MB")
        good = process.returncode == 0 and growth <= MOST and decisions > HOURS * 3600 * 3.9
        return 0 if good else 1


sys.exit(main())
