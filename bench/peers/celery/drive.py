"""Gives the Celery worker its tasks, at most 200 at a time, and counts their results.

usage: drive.py URLS
"""
import json
import sys
from collections import deque

from tasks import crawl

counts = {"pages": 0, "links": 0}
under_way = deque()


def conclude():
    counts["links"] += under_way.popleft().get(timeout=120)["links"]
    counts["pages"] += 1


with open(sys.argv[1], encoding="utf-8") as urls:
    for url in urls:
        if len(under_way) == 200:
            conclude()
        under_way.append(crawl.delay(url.strip()))
while under_way:
    conclude()
print(json.dumps(counts))
