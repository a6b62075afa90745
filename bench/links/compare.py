"""Runs link checkers on the same site and prints a table in Markdown: what they found, in how many words, time, CPU.

usage: compare.py SITE.json

A broken link is found when its URL stands in what the checker printed, whole or as the page has it. Checkers that are not installed are left out. LYCHEE,
MUFFET, LINKCHECKER and CRAWL name programs; lychee looks at the pages that it is given, so it is given all of them.
"""
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

ROUNDS = int(os.environ.get("ROUNDS", "3"))
with open(sys.argv[1]) as file:
    site = json.load(file)
base = site["base"]


def checkers():
    crawl = os.environ["CRAWL"]
    speed = ["--delay", "0s", "--per-host-concurrency", "16"]
    yield "kubectl crawl local --check", [crawl, "local", base, "--check", *speed, "--max-attempts", "1", "--max-links", "100000"], None
    lychee = ["--no-progress", "--max-retries", "0", "--host-concurrency", "16", "--host-request-interval", "0s"]
    lychee += ["--files-from", "-"]
    yield "lychee, given all pages", [os.environ.get("LYCHEE", "lychee"), *lychee], "\n".join(site["pages"])
    yield "muffet", [os.environ.get("MUFFET", "muffet"), base], None
    linkchecker = ["--no-warnings", "--check-extern", "--no-status", "--threads", "16"]
    yield "linkchecker", [os.environ.get("LINKCHECKER", "linkchecker"), *linkchecker, base], None


def run(command, given):
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=900)
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, took, cpu


def names(text, url):
    """Whether a text names a URL, not only one that begins like it. linkchecker quotes links as pages have them."""
    if f"`{url.removeprefix(base.rstrip('/'))}'" in text:
        return True
    return re.search(re.escape(url.rstrip("/")) + r"/?(?![\w/.-])", text) is not None


print(f"| checker | found of {len(site['broken'])} | words | lines | seconds | CPU seconds |")
print("|---|---|---|---|---|---|")
missed = []
for name, command, given in checkers():
    if not shutil.which(command[0]):
        print(f"{name} is not installed and left out", file=sys.stderr)
        continue
    runs = [run(command, given) for _ in range(ROUNDS)]
    done = runs[0][0]
    text = done.stdout + done.stderr
    if os.environ.get("KEEP"):
        with open(os.path.join(os.environ["KEEP"], name.split()[0] + ".txt"), "w") as file:
            file.write(text)
    found = {url for url, _ in site["broken"] if names(text, url)}
    missed += [(name, kind) for url, kind in site["broken"] if url not in found]
    took = statistics.median(took for _, took, _ in runs)
    cpu = statistics.median(cpu for _, _, cpu in runs)
    print(f"| {name} | {len(found)} | {len(text.split())} | {len(text.splitlines())} | {took:.1f} | {cpu:.1f} |", flush=True)
for name, kind in missed:
    print(f"\nnot found by {name}: {kind}")
