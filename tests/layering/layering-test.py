#!/usr/bin/env python3
"""Holds the rooms below src/ to their order: layering-test.py SOURCE_ROOT BUILD_ROOT MELOGRAPH_CLI

A room includes headers only of the rooms that it may see, and from outside only what its place allows; the libraries
below session use no symbol of GObject, GIO, GTK or libadwaita; melograph-cli links no GTK."""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

# What a room may include. It is not transitive.
SEES = {
    "base": set(),
    "audio": {"base"},
    "dsp": {"base"},
    "nn": {"base"},
    "plot": {"base"},
    "ml": {"base", "nn"},
    "dataset": {"base", "audio", "dsp"},
    "train": {"base", "audio", "dsp", "dataset", "nn", "ml"},
    "learn": {"base", "audio", "dsp", "dataset", "nn", "ml"},
    "session": {"base", "audio", "dsp", "dataset", "nn", "ml", "train", "plot"},
    "mpi": {"base"},
    "cli": {"base", "audio", "dsp", "dataset", "nn", "ml", "train", "plot"},
}
BELOW_SESSION = ["base", "audio", "dsp", "dataset", "nn", "ml", "train", "learn", "plot"]
OBJECT_HEADERS = re.compile(r"^(gio/|gobject/|glib-object\.h|gtk/|gdk/|gsk/|adwaita\.h|graphene)")
WINDOW_HEADERS = re.compile(r"^(gtk/|gdk/|gsk/|adwaita\.h)")
# Pango's layouts are objects; whoever draws text has to let go of them.
ALLOWED_SYMBOLS = {"plot": {"g_object_ref", "g_object_unref"}}
WINDOW_SYMBOL = re.compile(r"^(gtk|gdk|gsk|adw)_")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def includes(folder):
    """(file, included name) of all sources of a folder."""
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith((".c", ".h")):
                continue
            path = os.path.join(root, name)
            with open(path, encoding="utf-8") as file:
                for included in re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', file.read(), re.MULTILINE):
                    yield os.path.relpath(path, folder), included


def wrong_includes(source, room):
    for path, included in includes(os.path.join(source, "src", room)):
        other = included.split("/")[0] if "/" in included else None
        if other in SEES and other != room and other not in SEES[room]:
            yield f"src/{room}/{path} includes {included}: {room} does not see {other}"
        if room in BELOW_SESSION and OBJECT_HEADERS.match(included):
            yield f"src/{room}/{path} includes <{included}>: nothing below session does"
        if WINDOW_HEADERS.match(included):
            yield f"src/{room}/{path} includes <{included}>: only ui does"
        if included.startswith("pango/") and room != "plot":
            yield f"src/{room}/{path} includes <{included}>: only plot draws text"
        if included.startswith("../") or included.startswith("src/"):
            yield f"src/{room}/{path} includes {included}: headers are named room/header.h"


def exported_symbols(package, library):
    folder = run("pkg-config", "--variable=libdir", package).strip()
    lines = run("nm", "--dynamic", "--defined-only", os.path.join(folder, library)).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def undefined_symbols(library):
    lines = run("nm", "--undefined-only", library).splitlines()
    return {line.split()[-1] for line in lines if re.match(r"^\s+U ", line)}


def wrong_symbols(build, room, objects):
    library = os.path.join(build, "src", room, f"libmg-{room}.a")
    for symbol in sorted(undefined_symbols(library) - ALLOWED_SYMBOLS.get(room, set())):
        if symbol in objects or WINDOW_SYMBOL.match(symbol):
            yield f"libmg-{room}.a uses {symbol}"


def wrong_libraries(program):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", program))
    loaded = re.findall(r"^\s*(\S+)", run("ldd", program), re.MULTILINE)
    assert "libc.so.6" in needed and "libc.so.6" in loaded, "the tools' output is not understood"
    for library in sorted(set(needed + loaded)):
        if re.match(r"lib(gtk|gdk|adwaita)", library):
            yield f"melograph-cli links {library}"


def checks(source, build, program):
    objects = exported_symbols("gio-2.0", "libgio-2.0.so") | exported_symbols("gobject-2.0", "libgobject-2.0.so")
    assert {"g_object_unref", "g_file_new_for_path"} <= objects
    rooms = sorted(name for name in os.listdir(os.path.join(source, "src")) if "." not in name)
    yield "every room has a place in the order", [room for room in rooms if room not in SEES]
    for room in rooms:
        yield f"includes of {room}", wrong_includes(source, room)
    for room in BELOW_SESSION:
        yield f"symbols of {room}", wrong_symbols(build, room, objects)
    yield "libraries of melograph-cli", wrong_libraries(program)


sys.exit(report(checks(*sys.argv[1:4])))
