"""Adds up what `gcov -n` prints for each file, from stdin: lines that ran, of all lines, by folder, for src and for ui, and
the files with the most lines that nothing reached."""
import collections
import re
import sys

FILE = re.compile(r"^File '(?:.*/)?\.{0,2}/?((?:src|ui)/[^']*\.c)'$")
LINES = re.compile(r"^Lines executed:([\d.]+)% of (\d+)$")
SHOWN = 20


def read(lines):
    """{file: (lines that ran, all lines)}; a file that is compiled several times counts as where most of it ran."""
    found, name = {}, None
    for line in lines:
        if line.startswith("File "):
            match = FILE.match(line)
            name = match and match.group(1)
            continue
        match = LINES.match(line)
        if match and name:
            whole = int(match.group(2))
            ran = round(float(match.group(1)) * whole / 100)
            found[name] = max(found.get(name, (0, whole)), (ran, whole))
            name = None
    return found


def add_up(files):
    """{folder: [lines that ran, all lines]}: of each folder of src, of src and of ui."""
    rooms = collections.defaultdict(lambda: [0, 0])
    for name, (ran, whole) in files.items():
        parts = name.split("/")
        for room in {parts[0], "/".join(parts[:2]) if parts[0] == "src" else parts[0]}:
            rooms[room][0] += ran
            rooms[room][1] += whole
    return rooms


def main():
    files = read(line.strip() for line in sys.stdin)
    missed = sorted(((whole - ran, name) for name, (ran, whole) in files.items() if name.startswith("src/")), reverse=True)
    for count, name in missed[:SHOWN]:
        print(f"{name:40} {count:5} of {files[name][1]:5} lines not reached")
    for room, (ran, whole) in sorted(add_up(files).items()):
        print(f"{room:16} {whole:6} lines {100 * ran / whole:6.1f} %")
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
