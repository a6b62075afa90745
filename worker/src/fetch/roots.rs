//! Whom we trust to say who a server is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};

use super::client::FetcherError;

/// Hosts whose sessions are kept, to be taken up again where a server has closed its connection.
const SESSIONS: usize = 1024;

/// Why given certificates are of no use.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The file cannot be read, or is not PEM.
    #[error("cannot read certificates from {path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: pem::Error,
    },
    /// There is no certificate in the file, perhaps a key.
    #[error("there is no certificate in {path}", path = path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// One of the certificates cannot be understood.
    #[error("certificate {number} is damaged, or is none")]
    Damaged {
        /// Which one, counted from 1.
        number: usize,
        /// Why.
        #[source]
        source: rustls::Error,
    },
}

/// Reads the certificates of a PEM file: all of them, or none.
///
/// # Errors
/// When the file cannot be read, is not PEM, or holds no certificate.
pub fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, RootsError> {
    let failed = |source| RootsError::File { path: path.to_owned(), source };
    let found = CertificateDer::pem_file_iter(path).map_err(failed)?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    if found.is_empty() {
        return Err(RootsError::Empty { path: path.to_owned() });
    }
    Ok(found)
}

/// How servers are trusted. The public certificates are in the binary: an image made from scratch has no files.
pub(super) fn tls(given: &[CertificateDer<'static>]) -> Result<ClientConfig, FetcherError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    for (at, certificate) in given.iter().enumerate() {
        let damaged = |source| FetcherError::Roots(RootsError::Damaged { number: at + 1, source });
        roots.add(certificate.clone()).map_err(damaged)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = builder.map_err(FetcherError::Tls)?.with_root_certificates(roots).with_no_client_auth();
    config.resumption = Resumption::in_memory_sessions(SESSIONS);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A file that is gone when the test is over.
    struct File(PathBuf);

    impl File {
        fn with(name: &str, text: &str) -> Self {
            let path = std::env::temp_dir().join(format!("crawl-roots-{}-{name}.pem", std::process::id()));
            std::fs::write(&path, text).unwrap();
            Self(path)
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    /// All that a person is told.
    fn said(error: impl std::error::Error + Send + Sync + 'static) -> String {
        format!("{:#}", anyhow::Error::from(error))
    }

    #[test]
    fn a_file_without_certificates_is_said() {
        let block = |kind: &str, text: &str| format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n");
        for (name, text, expected) in [
            ("empty", String::new(), "there is no certificate in"),
            ("text", "hello".to_owned(), "there is no certificate in"),
            ("key", block("PRIVATE KEY", "AAAA"), "there is no certificate in"),
            ("base64", block("CERTIFICATE", "?!"), "cannot read certificates from"),
            ("open", "-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned(), "cannot read certificates from"),
        ] {
            let file = File::with(name, &text);
            let said = said(read(&file.0).unwrap_err());
            assert!(said.starts_with(expected) && said.contains(file.0.to_str().unwrap()), "{name}: {said}");
        }
        let said = said(read(Path::new("/nowhere/ca.pem")).unwrap_err());
        assert!(said.starts_with("cannot read certificates from /nowhere/ca.pem: "), "{said}");
    }

    #[test]
    fn what_is_no_certificate_is_not_passed_over() {
        let file = File::with("damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let said = said(tls(&read(&file.0).unwrap()).unwrap_err());
        assert!(said.contains("certificate 1 is damaged, or is none"), "{said}");
    }
}
