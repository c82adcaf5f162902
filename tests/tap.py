"""What the tests in Python share: telling results as TAP."""
import os
import sys

# A sanitizer keeps memory of its own, many times the program's: then limits of memory are not for the program.
SANITIZED = "MELOGRAPH_SANITIZED" in os.environ


def report(checks):
    """Prints a line for each (name, problems) of `checks`, good where there is no problem; returns the exit status. What
    is wrong is told on stderr too, each by its last lines, because of long logs meson shows the end."""
    number = bad = 0
    for number, (name, problems) in enumerate(checks, 1):
        problems = list(problems)
        bad += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} {name}")
        for problem in problems:
            text = "\n".join(f"# {line}" for line in str(problem).splitlines())
            print(text)
            print("\n".join(text.splitlines()[-12:]), file=sys.stderr)
        sys.stdout.flush()
    print(f"1..{number}")
    return 1 if bad else 0
