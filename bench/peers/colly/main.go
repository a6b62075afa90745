// The crawler Colly, as its documentation recommends for speed: asynchronous, with a limit of parallelism, no cache.
//
// usage: colly SEED
//
// Colly takes /page and /page#part for two pages, and would fetch each page of the site several times. Its users strip the
// fragment by hand, so it is done here.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gocolly/colly/v2"
)

const concurrency = 16

func main() {
	seed, err := url.Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var pages, links, failed atomic.Int64
	c := colly.NewCollector(
		colly.Async(true),
		colly.AllowedDomains(seed.Hostname()),
		colly.UserAgent("crawl-operator-bench/1"),
	)
	c.IgnoreRobotsTxt = true
	// Go keeps two idle connections of a host, which sixteen requests at a time would wear out.
	c.WithTransport(&http.Transport{MaxIdleConnsPerHost: concurrency, IdleConnTimeout: 90 * time.Second})
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: concurrency}); err != nil {
		log.Fatal(err)
	}
	c.OnResponse(func(*colly.Response) { pages.Add(1) })
	c.OnError(func(*colly.Response, error) { failed.Add(1) })
	c.OnHTML("a[href]", func(e *colly.HTMLElement) {
		links.Add(1)
		target, _, _ := strings.Cut(e.Request.AbsoluteURL(e.Attr("href")), "#")
		// That it was visited before is an error to Colly, and none to us.
		_ = e.Request.Visit(target)
	})
	if err := c.Visit(seed.String()); err != nil {
		log.Fatal(err)
	}
	c.Wait()
	counts := map[string]int64{"pages": pages.Load(), "links": links.Load(), "failed": failed.Load()}
	if err := json.NewEncoder(os.Stdout).Encode(counts); err != nil {
		log.Fatal(err)
	}
}
