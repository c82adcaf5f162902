"""Drives the real window as a person does: pointer and keys by xdotool, what is seen by accessible.py.

Nothing sleeps for a fixed time: every step waits for the state that it leads to."""
import contextlib
import os
import struct
import subprocess
import time
import zlib

import accessible
from accessible import GLib

PATIENCE = float(os.environ.get("JOURNEY_PATIENCE", "240"))  # s; a loaded machine is slow, not broken


class Lost(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, seconds=PATIENCE):
    """Returns the first true value of condition(); `what` names it in the message. To look takes processor time of the
    program as well, so as long as a look took, the program is left alone."""
    end = time.monotonic() + seconds
    while True:
        start, trouble = time.monotonic(), ""
        try:
            value = condition()
            if value:
                return value
        except (GLib.Error, AttributeError, StopIteration) as error:  # an object is not there yet, or has gone meanwhile
            trouble = f"; at last: {error}"
        if time.monotonic() > end:
            raise Lost(f"waited {seconds:.0f} s in vain for {what}{trouble}")
        time.sleep(min(max(0.03, time.monotonic() - start), 0.5))


def filtered(row, above):
    """A row of a PNG by the filter (none, Sub, Up) that leaves the smallest numbers, which deflate best."""
    before = bytes(3) + row[:-3]
    choices = [row, bytes((a - b) & 255 for a, b in zip(row, before)), bytes((a - b) & 255 for a, b in zip(row, above))]
    sizes = [sum(min(value, 256 - value) for value in choice) for choice in choices]
    best = sizes.index(min(sizes))
    return bytes([best]) + choices[best]


def save_screen(path, window=None, small=False):
    """The private screen, or the part that a window covers, as a PNG; read from the server's window dump. `small` takes
    its time to make a smaller file."""
    with open(os.path.join(os.environ["HERMETIC_DIR"], "screen", "Xvfb_screen0"), "rb") as file:
        dump = file.read()
    header = struct.unpack(">25I", dump[:100])
    header_size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
    left, top = window.origin if window else (0, 0)
    width, height = window.size if window else (width, height)
    start = header_size + 12 * colours + top * stride + 4 * left
    rows, above = [], bytes(3 * width)
    for y in range(height):
        row = dump[start + y * stride : start + y * stride + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
        rows.append(filtered(bytes(rgb), above) if small else b"\0" + bytes(rgb))
        above = rgb

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(rows), 9 if small else 6)) + chunk(b"IEND", b""))


def xdotool(*arguments):
    """What it prints. Its mousemove has no need of --sync, which waits 15 s where the pointer is there already."""
    return subprocess.run(["xdotool", *map(str, arguments)], capture_output=True, text=True, timeout=60).stdout.strip()


def still(seconds):
    """Waits until the screen has not changed for so long."""
    def screen():
        with open(os.path.join(os.environ["HERMETIC_DIR"], "screen", "Xvfb_screen0"), "rb") as file:
            return hash(file.read())

    last = screen(), time.monotonic()

    def unchanged():
        nonlocal last
        now = screen()
        if now != last[0]:
            last = now, time.monotonic()
        return time.monotonic() - last[1] > seconds

    wait_for("the window to come to rest", unchanged)


def resize(window, size):
    """To "WIDTHxHEIGHT"."""
    width, height = map(int, size.split("x"))
    xdotool("windowsize", window.xid, width, height)

    def geometry():
        lines = xdotool("getwindowgeometry", "--shell", window.xid).splitlines()
        return dict(line.split("=") for line in lines)

    wait_for(size, lambda: (int(geometry()["WIDTH"]), int(geometry()["HEIGHT"])) == (width, height))
    window.origin = int(geometry()["X"]), int(geometry()["Y"])
    window.size = width, height


class Thing:
    """An accessible object of the program in a window."""

    def __init__(self, path, window):
        self.path, self.window = path, window

    def ask(self, field):
        return self.window.program.ask(self.path, field)

    @property
    def name(self):
        return self.ask("name")

    @property
    def role(self):
        return self.ask("role")

    @property
    def description(self):
        return self.ask("description")

    @property
    def text(self):
        """What is written in it; its name where it is no text."""
        call, text = self.window.program.call, accessible.PREFIX + "Text"
        try:
            count = call(self.path, accessible.PROPERTIES, "Get", GLib.Variant("(ss)", (text, "CharacterCount")))[0]
            return call(self.path, text, "GetText", GLib.Variant("(ii)", (0, count)))[0]
        except GLib.Error:
            return self.name

    def has(self, state):
        if state not in accessible.STATES:
            raise ValueError(f"no such state: {state}")
        return state in self.ask("states")

    @property
    def extents(self):
        """Left, top, width, height in the window; None where it has no place."""
        with contextlib.suppress(GLib.Error):
            return self.ask("extents")
        return None

    @property
    def hidden(self):
        return accessible.Seen(self.path, self.extents).hidden

    @property
    def gone(self):
        try:
            return self.role is None
        except GLib.Error:
            return True

    @property
    def parent(self):
        """The path of the object that it is in."""
        return self.window.program.call(self.path, *accessible.get("Parent"))[0][1]

    def point(self, across=0.5, down=0.5):
        """A point inside, on the screen."""
        self.window.settle()
        x, y, width, height = wait_for(f"a place of {self}", lambda: not self.hidden and self.extents)
        left, top = self.window.origin
        return round(left + x + across * width), round(top + y + down * height)

    def look(self, *fields):
        """What shows below it, as accessible.Seen."""
        return self.window.program.look(self.path, fields)

    def children(self):
        return [Thing(child, self.window) for child in self.window.program.children(self.path)]

    def all(self, role=None, name=None):
        """Every object below that shows, with that role and a name that equals `name` (or satisfies it)."""
        fields = (["role"] if role is not None else []) + (["name"] if name is not None else [])
        for seen in self.look(*fields).below():
            right_name = name is None or (name(seen.name) if callable(name) else seen.name == name)
            if right_name and role in (None, seen.role):
                yield Thing(seen.path, self.window)

    def find(self, role=None, name=None, seconds=PATIENCE):
        return wait_for(f"a {role or 'thing'} called {name}", lambda: next(self.all(role, name), None), seconds)

    def press(self):
        """Does what a click on it does, by its action."""
        done = False
        with contextlib.suppress(GLib.Error):
            done = self.window.program.call(self.path, accessible.PREFIX + "Action", "DoAction", GLib.Variant("(i)", (0,)))[0]
        if not done:
            self.click()
        self.window.settle()

    def click(self, button=1, across=0.5, down=0.5, times=1):
        x, y = self.point(across, down)
        xdotool("mousemove", x, y, "click", "--repeat", times, "--delay", 60, button)

    def hover(self, across=0.5, down=0.5):
        xdotool("mousemove", *self.point(across, down))

    def drag(self, start, end, steps=12):
        """Drags between two points given as (across, down) of the object."""
        self.drag_along([start, end], steps)

    def drag_along(self, corners, steps=12):
        """Drags from corner to corner, `steps` moves each."""
        points = [self.point(*corner) for corner in corners]
        xdotool("mousemove", *points[0], "mousedown", 1)
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            for i in range(1, steps + 1):
                xdotool("mousemove", x0 + (x1 - x0) * i // steps, y0 + (y1 - y0) * i // steps)
        xdotool("mouseup", 1)

    def scroll(self, notches, modifier=None, across=0.5, down=0.5):
        """Turns the wheel: up where positive."""
        self.hover(across, down)
        if modifier:
            xdotool("keydown", modifier)
        xdotool("click", "--repeat", abs(notches), "--delay", 40, 4 if notches > 0 else 5)
        if modifier:
            xdotool("keyup", modifier)

    def write(self, text):
        """Replaces the text of an entry as a person does: click, select all, type."""
        self.click()
        wait_for(f"the focus in {self}", lambda: self.has("focused") or any(c.has("focused") for c in self.all()))
        self.window.key("ctrl+a")
        self.window.type(text)

    def __str__(self):
        return f"{self.role} “{self.name}”"


class Window(Thing):
    """The program with its window."""

    def __init__(self, program, *arguments, **environment):
        self.log = open(os.path.join(os.environ["HERMETIC_DIR"], "program.log"), "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([program, *map(str, arguments)], stderr=self.log, stdout=self.log,
                                        env={**os.environ, **environment})
        super().__init__(accessible.ROOT, self)
        bus = accessible.connect()
        self.program = wait_for("the program on the accessibility bus", lambda: self.find_program(bus), 2 * PATIENCE)
        self.xid = wait_for("the window", self.find_xid)
        geometry = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", self.xid).splitlines())
        self.origin = int(geometry["X"]), int(geometry["Y"])
        self.size = int(geometry["WIDTH"]), int(geometry["HEIGHT"])
        self.parts = {}
        self.focus()

    def find_program(self, bus):
        if self.process.poll() is not None:
            raise Lost(f"the program ended with status {self.process.returncode} before it showed a window")
        return accessible.find_program(bus, self.process.pid)

    def find_xid(self):
        return next(iter(xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()), None)

    def part(self, name):
        """The widget of that class, looked for once: what is in it is found far sooner than in the whole window."""
        if name not in self.parts or self.parts[name].gone:
            self.parts[name] = self.find("filler", name)
        return self.parts[name]

    def focus(self, xid=None):
        xdotool("windowfocus", "--sync", xid or self.xid)

    def settle(self):
        """Waits until the program has drawn what it was told: until its main thread has slept for longer than a frame takes.
        It answers questions and takes clicks before it draws, and a click on what is not laid out yet is lost. Where
        something moves all the time, a third of a second is enough."""
        def activity():
            with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
                return [line.split()[1] for line in file if line.startswith("State") or "ctxt_switches" in line]

        end, before = time.monotonic() + 0.33, None
        while time.monotonic() < end:
            now = activity()
            if now == before and now[0] == "S":
                return
            before = now
            time.sleep(0.025)

    def key(self, *keys):
        self.settle()
        xdotool("key", "--delay", 40, *keys)

    def type(self, text):
        self.settle()
        xdotool("type", "--delay", 8, "--", text)

    def set_parameter(self, name, value):
        """Writes into an entry beside the page; turns the wheel over the parameters until it is seen, and clicks until it
        has the focus: the list may still be moving."""
        def find():
            return self.find("text", lambda text: text.startswith(name))

        entry = find()

        def focused():
            nonlocal entry
            if entry.hidden:
                entry = find()
            if entry.has("focused") or any(child.has("focused") for child in entry.all()):
                return True
            x, y, width, height = entry.extents
            middle = self.origin[0] + x + width // 2
            if 60 < y < self.size[1] - 80:
                xdotool("mousemove", middle, self.origin[1] + y + height // 2, "click", 1)
            else:
                xdotool("mousemove", middle, self.origin[1] + self.size[1] // 2, "click", "--repeat", 4, "--delay", 20,
                        5 if y > 60 else 4)
            return False

        wait_for(f"the focus in the entry {name}", focused)
        self.key("ctrl+a")
        self.type(value)
        self.key("Return")

    def see(self, text, seconds=PATIENCE):
        """Waits until something that shows holds the text."""
        return self.find(name=lambda name: text in name, seconds=seconds)

    def dialog_xid(self):
        """The X window of a dialog beside the main one."""
        return wait_for("a dialog", lambda: next((xid for xid in reversed(self.xids()) if xid != self.xid), None))

    def xids(self):
        """The X windows that show."""
        return xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()

    def alive(self):
        return self.process.poll() is None

    def output(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def dump(self):
        """The tree of what shows, for a message."""
        lines = []

        def tell(seen, depth):
            for child in seen.children:
                if child.name and not child.name.startswith(("Gtk", "Adw")):
                    lines.append("  " * depth + f"{child.role} “{child.name}”")
                tell(child, depth + 1)

        tell(self.look("name", "role"), 0)
        return "\n".join(lines[:400])

    def close(self):
        """Asks the program to end; returns its exit status, None where it had to be killed."""
        status = None
        self.process.terminate()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        return status
