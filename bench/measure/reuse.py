"""How often workers find a connection open: one to many workers, many HTTPS hosts, one request of a host at a time, each a
while after the last, as an operator's politeness has it. Prints a table.

A new connection costs more than the rest of a page, so this is where a fleet loses time. Each number of workers is tried twice:
tasks go to whichever worker is free, as they do, and each host's to the same worker always, the best that could be had.
"""
import os
import sys
import tempfile
from contextlib import ExitStack

from amqp import drive, worker
from machine import heading
from site_of_pages import Site

HOSTS, PAGES = int(os.environ.get("HOSTS", 64)), int(os.environ.get("PAGES", 50))


def numbers(name, default):
    return [int(word) for word in os.environ.get(name, default).replace(",", " ").split()]


def main():
    folder = tempfile.mkdtemp(dir=os.environ["BENCH_WORK"])
    authority, urls = os.path.join(folder, "authority.pem"), os.path.join(folder, "urls")
    arguments = ["--tls", authority, "--hosts", HOSTS, "--pages", PAGES]
    arguments += ["--idle", os.environ["IDLE"]] if os.environ.get("IDLE") else []
    arguments += [flag for variable, flag in (("H2", "--h2"), ("GZIP", "--gzip")) if os.environ.get(variable)]
    with Site(*arguments) as site:
        with open(urls, "w", encoding="utf-8") as file:
            for host in range(1, HOSTS + 1):
                file.writelines(url.replace("127.0.0.1", f"127.0.0.{host}") + "\n" for url in site.urls())
        print(heading(f"{HOSTS} HTTPS hosts, {PAGES} pages of each, one request of a host at a time"))
        print("| workers | ms between requests | a host's pages go to | on a connection that was open | full handshakes | resumed | failed | CPU ms a page, all workers | pages a second |")
        print("|---|---|---|---|---|---|---|---|---|")
        for delay in numbers("DELAYS", "20 200"):
            for workers in numbers("WORKERS", "1 2 4 8"):
                for goes_to, pools in POOLS.items() if workers > 1 else [ANY]:
                    measured = measure(site, authority, urls, pools(workers), delay)
                    print(row(workers, delay, goes_to, *measured), flush=True)


# Where a host's pages go to, and the pool of each worker for that: one for all, or one for each.
ANY = ("any worker", lambda workers: ["bench"] * workers)
POOLS = dict([ANY, ("the same worker", lambda workers: [f"bench-{n}" for n in range(workers)])])


def measure(site, authority, urls, pools, delay):
    """What the workers cost, what they recorded, and what the site saw."""
    site.take()
    with ExitStack() as stack:
        clients = [stack.enter_context(worker(CA_FILE=authority, POOL=pool)) for pool in pools]
        arguments = ("--workers", len(pools), "--per-host", 1, "--delay", delay)
        recorded = drive(urls, *arguments, pools=sorted(set(pools)))
    seen = site.take()
    if recorded["failed"] or seen["requests"] != HOSTS * PAGES:
        sys.exit(f"not every page was fetched once: {recorded}, {seen}")
    return clients, recorded, seen


def row(workers, delay, goes_to, clients, recorded, seen):
    requests, cpu = seen["requests"], sum(client.cpu for client in clients)
    cells = [
        workers,
        delay,
        goes_to,
        f"{1 - seen['connections'] / requests:.1%}",
        seen["fullHandshakes"],
        seen["resumedHandshakes"],
        seen["failedHandshakes"],
        f"{cpu * 1000 / requests:.3f}",
        f"{requests / recorded['seconds']:.0f}",
    ]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
