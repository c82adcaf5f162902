#!/usr/bin/env python3
"""What every subcommand owes its user: usage-test.py MELOGRAPH_CLI

The commands are read from --help, so a new one is reached unasked: help, one-line errors, exit statuses, and nothing on
stdout that is not data."""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
# Options that a command needs before it looks at its parameters; {folder} is empty, {file} is absent.
NEEDED = {
    "feature": ["{file}", "--type", "stft", "--out", "{folder}/x.npy"],
    "spectrogram-3d": ["{file}", "--out", "{folder}/x.png"],
    "waveform": ["{file}", "--out", "{folder}/x.png"],
    "synth": ["--out", "{folder}/new"],
    "import": ["{file}.onnx", "--out", "{folder}/m.safetensors"],
    "train": ["--dataset", "{file}", "--model", "small-cnn", "--run", "{folder}/run"],
}
# Commands whose first argument is a file or folder to read.
READERS = {
    "bench": ["ml", "--table", "{file}"],
    "info": ["{file}"],
    "feature": NEEDED["feature"],
    "spectrogram-3d": NEEDED["spectrogram-3d"],
    "waveform": NEEDED["waveform"],
    "dataset": ["{file}"],
    "export": ["--model", "{file}", "--out", "{folder}/m.onnx"],
    "import": NEEDED["import"],
    "train": NEEDED["train"],
    "predict": ["--model", "{file}", "{folder}"],
    "evaluate": ["--run", "{file}", "--out", "{folder}/x.csv"],
    "importances": ["--run", "{file}", "--out", "{folder}/x.png"],
    "curves": ["--run", "{file}", "--out", "{folder}/x.png"],
    "embed": ["--model", "{file}", "--dataset", "{folder}", "--out", "{folder}/x.csv"],
    "explain": ["--model", "{file}", "{folder}/sound.wav"],
    "maps": ["--model", "{file}", "{folder}/sound.wav", "--part", "1", "--out", "{folder}/x.png"],
}


def run(*arguments, **environment):
    result = subprocess.run([CLI, *arguments], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                            env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
    return result.returncode, result.stdout, result.stderr


def error_problems(arguments, status, *mentioned, **environment):
    """An error is `status`, nothing on stdout, and one line on stderr that says the mentioned things."""
    code, stdout, stderr = run(*arguments, **environment)
    shown = " ".join(arguments)
    if code != status:
        yield f"{shown}: exit status {code}, not {status}: {stderr.strip()}"
    if stdout:
        yield f"{shown}: on stdout: {stdout[:200]!r}"
    if not re.fullmatch(r"melograph-cli: [^\n]+\n", stderr):
        yield f"{shown}: not one line of error: {stderr[:500]!r}"
    for text in mentioned:
        if text not in stderr:
            yield f"{shown}: {text!r} is not named: {stderr.strip()!r}"


def help_problems(command, summary):
    code, stdout, stderr = run(command, "--help")
    if code != 0 or stderr:
        yield f"exit status {code}, stderr {stderr!r}"
    for text in (f"melograph-cli {command}", summary, "--quiet"):
        if text not in stdout:
            yield f"{text!r} is not in the help"
    if run(command, "-h") != (code, stdout, stderr):
        yield "-h says something else"
    if "(null)" in stdout:
        yield "(null) in the help"


def filled(arguments, folder):
    return [text.format(folder=folder, file=f"{folder}/absent") for text in arguments]


def command_checks(command, summary, folder):
    yield f"{command}: --help", help_problems(command, summary)
    yield f"{command}: an unknown option", error_problems([command, "--no-such-option"], 2, "no-such-option", command)
    help_text = run(command, "--help")[1]
    if "--set" in help_text and command in NEEDED:
        needed = filled(NEEDED[command], folder)
        yield f"{command}: an unknown parameter", error_problems([command, *needed, "--set", "no_such=1"], 2, "no_such")
        yield f"{command}: a parameter without value", error_problems([command, *needed, "--set", "seed"], 2, "seed")
    usage = help_text.splitlines()[1] if len(help_text.splitlines()) > 1 else ""
    if not re.search(r"\] *$", usage):
        yield f"{command}: a missing argument", error_problems([command], 2, command)
    if "…" not in usage.split("]")[-1]:
        yield f"{command}: too many arguments", error_problems([command, *["x"] * 20], 2, command)
    if command in READERS:
        yield (f"{command}: an absent file",
               error_problems([command, *filled(READERS[command], folder)], 1, f"{folder}/absent"))


def version_problems():
    code, stdout, stderr = run("--version")
    if code != 0 or stderr:
        yield f"exit status {code}, stderr {stderr!r}"
    for name in ("melograph-cli", "instruction set", "GLib", "libsndfile", "soxr", "FFTW", "OpenBLAS", "PortAudio", "cairo",
                 "SQLite", "jansson"):
        if not re.search(rf"^{name}\s+\S", stdout, re.MULTILINE):
            yield f"{name} is missing: {stdout}"


def log_problems(folder):
    """The log goes to stderr, and only where it was asked for."""
    for arguments in (["info", f"{folder}/absent"],):
        quiet = run(*arguments)[2]
        code, stdout, stderr = run(*arguments, G_MESSAGES_DEBUG="melograph")
        if "DEBUG" in quiet:
            yield "talks without being asked"
        if "melograph-DEBUG" not in stderr or stdout:
            yield f"stdout {stdout!r}, stderr {stderr!r}"


def translation_problems(folder):
    """One line with the same names in it, in the language that LANGUAGE asks for."""
    table = f"{folder}/table.csv"
    with open(table, "w") as file:
        file.write("a,label\n1,one\n2,two\n")
    for language, expected in (("ru", "классификатора «nothing» нет"), ("en", "there is no classifier “nothing”")):
        arguments = ["table-train", "--table", table, "--classifier", "nothing", "--run", f"{folder}/never"]
        yield from error_problems(arguments, 2, expected, "xgboost", LANGUAGE=language)


def columns(line):
    """What a line of help begins with, an option or NAME=DEFAULT, and what is said of it."""
    found = re.match(r"  (\S+(?: --?\S+)*)\s+(\S.*)$", line)
    return found.groups() if found else (None, line)


def same_help_problems(command):
    """In Russian the same options and parameters, each explained in Russian."""
    english, russian = (run(*command, "--help", LANGUAGE=language)[1].splitlines() for language in ("en", "ru"))
    if len(english) != len(russian):
        yield f"{len(russian)} lines, not {len(english)}"
    for original, line in zip(english, russian):
        if line.startswith("  melograph-cli "):
            continue  # the usage line, which GLib makes
        name, help_text = columns(line)
        if columns(original)[0] != name:
            yield f"{line!r} is not {original!r}"
        elif name and not re.search("[а-яё]", help_text):
            yield f"not in Russian: {line!r}"


def russian_usage_problems(commands):
    for command in commands:
        yield from error_problems([command, "--no-such-option"], 2, f"{command}: ", "подробнее", LANGUAGE="ru")
    for arguments in (["train"], ["waveform", "x"], ["curves"], ["export"], ["nothing"], []):
        if not re.search("[а-яё]", run(*arguments, LANGUAGE="ru")[2]):
            yield f"{arguments}: not in Russian"


def plural_problems(folder):
    """One, two and six of something, in the names of edits and in what is printed."""
    tracks, workspace = os.path.join(folder, "tracks"), os.path.join(folder, "workspace")
    for count, expected in ((1, "Импортировано 2 дорожки"), (3, "Импортировано 6 дорожек")):
        source = f"{tracks}{count}"
        run("synth", "--out", source, "--tracks", str(count), "--seconds", "1")
        stdout = run("dataset", f"{workspace}{count}", "--import", source, LANGUAGE="ru")[1]
        if expected not in stdout:
            yield f"{expected!r} is not in {stdout!r}"
    files = [os.path.join(path, name) for path, _, names in os.walk(f"{tracks}3") for name in names]
    run("dataset", f"{workspace}3", "--label", "third", files[0], LANGUAGE="ru")
    run("dataset", f"{workspace}3", "--exclude", *files[:5], LANGUAGE="ru")
    stdout = run("dataset", f"{workspace}3", "--history", LANGUAGE="ru")[1]
    for expected in ("1 дорожке дан класс «third»", "Исключено 5 дорожек", "Импортировано 6 дорожек из tracks3"):
        if expected not in stdout:
            yield f"{expected!r} is not in {stdout!r}"


def full_disk_problems():
    with open("/dev/full", "w") as full:
        result = subprocess.run([CLI, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    if result.returncode != 1 or not re.fullmatch(r"melograph-cli: standard output: [^\n]+\n", result.stderr):
        yield f"exit status {result.returncode}, stderr {result.stderr!r}"


def json_problems(arguments):
    code, stdout, stderr = run(*arguments)
    try:
        json.loads(stdout)
    except ValueError as error:
        yield f"{error}: {stdout[:200]!r} {stderr!r}"


def bench_problems():
    """One object a line, of what was asked for, each figure above 0."""
    code, stdout, stderr = run("bench", "ml", "knn", "--json", "--repeats", "1", "--threads", "1")
    results = [json.loads(line) for line in stdout.splitlines()]
    if code != 0 or [(r["classifier"], r["threads"]) for r in results] != [("knn", 1)]:
        yield f"exit status {code}, {stdout!r} {stderr!r}"
    for result in results:
        yield from (f"{key} {result[key]}" for key in ("rows", "features", "fit_ms", "predict_ms") if not result[key] > 0)
    code, stdout, stderr = run("bench", "projections", "pca", "--json", "--repeats", "1", "--threads", "1")
    result = json.loads(stdout)
    if code != 0 or result["projection"] != "pca" or not result["ms"] > 0 or not 0.5 < result["trustworthiness"] < 1:
        yield f"exit status {code}, {stdout!r} {stderr!r}"


def checks(folder):
    code, stdout, stderr = run("--help")
    commands = re.findall(r"^  (\S+) +(\S.*)$", stdout, re.MULTILINE)
    yield "--help", [] if code == 0 and not stderr and commands else [f"{code} {stdout!r} {stderr!r}"]
    yield "no command at all", error_problems([], 2, "--help")
    yield "a full disk behind stdout", full_disk_problems()
    yield "an unknown command", error_problems(["no-such-command"], 2, "no-such-command")
    yield "an error stays one line", error_problems(["two\nlines"], 2)
    yield "an error in the user's language", translation_problems(folder)
    yield "--help in the user's language", same_help_problems([])
    for command, _ in commands:
        yield f"{command}: --help in the user's language", same_help_problems([command])
    yield "wrong usage in the user's language", russian_usage_problems([command for command, _ in commands])
    yield "plurals", plural_problems(folder)
    yield "--version", version_problems()
    for command, summary in commands:
        yield from command_checks(command, summary, folder)
    names = [name for name, _ in commands]
    yield "commands are named once", [name for name in names if names.count(name) > 1]
    if "feature" in names:
        for start, end in (("5", "2"), ("-1", "2"), ("nan", "2"), ("0", "nan")):
            arguments = ["feature", *filled(NEEDED["feature"], folder), "--start", start, "--end", end]
            yield f"feature from {start} s to {end} s", error_problems(arguments, 2, "--start", "--end")
    if "bench" in names:
        yield "bench", bench_problems()
        yield "bench ml of what is no classifier", error_problems(["bench", "ml", "nothing"], 2, "nothing", "knn")
    if "info" in names:
        yield "G_MESSAGES_DEBUG=melograph", log_problems(folder)


with tempfile.TemporaryDirectory() as scratch:
    sys.exit(report(checks(scratch)))
