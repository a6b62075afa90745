//! Why TLS failed, for people.
//!
//! Nothing is accepted here that the public web's clients refuse: TLS 1.2 and 1.3 with the ciphers of both, certificates signed with
//! SHA-256 or better. Whether a certificate was revoked is not asked.

use std::time::{Duration, SystemTime};

use crawl_protocol::FailureClass;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

use super::classify::Failure;

/// A handshake that failed for a reason.
pub(super) fn failed(error: &Error) -> Failure {
    Failure::new(FailureClass::Tls, is_retryable(error), format!("TLS failed: {}", sentence(error)))
}

/// A handshake whose connection closed.
pub(super) fn broke_off() -> Failure {
    Failure::new(FailureClass::Tls, true, "TLS failed: the server closed the connection in the handshake")
}

/// Certificates and what a server can do are the same next time.
fn is_retryable(error: &Error) -> bool {
    use AlertDescription::{HandshakeFailure, ProtocolVersion};
    !matches!(
        error,
        Error::InvalidCertificate(_)
            | Error::PeerIncompatible(_)
            | Error::AlertReceived(HandshakeFailure | ProtocolVersion)
    )
}

/// The reason, as the rest of a sentence.
pub(super) fn sentence(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::InvalidMessage(_) => "what came was not TLS".to_owned(),
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => {
            "the server speaks neither TLS 1.2 nor 1.3 as we do".to_owned()
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            "the server refused the handshake, perhaps for want of a common cipher".to_owned()
        }
        Error::AlertReceived(AlertDescription::UnrecognisedName) => "the server does not know this host".to_owned(),
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "the server wants a certificate of ours".to_owned()
        }
        Error::AlertReceived(alert) => format!("the server sent the alert {alert:?}"),
        Error::PeerMisbehaved(_) | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            "the server does not keep to the protocol".to_owned()
        }
        Error::DecryptError => "the server's messages cannot be decrypted".to_owned(),
        other => other.to_string(),
    }
}

fn certificate(error: &CertificateError) -> String {
    use CertificateError as Wrong;
    match error {
        Wrong::Expired => "the certificate has expired".to_owned(),
        Wrong::ExpiredContext { not_after, .. } => format!("the certificate expired on {}", day(*not_after)),
        Wrong::NotValidYet => "the certificate is not valid yet".to_owned(),
        Wrong::NotValidYetContext { not_before, .. } => {
            format!("the certificate is not valid before {}", day(*not_before))
        }
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            "the certificate is not for this host".to_owned()
        }
        Wrong::UnknownIssuer => {
            "the certificate is signed by nobody we trust: by itself, by an unknown authority, or the one in between is \
             missing"
                .to_owned()
        }
        Wrong::UnsupportedSignatureAlgorithmContext { .. }
        | Wrong::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the certificate is signed in a way that is not safe, or not known".to_owned()
        }
        Wrong::BadEncoding => "the certificate is damaged".to_owned(),
        Wrong::BadSignature => "the certificate's signature is wrong".to_owned(),
        Wrong::InvalidPurpose | Wrong::InvalidPurposeContext { .. } => "the certificate is not for servers".to_owned(),
        Wrong::Revoked => "the certificate was revoked".to_owned(),
        // The library has no name of its own for it.
        Wrong::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the certificate is an authority's own, not a server's".to_owned()
        }
        _ => "the certificate is invalid".to_owned(),
    }
}

/// The last second that a date of HTTP has room for: the year 9999 ends.
const LAST_SECOND: u64 = 253_402_300_799;

/// A day, such as `06 Nov 1994`.
fn day(time: UnixTime) -> String {
    let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs().min(LAST_SECOND)));
    date.get(5..16).unwrap_or(&date).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_do() {
        for (seconds, expected) in
            [(0, "01 Jan 1970"), (784_111_777, "06 Nov 1994"), (u64::MAX, "31 Dec 9999"), (951_782_400, "29 Feb 2000")]
        {
            assert_eq!(day(UnixTime::since_unix_epoch(Duration::from_secs(seconds))), expected);
        }
    }
}
