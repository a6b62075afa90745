"""The site that is crawled, on the other core."""
import json
import os
import subprocess
import urllib.request

from processes import log


class Site:
    """A running site; see crawl-bench-site --help for its arguments."""

    def __init__(self, *arguments):
        self.command = [os.environ["BENCH_SITE"], *map(str, arguments)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log(), text=True)
        places = json.loads(self.process.stdout.readline())
        self.base, self._questions = places["site"], places["questions"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def urls(self):
        """Where the pages are."""
        return self._ask("/urls").split()

    def take(self):
        """What clients did since this was last asked."""
        return json.loads(self._ask("/counts"))

    def _ask(self, path):
        with urllib.request.urlopen(self._questions + path) as answer:
            return answer.read().decode()
