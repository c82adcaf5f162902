#!/usr/bin/env python3
"""The documents name commands and options that there are, and the manual page holds every command: docs-test.py
MELOGRAPH_CLI SOURCE_ROOT"""
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI, ROOT = sys.argv[1:]


def ask(*arguments):
    return subprocess.run([CLI, *arguments], check=True, capture_output=True, text=True).stdout


COMMANDS = set(re.findall(r"^  ([a-z0-9-]+) +\S", ask("--help"), re.M))


def options_of(command, known={}):
    if command not in known:
        known[command] = set(re.findall(r"--[a-z0-9-]+", ask(command, "--help"))) | {"--help"}
    return known[command]


def check_document(path):
    """Each line of code that calls the program."""
    with open(path, encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    calls = re.findall(r"melograph-cli ([a-z][a-z0-9-]*)([^\n`]*)", "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S)))
    for command, rest in calls:
        if command not in COMMANDS:
            yield f"there is no command {command}"
            continue
        for option in re.findall(r"(?<!\S)--[a-z0-9-]+", rest):
            if option not in options_of(command):
                yield f"{command} has no option {option}"


def check_links(path):
    """Files beside the document that it names."""
    with open(path, encoding="utf-8") as file:
        for link in re.findall(r"\]\(([^)#:]+)\)", file.read()):
            target = os.path.join(os.path.dirname(path), link)
            written = re.sub(r"\.html$", ".md", target)  # the page that it is made of
            if not os.path.exists(target) and not os.path.exists(written) and os.path.basename(link) != "reference.html":
                yield f"{link} is not there"


def check_manual(form):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page")
        subprocess.run([os.path.join(ROOT, "docs", "reference.py"), form, CLI, path], check=True)
        with open(path, encoding="utf-8") as file:
            page = file.read().replace("\\-", "-")
    for command in sorted(COMMANDS):
        if not re.search(rf"^(\.SS|##) {re.escape(command)}$", page, re.M):
            yield f"{command} is left out"
    if "n_fft" not in page:
        yield "the parameters are left out"


def facts(path):
    """What a page says in every language: its parts, code, pictures, and figures, however they are written."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    blocks = re.findall(r"^```.*?^```", text, re.S | re.M)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    code = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", rest)]
    return {"headings": re.findall(r"^#+ ", rest, re.M), "blocks of code": blocks, "words of code": code,
            "pictures": re.findall(r"pictures/(?:ru/)?([a-z-]+\.png)", rest), "rows of tables": re.findall(r"^\|", rest, re.M),
            "items": re.findall(r"^- ", rest, re.M), "figures": re.findall(r"[0-9]+", rest)}


def check_translation(path):
    """Against the English page: whoever changes one changes the other."""
    english, other = facts(os.path.join(ROOT, "docs", os.path.basename(path))), facts(path)
    for kind in english:
        here, there = collections.Counter(other[kind]), collections.Counter(english[kind])
        if here != there:
            yield f"{kind}: only here {list((here - there).elements())}, only in English {list((there - here).elements())}"


def main():
    translations = sorted(glob.glob(os.path.join(ROOT, "docs", "??", "*.md")))
    pages = {os.path.basename(path) for path in glob.glob(os.path.join(ROOT, "docs", "*.md"))}
    missing = [f"ru/{name} is not there" for name in sorted(pages) if not os.path.exists(os.path.join(ROOT, "docs", "ru", name))]
    documents = sorted(glob.glob(os.path.join(ROOT, "*.md")) + glob.glob(os.path.join(ROOT, "docs", "*.md")) + translations)
    return report([("every page is in Russian", missing)] +
                  [("the same in " + os.path.relpath(path, ROOT), check_translation(path)) for path in translations] +
                  [(os.path.relpath(path, ROOT), [*check_document(path), *check_links(path)]) for path in documents] +
                  [(form, check_manual(form)) for form in ("man", "markdown")])


sys.exit(main())
