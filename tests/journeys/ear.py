"""What comes from the loudspeaker of the journey's own sound server."""
import contextlib
import subprocess
import threading

from window import PATIENCE, Lost


@contextlib.contextmanager
def sound_follows():
    """What is done in the block is heard: waits at its end until something has sounded since it began. Listens all the
    time, so that a short sound is not over before it is looked for, nor a long one after."""
    ear = subprocess.Popen(["parec", "--device=speaker.monitor", "--raw"], stdout=subprocess.PIPE)
    ear.stdout.read(4096)  # from here on it listens
    heard = threading.Event()

    def listen():
        while chunk := ear.stdout.read(4096):
            if any(chunk):
                heard.set()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield
        if not heard.wait(PATIENCE):
            raise Lost(f"waited {PATIENCE:.0f} s in vain for a sound")
    finally:
        ear.kill()
        thread.join()
        ear.wait()
