//! The guard, spelled out: each line is something that was reached somewhere.

use super::*;

fn check(guard: &Guard, url: &str) -> Result<(), Blocked> {
    guard.check_url(&Url::parse(url).unwrap())
}

fn strict() -> Guard {
    Guard::new(Vec::new(), Vec::new())
}

/// Every range that is not the public internet: its first and its last address, and the public neighbours, where it has some.
#[test]
fn ranges_end_where_they_end() {
    for (first, last, before, after) in [
        ("0.0.0.0", "0.255.255.255", "", "1.0.0.0"),
        ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
        ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
        ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
        ("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
        ("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
        ("192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"),
        ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
        ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
        ("198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
        ("203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
        ("224.0.0.0", "239.255.255.255", "223.255.255.255", ""),
        ("240.0.0.0", "255.255.255.255", "", ""),
        // Unspecified, loopback, compatible, mapped, translated (NAT64, well-known and local), discard, dummy.
        ("::", "::1", "", ""),
        ("::2", "::ffff:ffff", "", ""),
        ("::ffff:0.0.0.0", "::ffff:255.255.255.255", "", ""),
        ("::ffff:0:0.0.0.0", "::ffff:0:255.255.255.255", "", ""),
        ("64:ff9b::", "64:ff9b::255.255.255.255", "", ""),
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "", ""),
        ("100::", "100::ffff:ffff:ffff:ffff", "", ""),
        ("1fff:ffff::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", "2000::"),
        // Protocols (Teredo, benchmarks, ORCHID), documentation, 6to4, documentation again.
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff::", "2001:200::"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff::", "3fff:1000::"),
        // What is reserved, segment routing, unique local, link local, site local, multicast.
        ("4000::", "5eff:ffff::", "3fff:ffff::", ""),
        ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
    ] {
        for (address, expected) in [(first, false), (last, false), (before, true), (after, true)] {
            if address.is_empty() {
                continue;
            }
            let parsed: IpAddr = address.parse().unwrap();
            assert_eq!(is_public(parsed), expected, "{address}");
            let url = if parsed.is_ipv6() { format!("http://[{address}]/") } else { format!("http://{address}/") };
            assert_eq!(check(&strict(), &url).is_ok(), expected, "{url}");
        }
    }
}

#[test]
fn every_spelling_of_a_private_address_is_refused() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://127%2e0%2e0%2e1/",
        "http://0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::FFFF:127.0.0.1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0xA9.0xFE.0xA9.0xFE/",
        "http://0251.0376.0251.0376/",
        "http://025177524776/",
        "http://169.254.43518/",
        "http://169.16689662/",
        "http://169.254.169.254./",
        "http://１６９.２５４.１６９.２５４/",
        "http://169。254。169。254/",
        "http://①②⑦.0.0.1/",
        "http://127.0.0.0x1/",
        "http://0x7F.0.0.0x1/",
        "http://017700000001/",
        "http://127.0.1/",
        "http:\\\\127.0.0.1/",
        "http:/127.0.0.1/",
        "http://127.0.0.1:80/",
        " http://127.0.0.1/",
        "ht\ntp://127.0.0.1/",
        "http://127.0.\t0.1/",
        "http://[2001::1]/",
        "http://[2001:db8::1]/",
        "http://[3fff::1]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://10.96.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.0.0.1/",
        "http://192.0.2.1/",
        "http://192.88.99.1/",
        "http://192.168.1.1/",
        "http://198.18.0.1/",
        "http://198.19.255.255/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
    ] {
        assert!(matches!(check(&strict(), url), Err(Blocked::Host { .. })), "{url}");
    }
}

#[test]
fn internal_names_are_refused() {
    for url in [
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://kubernetes/",
        "http://kubernetes.default.svc/",
        "http://kubernetes.default.svc.cluster.local/",
        "http://kubernetes.default.svc.cluster.local./",
        "http://router.lan/",
        "http://nas.home.arpa/",
        "http://localhost:8080/",
        "http://localhost%2e/",
        "http://ＬＯＣＡＬＨＯＳＴ/",
        "http://local/",
        "http://Printer.LOCAL./",
        "http://internal/",
        "http://svc/",
        "http://Kubernetes.Default.SVC./",
        "http://cluster.local/",
        "http://CLUSTER.LOCAL./",
        "http://a.b.internal./",
        "http://metadata/",
        "http://localhost。/",
    ] {
        assert!(matches!(check(&strict(), url), Err(Blocked::Host { .. })), "{url}");
    }
}

#[test]
fn what_is_public_passes() {
    for url in [
        "http://example.com/",
        "https://example.com:8443/",
        "https://example.com./",
        "http://xn--strae-oqa.de/",
        "http://1.1.1.1/",
        "http://9.255.255.255/",
        "http://11.0.0.0/",
        "http://100.63.255.255/",
        "http://100.128.0.0/",
        "http://172.15.255.255/",
        "http://172.32.0.0/",
        "http://198.17.255.255/",
        "http://198.20.0.0/",
        "http://223.255.255.255/",
        "http://[2606:4700:4700::1111]/",
        "http://[2a00::1]/",
        "http://mylocalhost.com/",
        "http://notlocal.example/",
    ] {
        assert_eq!(check(&strict(), url), Ok(()), "{url}");
    }
}

#[test]
fn other_schemes_user_names_and_ports_are_refused() {
    for url in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://user@example.com/",
        "http://:pw@example.com/",
        "http://example.com@127.0.0.1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "gopher://example.com/",
        "ws://example.com/",
    ] {
        assert!(matches!(check(&strict(), url), Err(Blocked::Url { .. })), "{url}");
    }
    for port in OTHER_PORTS {
        let url = format!("http://example.com:{port}/");
        assert!(matches!(check(&strict(), &url), Err(Blocked::Port { .. })), "{url}");
    }
    for port in [80, 443, 3000, 8000, 8080, 8443, 65535] {
        assert_eq!(check(&strict(), &format!("http://example.com:{port}/")), Ok(()), "{port}");
    }
}

#[test]
fn an_allowed_range_is_an_exception_and_no_more() {
    let guard = Guard::new(vec!["10.244.0.0/16".parse().unwrap()], Vec::new());
    assert_eq!(check(&guard, "http://10.244.3.7:8080/"), Ok(()));
    assert!(check(&guard, "http://10.245.0.1/").is_err());
    assert!(check(&guard, "http://[::ffff:10.244.3.7]/").is_err());
    // An internal name may now lead to that range, but still to nothing else, not even to a public address.
    let trust = guard.check_name("site.e2e.svc.cluster.local").unwrap();
    assert_eq!(trust, Trust::AllowedOnly);
    for (address, expected) in [("10.244.3.7", true), ("10.96.0.1", false), ("127.0.0.1", false), ("1.1.1.1", false)] {
        assert_eq!(guard.admits(trust, address.parse().unwrap()), expected, "{address}");
    }
    let public = guard.check_name("example.com").unwrap();
    for (address, expected) in [("10.244.3.7", true), ("10.96.0.1", false), ("1.1.1.1", true), ("::1", false)] {
        assert_eq!(guard.admits(public, address.parse().unwrap()), expected, "{address}");
    }
}

#[test]
fn metadata_services_are_reached_by_their_own_range_only() {
    for (range, opened) in [
        ("0.0.0.0/0", ""),
        ("169.0.0.0/8", ""),
        ("169.254.0.0/16", "http://169.254.169.254/"),
        ("169.254.169.254/32", "http://169.254.169.254/"),
        ("169.254.1.0/24", ""),
        ("::/0", ""),
        ("::ffff:0:0/96", ""),
        ("fd00::/8", ""),
        ("fe80::/9", ""),
        ("fe80::/64", "http://[fe80::1]/"),
        ("fd00:ec2::254/128", "http://[fd00:ec2::254]/"),
    ] {
        let guard = Guard::new(vec![range.parse().unwrap()], Vec::new());
        for url in [
            "http://169.254.169.254/",
            "http://[::ffff:169.254.169.254]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
        ] {
            assert_eq!(check(&guard, url).is_ok(), url == opened, "{range} {url}");
        }
    }
    let wide = Guard::new(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()], Vec::new());
    for url in ["http://10.0.0.1/", "http://127.0.0.1/", "http://[fd00:ec2::253]/", "http://[::ffff:10.0.0.1]/"] {
        assert_eq!(check(&wide, url), Ok(()), "{url}");
    }
    let trust = wide.check_name("metadata.google.internal").unwrap();
    assert!(!wide.admits(trust, "169.254.169.254".parse().unwrap()));
}

#[test]
fn a_host_that_the_user_named_is_allowed_and_no_other() {
    let hosts = ["localhost", "[::1]", "192.168.1.10", "Intranet."].map(str::to_owned).to_vec();
    let guard = Guard::new(Vec::new(), hosts);
    for url in ["http://localhost:8080/", "http://[::1]/", "http://192.168.1.10/", "http://intranet/"] {
        assert_eq!(check(&guard, url), Ok(()), "{url}");
    }
    for url in ["http://127.0.0.1/", "http://192.168.1.11/", "http://other/", "http://sub.localhost/"] {
        assert!(check(&guard, url).is_err(), "{url}");
    }
    assert!(guard.admits(guard.check_name("localhost").unwrap(), "127.0.0.1".parse().unwrap()));
    assert!(!guard.admits(guard.check_name("example.com").unwrap(), "127.0.0.1".parse().unwrap()));
}
