#!/usr/bin/env python3
"""A disk that is full at some write: full-disk-test.py MELOGRAPH_CLI VICTIM PRELOAD

Every command that writes is run again and again, with the disk full from its first write on, from its second, and so on
until it gets through (FAULT_WRITES of preload.c; where there are very many, 60 of them spread over all). Each time there
is one line on stderr that says so and a status of 1; no half file is left under its name, what was there before stays, and
nothing temporary lies around. Then the same on a real file system of a few pages, where one can be mounted."""
import os
import subprocess
import sys
import tempfile

from room import Room, content, report

CLI, VICTIM, PRELOAD = sys.argv[1:4]
MOST = 60
FULL = "No space left on device"


def count_writes(room, words):
    """How many writes the command makes when there is room."""
    path = room.path("count")
    result = room.run(*words, LD_PRELOAD=PRELOAD, FAULT_COUNT=path, **SANITIZED)
    yield from result.good()
    room.writes = int(content(path) or b"0")
    if room.writes == 0 and result.code == 0:
        yield f"{words[0]} writes nothing, so nothing is tested"


SANITIZED = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}


def moments(n):
    return range(n) if n <= MOST else sorted({round(i * (n - 1) / (MOST - 1)) for i in range(MOST)})


def files_below(folder):
    return {os.path.relpath(os.path.join(where, name), folder) for where, _, names in os.walk(folder) for name in names}


def try_all(room, words, out, clean=lambda: None):
    """`out` is what the command makes: absent, or as it was, after each failure."""
    yield from count_writes(room, words)
    whole = content(out) if os.path.isfile(out) else None
    failed = 0
    for n in moments(room.writes):
        clean()
        if whole is not None:
            with open(out, "wb") as file:
                file.write(b"old")
        before = files_below(room.folder)
        result = room.run(*words, LD_PRELOAD=PRELOAD, FAULT_WRITES=str(n), **SANITIZED)
        left = files_below(room.folder) - before
        if result.code == 0 and (whole is None or content(out) == whole):
            continue  # what it could not write was a cache, or a line of a log
        failed += 1
        yield from (f"write {n}: {problem}" for problem in result.one_line(FULL))
        if whole is not None and content(out) != b"old":
            yield f"write {n}: what was there before is lost"
        stray = [name for name in left if name.count(".") > 1 and not name.startswith("run")]
        if stray:
            yield f"write {n}: left behind: {stray}"
    if failed == 0:
        yield "never failed"


def train(room):
    """Each failure leaves a run that goes on, or none."""
    run, reference = room.path("run"), room.path("reference")
    words = room.train(run, epochs=2)
    yield from room.run(*room.train(reference, epochs=2)).good()
    yield from count_writes(room, words)
    resumed = 0
    for n in moments(room.writes):
        subprocess.run(["rm", "-rf", run], check=True)
        result = room.run(*words, LD_PRELOAD=PRELOAD, FAULT_WRITES=str(n), **SANITIZED)
        if result.code != 0:
            yield from (f"write {n}: {problem}" for problem in result.one_line(FULL))
        if not os.path.exists(os.path.join(run, "checkpoints", "last.safetensors")):
            continue
        resumed += 1
        yield from (f"write {n}, resumed: {problem}" for problem in room.run("train", "--run", run, "--resume").good())
        if content(os.path.join(run, "metrics.csv")) != content(os.path.join(reference, "metrics.csv")):
            yield f"write {n}: the resumed run has other numbers"
    if resumed == 0:
        yield "no run could be resumed"


def make_model(room):
    run = room.path("trained")
    yield from room.run(*room.train(run, epochs=1)).good()
    room.model = os.path.join(run, "checkpoints", "best.safetensors")
    room.track = room.path("data", "sine", "1.wav")


def commands(room):
    yield from make_model(room)
    model, track = room.model, room.track
    forget = lambda: subprocess.run(["rm", "-rf", room.environment["XDG_CACHE_HOME"]], check=True)  # noqa: E731
    labels = room.path("in.txt")
    with open(labels, "w") as file:
        file.write("0.1\t0.2\tclap\n")
    for name, words, clean in (
            ("f.npy", ["feature", track, "--type", "mfcc"], None), ("f.csv", ["feature", track, "--type", "rms"], None),
            ("f.png", ["feature", track, "--type", "stft"], None), ("f.svg", ["waveform", track], None),
            ("f.pdf", ["spectrogram-3d", track], None), ("p.csv", ["predict", "--model", model, track], None),
            ("m.onnx", ["export", "--model", model], None), ("l.csv", ["labels", labels], None),
            ("e.csv", ["embed", "--model", model, "--dataset", room.path("data"), "--method", "pca"], forget),
            ("t.csv", ["features", "--dataset", room.path("data"), "--table", "summary", "--quiet"], forget)):
        out = room.path(name)
        for problem in try_all(room, [*words, "--out", out], out, clean or (lambda: None)):
            yield f"{words[0]} {name}: {problem}"


def synth(room):
    out = room.path("demo")
    clean = lambda: subprocess.run(["rm", "-rf", out], check=True)  # noqa: E731
    words = ["synth", "--out", out, "--tracks", "2", "--seconds", "2"]
    clean()
    for problem in try_all(room, words, out, clean):
        yield problem


def table_train(room):
    table, run = room.path("rows.csv"), room.path("run-table")
    with open(table, "w") as file:
        file.write("filename,a,b,label\n" + "".join(f"{i}.wav,{i % 3},{i % 2 + i / 50},{'xy'[i % 2]}\n" for i in range(20)))
    clean = lambda: subprocess.run(["rm", "-rf", run], check=True)  # noqa: E731
    yield from try_all(room, ["table-train", "--table", table, "--classifier", "knn", "--run", run], run, clean)


def store(room):
    """The data base is sound whatever the disk did, and opens again."""
    folder = room.path("workspace")
    environment = {**os.environ, "LD_PRELOAD": PRELOAD, **SANITIZED}
    for n in range(0, 90):
        subprocess.run(["rm", "-rf", folder], check=True)
        result = subprocess.run([VICTIM, "store", folder, "a"], env={**environment, "FAULT_WRITES": str(n)},
                                capture_output=True, text=True, timeout=60)
        if result.returncode != 1 or result.stderr.count("\n") != 1:
            yield f"write {n}: exit status {result.returncode}: {result.stderr[-300:]}"
        kept = len(result.stdout.split())
        listed = subprocess.run([VICTIM, "list", folder], capture_output=True, text=True, timeout=60)
        counts = [int(word) for word in listed.stdout.split()]
        if listed.returncode != 0 or any(not kept <= count <= kept + 1 for count in counts):
            yield f"write {n}: {kept} were kept; {listed.stdout} {listed.stderr}"


def on_tmpfs(room):
    """A file system of its own, from one page on, until everything fits. Only root, or a user with a name space of his own,
    may mount one; elsewhere the tests above have to do."""
    probe = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", room.folder],
                           capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"# no file system can be mounted here ({probe.stderr.strip()}): only injected failures were tried")
        return
    yield from make_model(room)
    place = room.path("small")
    os.mkdir(place)
    for words, name in ((["feature", room.track, "--type", "stft"], "f.npy"), (["feature", room.track, "--type", "stft"], "f.png"),
                        (["labels", room.track.replace("1.wav", "l.txt")], "l.csv")):
        if words[0] == "labels":
            with open(words[1], "w") as file:
                file.writelines(f"{i}\t{i + 1}\tclap number {i}\n" for i in range(2000))
        for kilobytes in (4, 8, 16, 32, 64, 4096):
            out = os.path.join(place, name)
            script = 'mount -t tmpfs -o size="$1" tmpfs "$2"; shift 2; "$@"; code=$?; ls "${@: -1}"* 2>/dev/null; exit $code'
            result = subprocess.run(["unshare", "-rm", "bash", "-c", script, "bash", f"{kilobytes}k", place, CLI, *words, "--out", out],
                                    capture_output=True, text=True, env=room.environment, timeout=100)
            left = [line for line in result.stdout.splitlines() if line.startswith(out)]
            if result.returncode == 0:
                if left != [out]:
                    yield f"{kilobytes} KiB, {name}: good, and there is {left}"
                break
            if result.stderr.count("\n") != 1 or FULL not in result.stderr or left:
                yield f"{kilobytes} KiB, {name}: exit status {result.returncode}, {left}: {result.stderr[-300:]}"
        else:
            yield f"{name}: does not even fit into 4 MiB"
        if kilobytes == 4:
            yield f"{name}: fits into a page, so nothing was tried"


def main():
    checks = []
    for test in (commands, train, table_train, synth, store, on_tmpfs):
        with tempfile.TemporaryDirectory(prefix="melograph-faults-") as folder:
            checks.append((test.__name__, list(test(Room(folder, CLI)))))
    return report(checks)


sys.exit(main())
