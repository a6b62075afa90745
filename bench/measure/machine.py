"""On what, and of what, figures were measured: a line above each table."""
import datetime
import os
import platform
import subprocess


def heading(what):
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    today = datetime.date.today().isoformat()
    return f"{today}, {revision}, {processor()}, {os.cpu_count()} cores, load {load}; {what}.\n"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()
