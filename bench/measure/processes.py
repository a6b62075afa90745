"""Processes on a core of their own, and what they cost: CPU time and memory with all their children."""
import os
import subprocess
import threading
import time
from dataclasses import dataclass, field

# Two cores: one for whatever is measured, one for all the rest, this program included.
CLIENT, REST = sorted(os.sched_getaffinity(0))[:2]
os.sched_setaffinity(0, {REST})


@dataclass
class Client:
    """A process that is measured from its start to its end."""

    command: list
    env: dict = field(default_factory=dict)
    cwd: str = None

    def __enter__(self):
        command = ["taskset", "--cpu-list", str(CLIENT), *self.command]
        self.process = subprocess.Popen(
            command, env=os.environ | self.env, cwd=self.cwd, stdout=subprocess.PIPE, stderr=log(), text=True
        )
        self.memory, self.cpu = 0, None
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.watch.start()
        return self

    def __exit__(self, *_):
        if self.cpu is None:
            self.end()

    def end(self):
        """Asks the process to end, and waits."""
        self.process.terminate()
        return self.wait()

    def wait(self):
        """Waits for the end. Returns what the process printed."""
        printed = self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        # What the kernel counted for the process and for the children that it waited for, to the microsecond.
        self.cpu = usage.ru_utime + usage.ru_stime
        self.watch.join()
        return printed

    def _watch(self):
        """The largest memory: the kernel's own mark for one process; for several the sum of their shares, twenty times a second."""
        while self.cpu is None:
            family = descendants(self.process.pid)
            try:
                if len(family) == 1:
                    now = of_file(f"/proc/{self.process.pid}/status", "VmHWM:")
                else:
                    now = sum(of_file(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in family)
            except (FileNotFoundError, ProcessLookupError):
                now = 0  # One of them has just ended.
            self.memory = max(self.memory, now)
            time.sleep(0.05)


def descendants(pid):
    """The process and all its children."""
    found = [pid]
    for parent in found:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as children:
                    found += map(int, children.read().split())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def of_file(path, name):
    """A number of KiB in a file of /proc, as bytes; 0 for a process that has ended and was not waited for yet."""
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def log():
    """Where programs write what is not for us."""
    return open(os.environ["CRAWL_LOG"], "ab")
