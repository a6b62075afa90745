"""A site on loopback with links that are broken in every way, and with many that are not.

usage: site.py PAGES FILE    writes the site's address and what is broken to FILE, then serves until it is ended

Pages have ten links to others, two of them to every page of the menu, of which one is broken on all pages. Nothing else listens on the
port that `refused` names.
"""
import http.server
import json
import socket
import sys

PAGES = int(sys.argv[1])
closed = socket.socket()
closed.bind(("127.0.0.1", 0))
REFUSED = f"http://127.0.0.1:{closed.getsockname()[1]}/"

# Path of a link, where its redirects lead, and its kind.
BROKEN = [
    ("/missing", "not found"),
    ("/error", "server error"),
    ("/gone", "gone"),
    ("/docs/page-1/typo.html", "relative link"),
    ("/moved", "redirect to not found"),
    ("/far", "three redirects to not found"),
    ("/circle", "redirect circle"),
    ("/menu-missing", "on every page"),
    (REFUSED, "refused connection"),
    ("http://no-such-host.crawl-operator.io/", "no such host"),
]
REDIRECTS = {"/moved": "/nowhere", "/far": "/far/2", "/far/2": "/far/3", "/far/3": "/nowhere", "/circle": "/circle/2",
             "/circle/2": "/circle", "/fine": "/docs/page-2/"}
STATUS = {"/error": 500, "/gone": 410}
SPECIAL = {
    0: ["/missing", "/error", "/gone"],
    1: ["typo.html", "/moved", "/circle", "/fine"],
    2: ["/far", "/missing", REFUSED],
    3: ["http://no-such-host.crawl-operator.io/"],
}


def page(number):
    links = SPECIAL.get(number, []) + ["/", "/menu-missing"]
    links += [f"/docs/page-{(number * 7 + step) % PAGES}/" for step in range(1, 9)]
    items = "".join(f'<li><a href="{link}">link</a></li>\n' for link in links)
    return f"<!DOCTYPE html><html lang=en><title>page {number}</title><ul>\n{items}</ul>\n{'<p>words and words' * 40}".encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        target = REDIRECTS.get(path)
        body, status = b"", 404
        if target:
            status = 301
        elif path == "/":
            body, status = page(0), 200
        elif path.startswith("/docs/page-") and path.endswith("/") and path[11:-1].isdigit() and int(path[11:-1]) < PAGES:
            body, status = page(int(path[11:-1])), 200
        else:
            status = STATUS.get(path, 404)
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
base = f"http://127.0.0.1:{server.server_port}"
broken = [(url if url.startswith("http") else base + url, kind) for url, kind in BROKEN]
urls = [f"{base}/"] + [f"{base}/docs/page-{number}/" for number in range(1, PAGES)]
with open(sys.argv[2], "w") as file:
    json.dump({"base": base + "/", "broken": broken, "pages": urls}, file)
server.serve_forever()
