"""Scrapy, as its documentation's page on broad crawls recommends: no cookies, no retries, nothing logged, no telnet.

usage: crawl.py SEED

CSS selectors rather than its LinkExtractor, which costs more.
"""
import json
import sys
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

counts = {"pages": 0, "links": 0}


class Site(Spider):
    name = "site"
    allowed_domains = [urlsplit(sys.argv[1]).hostname]

    async def start(self):
        # start_urls would have the seed fetched again when a page leads to it.
        yield Request(sys.argv[1])

    def parse(self, response):
        links = response.css("a::attr(href)").getall()
        counts["pages"] += 1
        counts["links"] += len(links)
        yield from response.follow_all(links)


process = CrawlerProcess(
    {
        "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "USER_AGENT": "crawl-operator-bench/1",
    }
)
process.crawl(Site)
process.start()
print(json.dumps(counts))
