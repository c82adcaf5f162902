"""Drives the real window as a person does: pointer and keys by xdotool, what is seen by AT-SPI.

Nothing sleeps for a fixed time: every step waits for the state that it leads to."""
import contextlib
import os
import struct
import subprocess
import time
import warnings
import zlib

warnings.simplefilter("ignore")
import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = float(os.environ.get("JOURNEY_PATIENCE", "240"))  # s; a loaded machine is slow, not broken


class Lost(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, seconds=PATIENCE):
    """Returns the first true value of condition(); `what` names it in the message. To look takes processor time of the
    program as well, so as long as a look took, the program is left alone."""
    end = time.monotonic() + seconds
    while True:
        start = time.monotonic()
        while GLib.MainContext.default().iteration(False):
            pass
        with contextlib.suppress(GLib.Error):  # an object may have gone while it was looked at
            value = condition()
            if value:
                return value
        if time.monotonic() > end:
            raise Lost(f"waited {seconds:.0f} s in vain for {what}")
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
    """An accessible object."""

    def __init__(self, node, window):
        self.node, self.window = node, window

    @property
    def name(self):
        return self.node.get_name() or ""

    @property
    def role(self):
        return self.node.get_role_name()

    @property
    def description(self):
        return self.node.get_description() or ""

    @property
    def text(self):
        interface = self.node.get_text_iface()
        return interface.get_text(0, interface.get_character_count()) if interface else self.name

    @property
    def value(self):
        interface = self.node.get_value_iface()
        return interface.get_current_value() if interface else None

    def has(self, state):
        return self.node.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    @property
    def extents(self):
        component = self.node.get_component_iface()
        e = component and component.get_extents(Atspi.CoordType.WINDOW)
        return (e.x, e.y, e.width, e.height) if e else None

    @property
    def hidden(self):
        """GTK 4.8 does not tell what shows; what was never laid out has no size. A page of a stack has no place at all."""
        e = self.extents
        return e is not None and (e[2] <= 0 or e[3] <= 0)

    def point(self, across=0.5, down=0.5):
        """A point inside, on the screen."""
        x, y, width, height = wait_for(f"a place of {self}", lambda: not self.hidden and self.extents)
        left, top = self.window.origin
        return round(left + x + across * width), round(top + y + down * height)

    def children(self):
        for i in range(self.node.get_child_count()):
            child = self.node.get_child_at_index(i)
            if child:
                yield Thing(child, self.window)

    def all(self, role=None, name=None):
        """Every object below with that role and a name that equals `name` (or satisfies it)."""
        for child in self.children():
            if child.hidden:
                continue
            right_name = name is None or (name(child.name) if callable(name) else child.name == name)
            if right_name and role in (None, child.role):
                yield child
            yield from child.all(role, name)

    def find(self, role=None, name=None, seconds=PATIENCE):
        return wait_for(f"a {role or 'thing'} called {name}", lambda: next(self.all(role, name), None), seconds)

    def press(self):
        """Does what a click on it does, by its action."""
        actions = self.node.get_action_iface()
        if not actions or not actions.do_action(0):
            self.click()

    def click(self, button=1, across=0.5, down=0.5, times=1):
        x, y = self.point(across, down)
        xdotool("mousemove", "--sync", x, y, "click", "--repeat", times, "--delay", 60, button)

    def hover(self, across=0.5, down=0.5):
        xdotool("mousemove", "--sync", *self.point(across, down))

    def drag(self, start, end, steps=12):
        """Drags between two points given as (across, down) of the object."""
        self.drag_along([start, end], steps)

    def drag_along(self, corners, steps=12):
        """Drags from corner to corner, `steps` moves each."""
        points = [self.point(*corner) for corner in corners]
        xdotool("mousemove", "--sync", *points[0], "mousedown", 1)
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            for i in range(1, steps + 1):
                xdotool("mousemove", "--sync", x0 + (x1 - x0) * i // steps, y0 + (y1 - y0) * i // steps)
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
        xdotool("key", "ctrl+a")
        xdotool("type", "--delay", 8, "--", text)

    def __str__(self):
        return f"{self.role} “{self.name}”"


class Part(Thing):
    """A part of the window that stays as long as the window."""

    def all(self, role=None, name=None):
        self.node.clear_cache()
        return super().all(role, name)


class Window(Part):
    """The program with its window."""

    def __init__(self, program, *arguments, **environment):
        self.log = open(os.path.join(os.environ["HERMETIC_DIR"], "program.log"), "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([program, *map(str, arguments)], stderr=self.log, stdout=self.log,
                                        env={**os.environ, **environment})
        Atspi.init()
        self.window = self
        application = wait_for("the program on the accessibility bus", self.find_application, 2 * PATIENCE)
        super().__init__(application, self)
        self.xid = wait_for("the window", self.find_xid)
        geometry = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", self.xid).splitlines())
        self.origin = int(geometry["X"]), int(geometry["Y"])
        self.size = int(geometry["WIDTH"]), int(geometry["HEIGHT"])
        self.parts = {}
        self.focus()

    def find_application(self):
        if self.process.poll() is not None:
            raise Lost(f"the program ended with status {self.process.returncode} before it showed a window")
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application and application.get_process_id() == self.process.pid and application.get_child_count() > 0:
                return application
        return None

    def find_xid(self):
        return next(iter(xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()), None)

    def part(self, name):
        """The widget of that class, looked for once: what is in it is found far sooner than in the whole window."""
        if name not in self.parts:
            self.parts[name] = Part(self.find("filler", name).node, self)
        return self.parts[name]

    def focus(self, xid=None):
        xdotool("windowfocus", "--sync", xid or self.xid)

    def key(self, *keys):
        xdotool("key", "--delay", 40, *keys)

    def type(self, text):
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

        def walk(thing, depth):
            for child in thing.children():
                if len(lines) < 400 and not child.hidden:
                    if child.name and not child.name.startswith(("Gtk", "Adw")):
                        lines.append("  " * depth + str(child))
                    walk(child, depth + 1)

        with contextlib.suppress(GLib.Error):
            walk(self, 0)
        return "\n".join(lines)

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
