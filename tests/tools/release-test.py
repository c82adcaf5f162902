#!/usr/bin/env python3
"""A release is one: release-test.py SOURCE_ROOT BUILD_ROOT. Version and date are the same wherever they are told, the
pictures that the metainfo names are there, every library has its Flatpak module, and newer GTKs deprecate without errors."""
import glob
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

ROOT, BUILD = sys.argv[1:]
IN_RUNTIME = {"glib-2.0", "gio-2.0", "gio-unix-2.0", "gtk4", "libadwaita-1", "cairo", "pangocairo", "sndfile", "libmpg123",
              "sqlite3", "openmp"}  # org.gnome.Platform has them
MODULES = {"jansson": "jansson", "portaudio-2.0": "portaudio", "soxr": "soxr", "fftw3f": "fftw-single",
           "fftw3": "fftw-double", "openblas": "openblas", "svm": "libsvm", "xgboost": "xgboost",
           "libprotobuf-c": "protobuf-c", "mpi": None}  # None: not in the Flatpak
SMALL = 400_000  # bytes of a picture


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def versions():
    project = re.search(r"^  version: '([^']+)'", text_of("meson.build"), re.M)[1]
    debian = re.match(r"melograph \(([^)]+)\)", text_of("debian/changelog"))[1]
    release = ElementTree.fromstring(text_of("data/org.melograph.Melograph.metainfo.xml.in")).find("releases/release")
    headings = re.findall(r"^## (\d\S+) \((\S+)\)$", text_of("CHANGELOG.md"), re.M)
    told = {"meson.build": project, "debian/changelog": debian, "metainfo": release.get("version"),
            "CHANGELOG.md": headings[0][0]}
    if len(set(told.values())) != 1:
        yield f"versions differ: {told}"
    day = re.search(r"^ -- .*  \w+, (\d+ \w+ \d+)", text_of("debian/changelog"), re.M)[1]
    date = subprocess.run(["date", "-ud", day, "+%F"], check=True, capture_output=True, text=True).stdout.strip()
    if not date == release.get("date") == headings[0][1]:
        yield f"debian/changelog is of {date}, the metainfo's release of {release.get('date')}, CHANGELOG's of {headings[0][1]}"


def pictures():
    tree = ElementTree.fromstring(text_of("data/org.melograph.Melograph.metainfo.xml.in"))
    names = [os.path.basename(image.text) for image in tree.iter("image")]
    if len(names) < 3:
        yield f"only {names}"
    guide = "".join(text_of(os.path.relpath(path, ROOT)) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))
    for name in names + re.findall(r"\]\((?:docs/)?pictures/([^)]+)\)", text_of("README.md") + guide):
        path = os.path.join(ROOT, "docs", "pictures", name)
        if not os.path.exists(path):
            yield f"{name} is not in docs/pictures"
    for path in glob.glob(os.path.join(ROOT, "docs", "pictures", "*.png")):
        with open(path, "rb") as file:
            width, height = struct.unpack(">II", file.read(24)[16:])
        if not (600 <= width <= 1600 and 300 <= height <= 1000) or os.path.getsize(path) > SMALL:
            yield f"{os.path.basename(path)}: {width} x {height}, {os.path.getsize(path)} bytes"


def flatpak():
    manifest = json.loads(text_of("data/flatpak/org.melograph.Melograph.json"))
    modules = {module["name"]: module for module in manifest["modules"]}
    builds = [text_of(os.path.relpath(path, ROOT)) for path in
              [os.path.join(ROOT, "meson.build"), *glob.glob(os.path.join(ROOT, "src", "**", "meson.build"), recursive=True)]]
    wanted = {name for build in builds for name in re.findall(r"(?:dependency|find_library)\('([^']+)'", build)} - {"m", "dl"}
    for name in sorted(wanted - IN_RUNTIME):
        if name not in MODULES:
            yield f"{name}: neither a module nor in the runtime"
        elif MODULES[name] and MODULES[name] not in modules:
            yield f"{name}: the module {MODULES[name]} is not there"
    for name, module in modules.items():
        for source in module["sources"]:
            pinned = re.fullmatch("[0-9a-f]{64}", source.get("sha256", "")) and source["url"].startswith("https://")
            if not pinned and source != {"type": "dir", "path": "../.."}:
                yield f"{name}: {source} is not pinned"


DEPRECATED = "#include <gtk/gtk.h>\nvoid *it(void);\nvoid *it(void) { return (void *)gtk_media_stream_prepared; }\n"


def bounds_of(commands, bounds):
    for bound in bounds:
        without = sum(bound not in command for command in commands)
        if without:
            yield f"{without} of {len(commands)} files are compiled without {bound}"


def deprecations():
    """Every file is compiled with the bounds; a function deprecated later than the bound is no error."""
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    windows = [entry["command"] for entry in entries if "/ui/" in entry["file"]]
    yield from bounds_of([entry["command"] for entry in entries],
                         ("-DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74", "-DPANGO_VERSION_MIN_REQUIRED=PANGO_VERSION_1_50"))
    yield from bounds_of(windows, ("-DGDK_VERSION_MIN_REQUIRED=GDK_VERSION_4_8",
                                   "-DADW_VERSION_MIN_REQUIRED=ADW_VERSION_1_2"))
    if not windows:
        return  # a build without the window
    flags = subprocess.run(["pkg-config", "--cflags", "gtk4"], check=True, capture_output=True, text=True).stdout.split()
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        file.write(DEPRECATED)  # since 4.4
        file.flush()
        for bound, good in (("4_2", True), ("4_8", False)):
            result = subprocess.run(["cc", "-fsyntax-only", "-Werror=deprecated-declarations",
                                     f"-DGDK_VERSION_MIN_REQUIRED=GDK_VERSION_{bound}", *flags, file.name],
                                    capture_output=True, text=True)
            if (result.returncode == 0) != good:
                yield f"deprecated in 4.4, bound {bound}: {result.returncode} {result.stderr[-300:]}"


sys.exit(report([("version and date", versions()), ("pictures of the metainfo and of README", pictures()),
                 ("modules of the Flatpak", flatpak()), ("newer versions deprecate without errors", deprecations())]))
