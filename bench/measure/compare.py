"""Has all clients crawl the same site, one after the other, round after round, and prints a table of what it cost them.

A round is short and each client is compared within it, so that a machine which is slow for a while is slow for all.
"""
import os
import sys
import tempfile
from statistics import median

from clients import CLIENTS, chosen
from machine import heading
from site_of_pages import Site

PAGES, ROUNDS = int(os.environ.get("PAGES", 5000)), int(os.environ.get("ROUNDS", 5))

COLUMNS = [
    "client",
    "CPU ms a page: median (min to max)",
    "times crawl-worker",
    "Scrapy is so many times that",
    "peak memory, MB",
    "connections",
    "pages",
    "links",
]


def main():
    names, folder = chosen(), tempfile.mkdtemp(dir=os.environ["BENCH_WORK"])
    runs = {name: [] for name in names}
    with Site("--pages", PAGES, *(["--gzip"] if os.environ.get("GZIP") else [])) as site:
        urls = os.path.join(folder, "urls")
        with open(urls, "w", encoding="utf-8") as file:
            file.write("\n".join(site.urls()))
        try:
            for turn in range(ROUNDS):
                for name in names:
                    runs[name].append(measure(name, site, urls))
                    print(f"    round {turn + 1}/{ROUNDS}  {name:<13}{summary(runs[name][-1])}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print("    stopped; what was measured until now:", file=sys.stderr)
    print(heading(f"{PAGES} pages, {max(map(len, runs.values()))} rounds"))
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name in filter(runs.get, names):
        print(row(name, runs))
    print()
    remarks = dict.fromkeys(remark for name in names for run in runs[name] for remark in remarks_on(name, run))
    for remark in remarks or ["Every client fetched every page once, in every round."]:
        print(f"- {remark}")


def measure(name, site, urls):
    """One client's run: what it cost, what it says it did, and what the site saw it do."""
    site.take()
    client, said = CLIENTS[name][1](site, urls)
    return {"ms": client.cpu * 1000 / PAGES, "memory": client.memory, "said": said, "seen": site.take()}


def summary(run):
    seen = run["seen"]
    return f"{run['ms']:8.3f} ms a page{run['memory'] / 1e6:6.0f} MB{seen['pages']:7} pages{seen['connections']:6} connections"


def row(name, runs):
    mine = runs[name]
    costs = [run["ms"] for run in mine]
    links = sorted({run["said"].get("links") for run in mine}, key=str)
    cells = [
        CLIENTS[name][0],
        f"{median(costs):.3f} ({min(costs):.3f} to {max(costs):.3f})",
        ratio(mine, runs.get("worker")),
        ratio(runs.get("scrapy"), mine),
        f"{max(run['memory'] for run in mine) / 1e6:.0f}",
        f"{median(run['seen']['connections'] for run in mine):.0f}",
        " ".join(str(pages) for pages in sorted({run["seen"]["pages"] for run in mine})),
        " ".join("not counted" if count is None else str(count) for count in links),
    ]
    return f"| {' | '.join(cells)} |"


def ratio(these, those):
    """How many times the cost of those these cost: the median over the rounds."""
    if not these or not those:
        return ""
    return f"{median(this['ms'] / that['ms'] for this, that in zip(these, those)):.2f}"


def remarks_on(name, run):
    """What a run did other than fetching every page once, by its own count and by the site's."""
    seen, said = run["seen"], run["said"]
    if seen["pages"] < PAGES or said["pages"] != PAGES or said.get("failed"):
        yield f"**{name}: the figures do not count.** The site saw it fetch {seen['pages']} of {PAGES} pages; it says {said}."
    if seen["requests"] > PAGES:
        yield f"{name} fetched some pages again: {seen['requests']} requests."
    if seen["unknown"]:
        yield f"{name} made {seen['unknown']} requests for what is no page."
    if seen["misspelled"]:
        yield f"{name} did not decode `&amp;` in links: {seen['misspelled']} pages had to be answered by another address."


if __name__ == "__main__":
    main()
