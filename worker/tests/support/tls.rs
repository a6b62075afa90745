//! Authorities, certificates and servers that speak TLS.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crawl_worker::{Fetcher, FetcherConfig};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::names::Names;

/// The host that all names of these tests lead to.
pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Who signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A server's certificate, what leads from it to an authority, and its key.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        Self(CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap())
    }

    /// One that this one has signed.
    pub(crate) fn below(&self, name: &str) -> Self {
        Self(CertifiedIssuer::signed_by(authority(name), KeyPair::generate().unwrap(), &self.0).unwrap())
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host, with something changed before it is signed.
    pub(crate) fn issue(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params(host, change).signed_by(&key, &self.0).unwrap();
        Identity { chain: vec![certificate.der().clone()], key: key.serialize_der() }
    }
}

impl Identity {
    /// One that is signed by itself.
    pub(crate) fn of_its_own(host: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params(host, change).self_signed(&key).unwrap();
        Self { chain: vec![certificate.der().clone()], key: key.serialize_der() }
    }

    /// How a server speaks TLS with it.
    pub(crate) fn config(self) -> ServerConfig {
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        builder.with_single_cert(self.chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key))).unwrap()
    }
}

fn params(host: &str, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    change(&mut params);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params
}

/// Serves one small page over TLS.
pub(crate) async fn page_over(config: ServerConfig) -> SocketAddr {
    serve(config, |mut stream| async move {
        let mut head = [0; 4096];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut head).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n<a href=/>")
            .await;
        let _ = stream.shutdown().await;
    })
    .await
}

/// Does something with each connection whose handshake succeeds.
pub(crate) async fn serve<F>(
    config: ServerConfig,
    with: impl Fn(TlsStream<TcpStream>) -> F + Clone + Send + 'static,
) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((HERE, 0)).await.unwrap();
    let (address, acceptor) = (listener.local_addr().unwrap(), TlsAcceptor::from(Arc::new(config)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, with) = (acceptor.clone(), with.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    with(stream).await;
                }
            });
        }
    });
    address
}

/// A fetcher that reaches this machine by all names, and trusts an authority.
pub(crate) fn trusting(authority: &Authority) -> Fetcher {
    let config = FetcherConfig {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
        roots: vec![authority.certificate()],
        ..FetcherConfig::default()
    };
    Fetcher::with_lookup(config, Names::that_answer(&[&[HERE]])).unwrap()
}
