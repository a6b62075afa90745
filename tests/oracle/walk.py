#!/usr/bin/env python3
"""Counts a folder of HTML as a crawl of it would, without any code of ours: html5lib's tree and a breadth-first walk.

usage: walk.py FOLDER    prints {"fetched": N, "failed": N, "links": N}

A link is an a or area element of the HTML namespace with an href, outside of template contents. What lies outside the
folder is out of scope; what does not exist is a failed page. The folder's server answers / with the file index.html.
"""

import json
import pathlib
import sys
from collections import deque
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib

SITE = "http://site.test/"
HTML = "{http://www.w3.org/1999/xhtml}"


def links(element):
    """The href of each link below an element, in document order."""
    for child in element:
        if not isinstance(child.tag, str):
            continue  # comments
        if child.tag in (HTML + "a", HTML + "area") and "href" in child.attrib:
            yield child.attrib["href"]
        if child.tag != HTML + "template":
            yield from links(child)


def base_of(document, url):
    """What relative links are resolved against."""
    for element in document.iter(HTML + "base"):
        if "href" in element.attrib:
            return urljoin(url, element.attrib["href"])
    return url


def main(folder):
    counts = {"fetched": 0, "failed": 0, "links": 0}
    known, queue = {SITE}, deque([SITE])
    while queue:
        url = queue.popleft()
        path = folder / unquote(urlsplit(url).path).lstrip("/")
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            counts["failed"] += 1
            continue
        counts["fetched"] += 1
        if path.suffix not in (".html", ".htm"):
            continue
        document = html5lib.parse(path.read_bytes(), transport_encoding="utf-8")
        base = base_of(document, url)
        for href in links(document):
            counts["links"] += 1
            target = urldefrag(urljoin(base, href.strip()))[0]
            if target.startswith(SITE) and target not in known:
                known.add(target)
                queue.append(target)
    print(json.dumps(counts))


if __name__ == "__main__":
    sys.setrecursionlimit(100_000)
    main(pathlib.Path(sys.argv[1]))
