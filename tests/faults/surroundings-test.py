#!/usr/bin/env python3
"""What happens around the program: surroundings-test.py MELOGRAPH_CLI VICTIM PRELOAD

Folders that cannot be written or go away, clocks that jump, two programs on one run, a process that hangs."""
import os
import signal
import subprocess
import sys
import tempfile
import time

from room import Result, Room, content, report

CLI, VICTIM, PRELOAD = sys.argv[1:4]
SANITIZED = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.01)


def lines(run):
    return (content(os.path.join(run, "metrics.csv")) or b"").count(b"\n")


def refused(room):
    """No place to write: below a file, in a folder that is absent, in /proc, which is for nobody to write into."""
    track, blocked = room.path("data", "sine", "1.wav"), room.path("file")
    with open(blocked, "w") as file:
        file.write("in the way")
    for folder in (blocked, room.path("absent"), "/proc"):
        yield from room.run("feature", track, "--type", "rms", "--out", os.path.join(folder, "f.npy")).one_line(folder)
        yield from room.run("waveform", track, "--out", os.path.join(folder, "f.png")).one_line(folder)
    for folder in (blocked, "/proc"):
        yield from room.run(*room.train(os.path.join(folder, "run"))).one_line(folder)
        result = subprocess.run([VICTIM, "list", folder], capture_output=True, text=True)
        if result.returncode != 1 or folder not in result.stderr or result.stderr.count("\n") != 1:
            yield f"a workspace in {folder}: {result.returncode}: {result.stderr}"
    yield from room.run("dataset", room.path("absent")).one_line("absent")


def read_only(room):
    """A disk that can only be read: what reads works, what writes says so. A cache that cannot be written is none."""
    run, workspace = room.path("run"), room.path("workspace")
    yield from room.run(*room.train(run, epochs=1)).good()
    filler = subprocess.Popen([VICTIM, "store", workspace, "a"], stdout=subprocess.PIPE)
    for _ in range(3):
        filler.stdout.readline()
    filler.kill()
    filler.wait()
    best, track = os.path.join(run, "checkpoints", "best.safetensors"), room.path("data", "sine", "1.wav")
    picture = f"{room.folder}.png"  # beside what can only be read
    works = [[CLI, "predict", "--model", best, track], [CLI, "curves", "--run", run, "--out", picture],
             [CLI, "dataset", room.path("data")], [VICTIM, "list", workspace]]
    fails = [[CLI, "evaluate", "--run", run, "--out", os.path.join(run, "p.csv")],
             [CLI, "feature", track, "--type", "rms", "--out", room.path("f.npy")], [CLI, *room.train(room.path("other"))]]
    read_only_mount = ["unshare", "-rm", "bash", "-c",
                       'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"', "bash", room.folder]
    mounted = subprocess.run([*read_only_mount, "true"], capture_output=True).returncode == 0
    if not mounted and os.getuid() == 0:
        print("# nothing can be mounted here, and root may write everywhere: read-only folders were not tried")
        return
    prefix = read_only_mount if mounted else []
    if not mounted:
        subprocess.run(["chmod", "-R", "a-w", room.folder], check=True)
    for words in works:
        result = subprocess.run([*prefix, *words], capture_output=True, text=True, env=room.environment)
        if result.returncode != 0:
            yield f"{words[1]}: exit status {result.returncode}: {result.stderr}"
    for words in fails:
        done = subprocess.run([*prefix, *words], capture_output=True, text=True, env=room.environment)
        yield from (f"{words[1]}: {problem}" for problem in Result(done.returncode, done.stdout, done.stderr).one_line())
    if not mounted:
        subprocess.run(["chmod", "-R", "u+w", room.folder], check=True)
    if os.path.exists(picture):
        os.unlink(picture)


def vanishing(room):
    """The run folder, then the data set, goes away while a network is trained from it."""
    run = room.path("run")
    process = room.start(*room.train(run, epochs=10000))
    wait_for("metrics", lambda: lines(run) > 5)
    os.rename(run, room.path("moved"))
    _, err = process.communicate(timeout=60)
    if process.returncode != 1 or err.count(b"\n") != 1:
        yield f"the run has gone: exit status {process.returncode}: {err.decode()[-300:]}"
    yield from room.run("curves", "--run", room.path("moved"), "--out", room.path("c.png")).good()
    process = room.start(*room.train(run, epochs=10000), XDG_CACHE_HOME=room.path("cache2"))
    wait_for("metrics", lambda: lines(run) > 5)
    os.rename(room.path("data"), room.path("data2"))
    before = lines(run)
    wait_for("more metrics", lambda: lines(run) > before + 20 or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    if process.returncode not in (0, 1) or err.count(b"\n") > 1:
        yield f"the sounds have gone: exit status {process.returncode}: {err.decode()[-300:]}"
    os.rename(room.path("data2"), room.path("data"))
    os.rename(room.path("data", "sine", "1.wav"), room.path("1.wav"))
    result = room.run("train", "--run", run, "--resume", XDG_CACHE_HOME=room.path("cache3"))
    yield from result.one_line("1.wav")


def clocks(room):
    """The time of day jumps by hours and days at every look: the same numbers, and times that are told make sense."""
    a, b = room.path("a"), room.path("b")
    yield from room.run(*room.train(a)).good()
    yield from room.run(*room.train(b), LD_PRELOAD=PRELOAD, FAULT_CLOCK="1", **SANITIZED).good()
    if content(os.path.join(a, "metrics.csv")) != content(os.path.join(b, "metrics.csv")):
        yield "a training under a jumping clock gives other numbers"
    seconds = [line.split(b"=")[1] for line in content(os.path.join(b, "status")).splitlines() if line.startswith(b"seconds=")]
    if len(seconds) != 1 or not 0 <= float(seconds[0]) < 600:
        yield f"it took {seconds} s"
    os.utime(room.path("data", "sine", "1.wav"), (4e9, 4e9))  # a file from the future
    yield from room.run("dataset", room.path("data")).good()
    yield from room.run("features", "--dataset", room.path("data"), "--table", "summary", "--set", "sr=8000", "--out",
                        room.path("t.csv"), LD_PRELOAD=PRELOAD, FAULT_CLOCK="1", **SANITIZED).good()
    workspace = room.path("workspace")
    filler = subprocess.Popen([VICTIM, "store", workspace, "a"], stdout=subprocess.PIPE,
                              env={**os.environ, "LD_PRELOAD": PRELOAD, "FAULT_CLOCK": "1", **SANITIZED})
    for _ in range(20):
        filler.stdout.readline()
    filler.kill()
    filler.wait()
    listed = subprocess.run([VICTIM, "list", workspace], capture_output=True, text=True)
    if listed.returncode != 0 or int(listed.stdout.split()[0]) < 20:
        yield f"the workspace: {listed.stdout} {listed.stderr}"


def two_writers(room):
    """A run belongs to one process at a time; a second one is refused and harms nothing."""
    run = room.path("run")
    process = room.start(*room.train(run, epochs=10000))
    wait_for("a checkpoint", lambda: os.path.exists(os.path.join(run, "checkpoints", "last.safetensors")))
    yield from room.run("train", "--run", run, "--resume").one_line(run)
    yield from room.run(*room.train(run)).one_line(run)
    if process.poll() is not None:
        yield "the first training has ended"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


def hanging(room):
    """A stopped process is told as paused, does not hold up who looks, and ends when it is killed; the run goes on."""
    run, reference = room.path("run"), room.path("reference")
    yield from room.run(*room.train(reference)).good()
    process = room.start(*room.train(run))
    wait_for("metrics", lambda: lines(run) > 2 or process.poll() is not None)
    process.send_signal(signal.SIGSTOP)
    yield from room.run("curves", "--run", run, "--out", room.path("c.png")).good()
    process.kill()
    process.communicate()
    if os.path.exists(os.path.join(run, "checkpoints", "last.safetensors")):
        yield from room.run("train", "--run", run, "--resume").good()
        if content(os.path.join(run, "metrics.csv")) != content(os.path.join(reference, "metrics.csv")):
            yield "the run goes on with other numbers"


def main():
    checks = []
    for test in (refused, read_only, vanishing, clocks, two_writers, hanging):
        with tempfile.TemporaryDirectory(prefix="melograph-faults-") as folder:
            try:
                problems = list(test(Room(folder, CLI)))
            except TimeoutError as error:
                problems = [str(error)]
            checks.append((test.__name__.replace("_", " "), problems))
    return report(checks)


sys.exit(main())
