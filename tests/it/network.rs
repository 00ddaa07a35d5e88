//! The ways to AWS: proxies, private certificate authorities, and what is missing on the way.
//!
//! What the environment decides is decided for a whole process, so each case runs this test binary
//! again as a child with an environment of its own. No real address is ever asked.

use crate::support::sim::{frozen, world};
use ddbtop::aws::{LiveOptions, connect_live};
use ddbtop_sim::front::listen::serve;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

const HOST: &str = "dynamodb.us-east-1.amazonaws.com";
const ENDPOINT: &str = "DDBTOP_TEST_ENDPOINT";
const PROFILE: &str = "DDBTOP_TEST_PROFILE";

/// What every child gets: keys that nobody checks, and no machine to ask for others.
const KEYS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
    ("AWS_REGION", "us-east-1"),
];

#[tokio::test]
#[ignore = "run by the other tests, as a child with an environment of its own"]
async fn child() {
    let of = |name| std::env::var(name).ok();
    let options = LiveOptions { profile: of(PROFILE), region: None, endpoint_url: of(ENDPOINT) };
    let connection = match connect_live(&options).await {
        Ok(connection) => connection,
        Err(error) => return println!("said: no connection: {error}"),
    };
    match connection.table_names().await.result {
        Ok(names) => println!("said: {} tables", names.len()),
        Err(error) => {
            let advice = error.cure(connection.profile()).unwrap_or_default();
            println!("said: {:?}: {error} ({advice})", error.class);
        }
    }
}

/// Runs [`child`] in `home` with `environment` and nothing else; the line it says.
async fn said(home: &Path, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "network::child", "--ignored", "--nocapture"]);
    command.env_clear().env("HOME", home).env("AWS_EC2_METADATA_DISABLED", "true");
    command.envs(environment.iter().copied());
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let output = String::from_utf8(ended.stdout).unwrap();
    let line = output.lines().find_map(|line| line.split_once("said: "));
    line.map_or(output.clone(), |(_, said)| said.to_owned())
}

/// The simulated AWS of two tables over plain HTTP.
async fn plain() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let world = world("hot-key", None);
    let clock = frozen(&world);
    tokio::spawn(serve(listener, world, clock, std::future::pending()));
    address
}

/// Opens TLS for `HOST` in front of `inner`; also the certificate of the authority behind it.
async fn encrypted(inner: SocketAddr) -> (SocketAddr, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut outer) = acceptor.accept(stream).await {
                    let mut inner = TcpStream::connect(inner).await.unwrap();
                    copy_bidirectional(&mut outer, &mut inner).await.ok();
                }
            });
        }
    });
    (address, authority.pem())
}

/// A proxy that leads every `CONNECT` to `target`, and how many there were.
async fn proxy(target: SocketAddr) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tunnels = Arc::new(AtomicU32::new(0));
    let counted = tunnels.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tunnels = counted.clone();
            tokio::spawn(async move {
                let mut outer = BufReader::new(stream);
                let mut line = String::new();
                outer.read_line(&mut line).await.unwrap();
                assert_eq!(line, format!("CONNECT {HOST}:443 HTTP/1.1\r\n"));
                while line != "\r\n" {
                    line.clear();
                    outer.read_line(&mut line).await.unwrap();
                }
                tunnels.fetch_add(1, Ordering::Relaxed);
                outer.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut inner = TcpStream::connect(target).await.unwrap();
                copy_bidirectional(&mut outer, &mut inner).await.ok();
            });
        }
    });
    (address, tunnels)
}

#[tokio::test]
async fn aws_is_read_through_a_proxy_that_opens_tls_with_a_private_authority() {
    let home = tempfile::tempdir().unwrap();
    let (address, authority) = encrypted(plain().await).await;
    let (proxy, tunnels) = proxy(address).await;
    let proxy = format!("http://{proxy}");
    let bundle = home.path().join("bundle.pem");
    std::fs::write(&bundle, authority).unwrap();
    let bundle = bundle.to_str().unwrap();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let mut environment = KEYS.to_vec();
        environment.extend([(variable, &*proxy), ("AWS_CA_BUNDLE", bundle)]);
        assert_eq!(said(home.path(), &environment).await, "2 tables", "{variable}");
    }
    assert!(tunnels.load(Ordering::Relaxed) >= 3);

    let mut untrusted = KEYS.to_vec();
    untrusted.push(("HTTPS_PROXY", &*proxy));
    let said = said(home.path(), &untrusted).await;
    assert!(said.starts_with("Network: ") && said.contains("certificate"), "{said}");
}

#[tokio::test]
async fn no_proxy_leads_past_a_proxy_that_is_dead() {
    let home = tempfile::tempdir().unwrap();
    let endpoint = format!("http://{}", plain().await);
    let mut environment = KEYS.to_vec();
    environment.extend([(ENDPOINT, &*endpoint), ("HTTP_PROXY", "http://127.0.0.1:1")]);
    let blocked = said(home.path(), &environment).await;
    assert!(blocked.starts_with("Network: "), "{blocked}");
    environment.push(("NO_PROXY", "127.0.0.1"));
    assert_eq!(said(home.path(), &environment).await, "2 tables");
}

#[tokio::test]
async fn what_is_missing_is_named_in_one_line_with_the_fix() {
    let home = tempfile::tempdir().unwrap();
    for (environment, expected) in [
        (
            vec![KEYS[0], KEYS[1], KEYS[2], ("AWS_CA_BUNDLE", "/nowhere/ca.pem")],
            vec!["no connection", "AWS_CA_BUNDLE", "/nowhere/ca.pem"],
        ),
        (vec![KEYS[0], KEYS[1]], vec!["no region", "--region", "AWS_REGION"]),
        (vec![KEYS[2], (PROFILE, "default")], vec!["NoCredentials", "--profile default"]),
        (
            vec![KEYS[0], KEYS[1], ("AWS_REGION", "mars")],
            vec!["`mars` is not the name of a region"],
        ),
        (
            vec![KEYS[0], KEYS[1], KEYS[2], (ENDPOINT, "127.0.0.1:1")],
            vec!["--endpoint-url `127.0.0.1:1`"],
        ),
        (
            vec![KEYS[0], KEYS[1], KEYS[2], (ENDPOINT, "http://127.0.0.1:1")],
            vec!["Network", "dynamodb:ListTables", "refused", "--endpoint-url"],
        ),
    ] {
        let said = said(home.path(), &environment).await;
        for part in expected {
            assert!(said.contains(part), "{environment:?}: {said}");
        }
    }
}

#[tokio::test]
async fn an_sso_login_that_has_expired_names_the_command_that_renews_it() {
    // The SHA-1 of `corp`, the session's name, as the AWS CLI names its cache.
    const TOKEN: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    let config = "[profile prod]\nregion = us-east-1\nsso_session = corp\n\
                  sso_account_id = 123456789012\nsso_role_name = oncall\n\
                  [sso-session corp]\nsso_region = us-east-1\n\
                  sso_start_url = https://corp.awsapps.com/start\n";
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let token = r#"{"accessToken":"x","expiresAt":"2020-01-01T00:00:00Z"}"#;
    std::fs::write(cache.join(TOKEN), token).unwrap();
    for variable in [PROFILE, "AWS_PROFILE"] {
        let said = said(home.path(), &[(variable, "prod")]).await;
        assert!(said.starts_with("Expired: ") && said.contains("expired"), "{said}");
        assert!(said.contains("`aws sso login --profile prod`"), "{said}");
    }
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_told_with_those_that_are() {
    let home = tempfile::tempdir().unwrap();
    let none = said(home.path(), &[(PROFILE, "nope"), KEYS[2]]).await;
    assert!(
        none.contains("no profile `nope` in the AWS configuration files: there are none"),
        "{none}"
    );
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    let config = "[profile ops]\nregion = us-east-1\n[profile dev]\nregion = us-east-1\n";
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let some = said(home.path(), &[(PROFILE, "nope")]).await;
    assert!(some.contains("no profile `nope`") && some.contains("there are dev, ops"), "{some}");
}

/// Answers every call with an error; the access keys that they were signed with are told.
async fn keys_used() -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (told, used) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            while stream.read_line(&mut line).await.unwrap() > 2 {
                let key = line.split_once("Credential=").and_then(|(_, rest)| rest.split_once('/'));
                if let Some((key, _)) = key {
                    told.send(key.to_owned()).unwrap();
                }
                line.clear();
            }
            let refusal = "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(refusal.as_bytes()).await.unwrap();
        }
    });
    (address, used)
}

#[tokio::test]
async fn a_profile_that_is_named_is_read_even_where_the_environment_has_keys() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    let config =
        "[profile prod]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n";
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    // Keys in the environment win over AWS_PROFILE, as everywhere, but not over what was asked for here.
    for (variable, expected) in [(PROFILE, "AKIDPROFILE"), ("AWS_PROFILE", "AKIDEXAMPLE")] {
        let (address, mut used) = keys_used().await;
        let endpoint = format!("http://{address}");
        let mut environment = KEYS.to_vec();
        environment.extend([(ENDPOINT, endpoint.as_str()), (variable, "prod")]);
        let said = said(home.path(), &environment).await;
        assert_eq!(used.recv().await.as_deref(), Some(expected), "{variable}: {said}");
    }
}
