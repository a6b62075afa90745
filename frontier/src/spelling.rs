//! Which parameters of a URL decide nothing, by the rules of the crawl.

use crate::Spelling;

impl Spelling {
    /// Whether it says nothing.
    pub(crate) fn is_plain(&self) -> bool {
        self.ignore_parameters.is_empty() && !self.sort_query
    }

    /// Takes out the parameters that decide nothing, and sorts the others by name where their order does not either.
    /// Parameters of one name keep their order. Applied twice it changes nothing.
    pub(crate) fn apply(&self, url: &str) -> String {
        let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        let mut out = self.path(path);
        let mut pairs: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).collect();
        pairs.retain(|pair| !self.ignores(name(pair)));
        if self.sort_query {
            pairs.sort_by_key(|pair| name(pair));
        }
        if pairs.iter().any(|pair| !pair.is_empty()) {
            out.push('?');
            out.push_str(&pairs.join("&"));
        }
        out
    }

    /// `/a;jsessionid=1/b` without what stands between `;` and `/`.
    fn path(&self, path: &str) -> String {
        let mut out = String::with_capacity(path.len());
        for (n, segment) in path.split('/').enumerate() {
            if n > 0 {
                out.push('/');
            }
            let mut parts = segment.split(';');
            out.push_str(parts.next().unwrap_or_default());
            for part in parts.filter(|part| !self.ignores(name(part))) {
                out.push(';');
                out.push_str(part);
            }
        }
        out
    }

    fn ignores(&self, name: &str) -> bool {
        self.ignore_parameters.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
            None => name.eq_ignore_ascii_case(pattern),
        })
    }
}

fn name(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_decide_nothing_go() {
        let spelling =
            Spelling { ignore_parameters: vec!["utm_*".into(), "sid".into(), "jsessionid".into()], sort_query: false };
        for (url, expected) in [
            ("http://h/a?utm_source=x&b=1", "http://h/a?b=1"),
            ("http://h/a?UTM_Medium=x", "http://h/a"),
            ("http://h/a?b=1&sid=3&a=2", "http://h/a?b=1&a=2"),
            ("http://h/a?sid", "http://h/a"),
            ("http://h/a?side=1", "http://h/a?side=1"),
            ("http://h/a;jsessionid=F00/b;v=1?x", "http://h/a/b;v=1?x"),
            ("http://h/?q=a=sid", "http://h/?q=a=sid"),
            ("http://h/utm_a", "http://h/utm_a"),
        ] {
            assert_eq!(spelling.apply(url), expected, "{url}");
            assert_eq!(spelling.apply(expected), expected, "{url} twice");
        }
    }

    #[test]
    fn sorted_queries_keep_the_order_of_one_name() {
        let spelling = Spelling { ignore_parameters: vec![], sort_query: true };
        assert_eq!(spelling.apply("http://h/?b=1&a=2&b=0"), "http://h/?a=2&b=1&b=0");
        assert_eq!(spelling.apply("http://h/?"), "http://h/");
    }
}
