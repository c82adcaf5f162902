"""What a program tells assistive technology of itself: AT-SPI's interfaces, asked over D-Bus.

libatspi asks for one thing after the other and waits for each, a second for a page of 350 objects; here all that can be
asked is under way at once."""
import dataclasses
import warnings

warnings.simplefilter("ignore")
import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PREFIX = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"
STATES = [Atspi.StateType(number).value_nick for number in range(int(Atspi.StateType.LAST_DEFINED))]
PATIENCE = 60  # s for an answer


@dataclasses.dataclass
class Seen:
    """An object as it was when it was looked at; what was not asked for is None."""
    path: str
    extents: tuple = None  # left, top, width, height in the window; None where it has no place
    name: str = None
    role: str = None
    description: str = None
    states: set = None
    children: list = dataclasses.field(default_factory=list)

    @property
    def hidden(self):
        """GTK 4.8 does not tell what shows, but what was never laid out has no size. The program itself has no place."""
        return self.extents is not None and (self.extents[2] <= 0 or self.extents[3] <= 0)

    def below(self):
        """Every object below, each before its children."""
        for child in self.children:
            yield child
            yield from child.below()


def role_name(number):
    return Atspi.role_get_name(Atspi.Role(number))


def states_of(words):
    """The names of the bits that are set in two words."""
    bits = words[0] | words[1] << 32
    return {name for number, name in enumerate(STATES) if bits >> number & 1}


def get(name):
    return PROPERTIES, "Get", GLib.Variant("(ss)", (PREFIX + "Accessible", name))


# {field of Seen: (interface, method, arguments, what makes the field of the answer)}
FIELDS = {
    "extents": (PREFIX + "Component", "GetExtents", GLib.Variant("(u)", (Atspi.CoordType.WINDOW,)), tuple),
    "name": (*get("Name"), str),
    "role": (PREFIX + "Accessible", "GetRole", None, role_name),
    "description": (*get("Description"), str),
    "states": (PREFIX + "Accessible", "GetState", None, states_of),
}


class Program:
    """A program on the accessibility bus."""

    def __init__(self, connection, owner):
        self.connection, self.owner = connection, owner

    def call(self, path, interface, method, arguments=None):
        """Its answer; GLib.Error where the object is gone or has no such interface."""
        return self.connection.call_sync(self.owner, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                         1000 * PATIENCE, None).unpack()

    def ask(self, path, field):
        interface, method, arguments, of_answer = FIELDS[field]
        return of_answer(self.call(path, interface, method, arguments)[0])

    def children(self, path):
        return [child for _owner, child in self.call(path, PREFIX + "Accessible", "GetChildren")[0]]

    def look(self, path, fields):
        """The object and, with these fields, all below it that shows; without what goes meanwhile."""
        under_way, failures = 0, []

        def ask(seen, interface, method, arguments, answered):
            nonlocal under_way
            under_way += 1

            def finish(connection, result):
                nonlocal under_way
                under_way -= 1
                try:
                    try:
                        answer = connection.call_finish(result).unpack()[0]
                    except GLib.Error:  # it has gone meanwhile, or has no such interface
                        answer = None
                    answered(answer)
                except Exception as error:  # nothing else would tell of it
                    failures.append(error)

            self.connection.call(self.owner, seen.path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                 1000 * PATIENCE, None, finish)

        def ask_field(seen, field, then=lambda: None):
            interface, method, arguments, of_answer = FIELDS[field]

            def answered(answer):
                setattr(seen, field, None if answer is None else of_answer(answer))
                then()

            ask(seen, interface, method, arguments, answered)

        def ask_children(seen):
            def answered(answer):
                seen.children = [Seen(child) for _owner, child in answer or []]
                for child in seen.children:
                    ask_field(child, "extents", lambda child=child: child.hidden or ask_rest(child))

            ask(seen, PREFIX + "Accessible", "GetChildren", None, answered)

        def ask_rest(seen):
            ask_children(seen)
            for field in fields:
                ask_field(seen, field)

        def showing(seen):
            return not seen.hidden and all(getattr(seen, field) is not None for field in fields)

        def without_hidden(seen):
            seen.children = [without_hidden(child) for child in seen.children if showing(child)]
            return seen

        top = Seen(path)
        ask_children(top)
        while under_way:
            GLib.MainContext.default().iteration(True)
        if failures:
            raise failures[0]
        return without_hidden(top)


def connect():
    """The accessibility bus of this session."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                Gio.DBusCallFlags.NONE, -1, None).unpack()[0]
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def find_program(connection, pid):
    """The program of a process, None while it has no window."""
    bus = Program(connection, "org.freedesktop.DBus")
    for owner, _path in Program(connection, PREFIX + "Registry").call(ROOT, PREFIX + "Accessible", "GetChildren")[0]:
        if bus.call("/org/freedesktop/DBus", bus.owner, "GetConnectionUnixProcessID", GLib.Variant("(s)", (owner,)))[0] == pid:
            program = Program(connection, owner)
            return program if program.children(ROOT) else None
    return None
