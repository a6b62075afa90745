//! HTTPS with a certificate that lives as long as the process.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::Path,
    sync::Arc,
};

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio_rustls::TlsAcceptor;

/// An acceptor for 127.0.0.1 and the addresses after it. Whoever trusts what is written to `authority` trusts it.
pub(crate) fn acceptor(authority: &Path, hosts: u8, h2: bool) -> anyhow::Result<TlsAcceptor> {
    let issuer = issuer(authority)?;
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.subject_alt_names =
        (1..=hosts).map(|n| SanType::IpAddress(IpAddr::V4(Ipv4Addr::new(127, 0, 0, n)))).collect();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let chain = vec![params.signed_by(&key, &issuer)?.der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let mut config =
        builder.with_safe_default_protocol_versions()?.with_no_client_auth().with_single_cert(chain, key)?;
    // Tickets, as servers with many clients use them: the default remembers 256 sessions of all clients together.
    config.ticketer = ring::Ticketer::new()?;
    config.alpn_protocols = if h2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// An authority of its own, since clients do not take a certificate that signed itself for a server's.
fn issuer(file: &Path) -> anyhow::Result<Issuer<'static, KeyPair>> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "crawl-operator benchmarks");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let certificate = params.self_signed(&key)?;
    std::fs::write(file, certificate.pem()).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Issuer::new(params, key))
}
