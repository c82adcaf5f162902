#!/usr/bin/env python3
"""The command line's manual from the program's own help, which is made from its parameter specs:
reference.py man|markdown MELOGRAPH_CLI OUT"""
import os
import re
import subprocess
import sys

FORM, CLI, OUT = sys.argv[1:]
MAN_HEAD = """.TH MELOGRAPH\\-CLI 1 "" "Melograph {version}" "User commands"
.SH NAME
melograph\\-cli \\- look at sound as pictures, train classifiers on it and explain them
.SH SYNOPSIS
.B melograph\\-cli
.I COMMAND
.RI [ OPTION ...]
.SH DESCRIPTION
Does without a display what the window of
.BR melograph (1)
does. Every command has \\-\\-help; data go to standard output, as JSON with \\-\\-json, progress to standard error.
"""
MAN_TAIL = """.SH EXIT STATUS
0 where all went well, 1 where the work failed, 2 where the command was used wrongly. An error is one line on standard
error that names the file, the value and what was expected.
.SH ENVIRONMENT
.TP
.B MELOGRAPH_DATA_DIR
a folder that holds models/ in place of the installed one
.TP
.B MELOGRAPH_KERNELS
the instruction set to compute networks with (x86-64-v2, x86-64-v3, x86-64-v4, im2col); the best one that the processor has
.TP
.B XDG_CACHE_HOME
pictures and tables that need not be computed again are kept in its folder melograph
.SH SEE ALSO
.BR melograph (1)
"""


def ask(*arguments):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    return subprocess.run([CLI, *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def commands():
    return re.findall(r"^  ([a-z0-9-]+) +(\S.*)$", ask("--help"), re.M)


def sections(name):
    """The usage line, then groups of lines below their headings."""
    usage, groups = "", []
    lines = iter(ask(name, "--help").splitlines())
    for line in lines:
        if line == "Usage:":
            usage = next(lines).strip()
        elif line.startswith("Parameters ("):
            groups.append(("Parameters", []))
        elif line and not line.startswith(" "):
            groups.append((line.rstrip(":"), []))
        elif line.strip() and groups:
            groups[-1][1].append(line.strip())
    return usage, [(title, entries) for title, entries in groups if entries]


def split(entry):
    """An option and its help, which stand two or more blanks apart."""
    return (re.split(r"  +", entry, maxsplit=1) + [""])[:2] if "  " in entry else (entry.split(" ", 1) + [""])[:2]


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def man():
    yield MAN_HEAD.format(version=re.search(r"\S+$", ask("--version").splitlines()[0]).group(0))
    yield ".SH COMMANDS"
    for name, help_text in commands():
        usage, groups = sections(name)
        yield f".SS {escaped(name)}\n{escaped(help_text)}.\n.PP\n.B {escaped(usage)}"
        for title, entries in groups:
            yield f".PP\n{escaped(title)}:"
            for entry in entries:
                option, text = split(entry)
                yield f".TP\n.B {escaped(option)}\n{escaped(text)}"
    yield MAN_TAIL


def markdown():
    yield "# Command line\n\nEvery command of `melograph-cli`, from the program's own help.\n"
    for name, help_text in commands():
        usage, groups = sections(name)
        yield f"## {name}\n\n{help_text}.\n\n```\n{usage}\n```\n"
        for title, entries in groups:
            yield f"### {title} {{.unnumbered .unlisted}}\n"
            for entry in entries:
                option, text = split(entry)
                yield f"`{option}`\n: {text}\n"


def main():
    text = "\n".join({"man": man, "markdown": markdown}[FORM]()) + "\n"
    with open(OUT, "w", encoding="utf-8") as file:
        file.write(text)


main()
