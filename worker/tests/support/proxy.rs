//! Small proxies that lead everything to one server, whatever they are asked for, and remember what that was.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What a proxy does with those who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Leads to the server.
    Leads,
    /// Answers with these bytes and closes.
    Answers(&'static [u8]),
    /// SOCKS5: leads to the server those who know this user and this password.
    Knows(&'static str, &'static str),
    /// SOCKS5: refuses with this code.
    Refuses(u8),
}

/// A proxy.
#[derive(Clone, Debug)]
pub(crate) struct TestProxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TestProxy {
    /// One that understands CONNECT, and requests with a whole URL.
    pub(crate) async fn http(server: SocketAddr, manner: Manner) -> Self {
        Self::start(move |stream, asked| http(stream, server, manner, asked)).await
    }

    /// The same over TLS.
    pub(crate) async fn https(server: SocketAddr, manner: Manner, config: ServerConfig) -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = asked.clone();
        let address = super::tls::serve(config, move |stream| {
            let serving = http(stream, server, manner, seen.clone());
            async move {
                let _ = serving.await;
            }
        });
        Self { address: address.await, asked }
    }

    /// One that speaks SOCKS5.
    pub(crate) async fn socks(server: SocketAddr, manner: Manner) -> Self {
        Self::start(move |stream, asked| socks(stream, server, manner, asked)).await
    }

    async fn start<F>(serve: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = proxy.asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, asked.clone()));
            }
        });
        proxy
    }

    /// What it was asked for: heads of requests, or addresses of SOCKS5 as `1 127.0.0.1:80` or `3 example.com:80`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn http(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    server: SocketAddr,
    manner: Manner,
    asked: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let head = super::head(&mut stream).await?;
    asked.lock().unwrap().push(head.clone());
    if let Manner::Answers(bytes) = manner {
        stream.write_all(bytes).await.ok()?;
        return stream.shutdown().await.ok();
    }
    let mut onward = TcpStream::connect(server).await.ok()?;
    match head.starts_with("CONNECT ") {
        true => stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.ok()?,
        false => onward.write_all(head.as_bytes()).await.ok()?,
    }
    copy_bidirectional(&mut stream, &mut onward).await.ok().map(drop)
}

async fn socks(
    mut stream: TcpStream,
    server: SocketAddr,
    manner: Manner,
    asked: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let [5, methods] = take(&mut stream).await? else { return None };
    let offered = some(&mut stream, methods).await?;
    match manner {
        Manner::Answers(bytes) => return stream.write_all(bytes).await.ok(),
        Manner::Knows(user, password) => {
            if !offered.contains(&2) {
                return stream.write_all(&[5, 0xFF]).await.ok();
            }
            stream.write_all(&[5, 2]).await.ok()?;
            let [1, length] = take(&mut stream).await? else { return None };
            let given = some(&mut stream, length).await?;
            let [length] = take(&mut stream).await?;
            let known = (given.as_slice(), some(&mut stream, length).await?.as_slice())
                == (user.as_bytes(), password.as_bytes());
            stream.write_all(&[1, u8::from(!known)]).await.ok()?;
            known.then_some(())?;
        }
        Manner::Leads | Manner::Refuses(_) => stream.write_all(&[5, 0]).await.ok()?,
    }
    let [5, 1, 0, kind] = take(&mut stream).await? else { return None };
    let host = match kind {
        1 => std::net::Ipv4Addr::from(take::<4>(&mut stream).await?).to_string(),
        4 => std::net::Ipv6Addr::from(take::<16>(&mut stream).await?).to_string(),
        _ => {
            let [length] = take(&mut stream).await?;
            String::from_utf8(some(&mut stream, length).await?).ok()?
        }
    };
    let port = u16::from_be_bytes(take(&mut stream).await?);
    asked.lock().unwrap().push(format!("{kind} {host}:{port}"));
    let code = if let Manner::Refuses(code) = manner { code } else { 0 };
    stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    if code != 0 {
        return None;
    }
    let mut onward = TcpStream::connect(server).await.ok()?;
    copy_bidirectional(&mut stream, &mut onward).await.ok().map(drop)
}

async fn take<const N: usize>(stream: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

async fn some(stream: &mut TcpStream, length: u8) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}
