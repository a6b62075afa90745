"""The clients that are compared: how each is started, and what it says of itself in the end."""
import json
import os
import sys

from amqp import CONCURRENCY, drive, printed, worker
from processes import Client

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")
RUST = os.environ.get("BENCH_RUST_PEERS", "")


def run_worker(site, urls):
    with worker() as client:
        return client, drive(urls)


def run_local(site, urls):
    arguments = ["local", site.base + "/", "--delay=0s", f"--per-host-concurrency={CONCURRENCY}", "--ignore-robots"]
    arguments += [f"--concurrency={CONCURRENCY}", "--max-links=1000000", "--quiet"]
    with Client([os.environ["BENCH_LOCAL"], *arguments]) as client:
        pages = [json.loads(line) for line in client.wait().splitlines()]
    fetched = [page["links"] for page in pages if page["links"] >= 0]
    return client, {"pages": len(fetched), "links": sum(fetched), "failed": len(pages) - len(fetched)}


def run_celery(site, urls):
    folder, environment = os.path.join(PEERS, "celery"), {"BROKER": os.environ["BENCH_AMQP_URL"]}
    python = os.environ["BENCH_CELERY"]
    # Prefork is the default. What workers would tell each other is of no use to a single one.
    arguments = ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--concurrency={CONCURRENCY}"]
    command = [python, "-m", "celery", "--app=tasks", "worker", "--loglevel=error", *arguments]
    with Client(command, environment, folder) as client:
        return client, printed([python, "drive.py", urls], cwd=folder, env=os.environ | environment)


def alone(*command):
    """A client that takes its own way through the site, and prints its counts."""

    def run(site, urls):
        places = {"SEED": site.base + "/", "URLS": urls}
        with Client([places.get(word, word) for word in command]) as client:
            return client, json.loads(client.wait().splitlines()[-1])

    return run


# By the name that PEERS selects: what the table says, and how it is run.
CLIENTS = {
    "fetch": ("reqwest, no parsing", alone(f"{RUST}/limit", "fetch", "URLS")),
    "limit": ("reqwest + lol_html, decode, join, dedup: the bare limit", alone(f"{RUST}/limit", "links", "URLS")),
    "worker": ("**crawl-worker**, AMQP in and out", run_worker),
    "local": ("**kubectl-crawl local**, frontier and worker in one", run_local),
    "spider": ("spider", alone(f"{RUST}/spider", "SEED")),
    "spider-links": ("spider, handing out each page's links", alone(f"{RUST}/spider", "SEED", "--links")),
    "colly": ("Colly", alone(os.environ.get("BENCH_COLLY", ""), "SEED")),
    "scrapy": ("Scrapy", alone(os.environ.get("BENCH_SCRAPY", ""), os.path.join(PEERS, "scrapy", "crawl.py"), "SEED")),
    "celery": ("Celery + requests + BeautifulSoup, AMQP in and out", run_celery),
}


def chosen():
    """The clients of this run, in the order of the table."""
    names = os.environ.get("PEERS", "").replace(",", " ").split() or list(CLIENTS)
    for name in names:
        if name not in CLIENTS:
            sys.exit(f"PEERS names {name!r}; there are: {' '.join(CLIENTS)}")
    return [name for name in CLIENTS if name in names]
