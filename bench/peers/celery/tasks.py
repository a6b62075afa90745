"""A crawler as tutorials write it: Celery, RabbitMQ, requests, BeautifulSoup.

One thing is done better than in most of them: a session, so that connections are reused as those of all others are.
"""
import os
from urllib.parse import urldefrag, urljoin

import requests
from bs4 import BeautifulSoup
from celery import Celery

app = Celery("tasks", broker=os.environ["BROKER"], backend="rpc://")
app.conf.update(worker_prefetch_multiplier=4, task_acks_late=True, worker_hijack_root_logger=False)
session = requests.Session()
session.headers["User-Agent"] = "crawl-operator-bench/1"


@app.task
def crawl(url):
    response = session.get(url, timeout=30)
    response.raise_for_status()
    soup = BeautifulSoup(response.text, "html.parser")
    links = [anchor["href"] for anchor in soup.find_all("a", href=True)]
    found = {urldefrag(urljoin(url, link)).url for link in links}
    return {"url": url, "links": len(links), "urls": sorted(found)}
