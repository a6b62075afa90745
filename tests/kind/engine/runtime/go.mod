module crawl-operator.invalid/runtime

go 1.25.0
