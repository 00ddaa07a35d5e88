//! `AWS_CA_BUNDLE`: whom to trust behind a proxy that opens TLS. The SDK for Rust does not read it.

use super::ConnectError;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::shared::IntoShared;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub(super) const VARIABLE: &str = "AWS_CA_BUNDLE";

/// An HTTP client that trusts the certificates in `file` and nothing else, as the AWS CLI does.
///
/// # Errors
/// [`ConnectError::Bundle`] if the file cannot be read or holds no certificate.
pub(super) fn http_client(file: &Path) -> Result<SharedHttpClient, ConnectError> {
    let unfit = |why: String| ConnectError::Bundle { file: file.to_owned(), why };
    let pem = std::fs::read_to_string(file).map_err(|error| unfit(error.to_string()))?;
    let trust_store = certificates(&pem);
    let trust_store = trust_store.ok_or_else(|| unfit("it holds no certificate".to_owned()))?;
    let tls = TlsContext::builder()
        .with_trust_store(trust_store)
        .build()
        .map_err(|error| unfit(error.to_string()))?;
    Ok(BundleClient { tls, connectors: Mutex::default() }.into_shared())
}

/// The usable certificates of a PEM file; `None` if there are none.
///
/// Each is tried here because the SDK panics on one that it cannot use, and bundles gathered over
/// years hold some.
fn certificates(pem: &str) -> Option<TrustStore> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut found = None;
    for block in pem.split_inclusive(END).filter(|block| block.ends_with(END)) {
        let usable = CertificateDer::from_pem_slice(block.as_bytes())
            .is_ok_and(|certificate| RootCertStore::empty().add(certificate).is_ok());
        if usable {
            found.get_or_insert_with(TrustStore::empty).add_pem_certificate(block);
        }
    }
    found
}

/// The SDK's own client but for the trust store; its proxies come from the environment, too.
#[derive(Debug)]
struct BundleClient {
    tls: TlsContext,
    /// One for each pair of connect and read time-outs: a connector owns a pool of connections.
    connectors: Mutex<HashMap<[Option<Duration>; 2], SharedHttpConnector>>,
}

impl HttpClient for BundleClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        connectors
            .entry([settings.connect_timeout(), settings.read_timeout()])
            .or_insert_with(|| {
                let mut builder = Connector::builder()
                    .proxy_config(ProxyConfig::from_env())
                    .connector_settings(settings.clone());
                builder.set_sleep_impl(components.sleep_impl());
                SharedHttpConnector::new(
                    builder
                        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                        .tls_context(self.tls.clone())
                        .build(),
                )
            })
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_that_cannot_be_used_names_the_variable_and_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.pem");
        let said = http_client(&missing).unwrap_err().to_string();
        assert!(said.contains(VARIABLE) && said.contains("missing.pem"), "{said}");

        let empty = folder.path().join("empty.pem");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&empty, broken).unwrap();
        let said = http_client(&empty).unwrap_err().to_string();
        assert!(said.contains("empty.pem") && said.contains("no certificate"), "{said}");
    }

    #[test]
    fn a_certificate_that_cannot_be_used_does_not_spoil_the_others() {
        let key = rcgen::KeyPair::generate().unwrap();
        let good = rcgen::CertificateParams::default().self_signed(&key).unwrap().pem();
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(certificates(&format!("# ours\n{broken}{good}")).is_some());
        assert!(certificates(broken).is_none());
    }
}
