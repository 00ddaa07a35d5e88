//! How AWS is reached: the standard chain of `aws-config`, or the simulated AWS.

use super::trust;
use crate::clock::Clock;
use crate::model::region::{is_shaped_like_one, partition};
use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient};
use aws_types::os_shim_internal::{Env, Fs};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What the user may say about where AWS is; the rest is found as the AWS CLI finds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveOptions {
    /// The profile, over `AWS_PROFILE` and keys in the environment.
    pub profile: Option<String>,
    /// The region, over `AWS_REGION` and the profile's.
    pub region: Option<String>,
    /// Another server that speaks AWS's protocols.
    pub endpoint_url: Option<String>,
}

/// Why no connection could be set up. Credentials are not asked for before the first call.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither flag, environment nor profile names a region.
    #[error("no region: pass --region or set AWS_REGION or the region of {}", profile_or_default(.profile.as_deref()))]
    NoRegion {
        /// The profile that was looked at, if it was named.
        profile: Option<String>,
    },
    /// There is no profile of that name.
    #[error("no profile `{name}` in the AWS configuration files: {}", told(.known))]
    NoProfile {
        /// The name.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The region cannot be one.
    #[error("`{0}` is not the name of a region, such as us-east-1")]
    Region(String),
    /// The endpoint is not a URL that can be called.
    #[error("--endpoint-url `{0}` is not an http:// or https:// URL")]
    Endpoint(String),
    /// `AWS_CA_BUNDLE` cannot be used.
    #[error("AWS_CA_BUNDLE names {}, which cannot be used: {why}", .file.display())]
    Bundle {
        /// What the variable holds.
        file: PathBuf,
        /// Why not.
        why: String,
    },
}

/// The profiles that there are, in words.
fn told(known: &[String]) -> String {
    if known.is_empty() {
        "there are none".to_owned()
    } else {
        format!("there are {}", known.join(", "))
    }
}

fn profile_or_default(profile: Option<&str>) -> String {
    profile.map_or_else(|| "the profile".to_owned(), |profile| format!("profile `{profile}`"))
}

/// Clients for one account and region. Cheap to clone.
#[derive(Clone)]
pub struct Connection(Arc<Parts>);

struct Parts {
    region: String,
    profile: Option<String>,
    /// How it was made; `None` for the simulated AWS.
    live: Option<LiveOptions>,
    autoscaling: aws_sdk_applicationautoscaling::Client,
    cloudwatch: aws_sdk_cloudwatch::Client,
    dax: aws_sdk_dax::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    lambda: aws_sdk_lambda::Client,
    sts: aws_sdk_sts::Client,
}

impl fmt::Debug for Connection {
    /// Writes where it leads; never what the clients hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("region", &self.0.region)
            .field("live", &self.0.live)
            .finish_non_exhaustive()
    }
}

impl Connection {
    fn new(config: &SdkConfig, region: &str, live: Option<LiveOptions>) -> Self {
        let profile = live.as_ref().and_then(profile);
        Self(Arc::new(Parts {
            region: region.to_owned(),
            profile,
            live,
            autoscaling: aws_sdk_applicationautoscaling::Client::new(config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
            dax: aws_sdk_dax::Client::new(config),
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            lambda: aws_sdk_lambda::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
        }))
    }

    /// The region's name.
    pub fn region(&self) -> &str {
        &self.0.region
    }

    /// The partition of the region, such as `aws` or `aws-cn` (AWS Identity and Access Management
    /// User Guide, "Amazon Resource Names").
    pub fn partition(&self) -> &'static str {
        partition(&self.0.region)
    }

    /// The profile, if the options or `AWS_PROFILE` name one.
    pub fn profile(&self) -> Option<&str> {
        self.0.profile.as_deref()
    }

    /// Loads the chain of credentials again: a new login is not seen by clients made before it.
    ///
    /// # Errors
    /// [`ConnectError`], since what the chain reads may have changed.
    pub async fn renew(&self) -> Result<Self, ConnectError> {
        match &self.0.live {
            Some(options) => connect_live(options).await,
            None => Ok(self.clone()),
        }
    }

    pub(super) fn autoscaling(&self) -> &aws_sdk_applicationautoscaling::Client {
        &self.0.autoscaling
    }

    pub(super) fn cloudwatch(&self) -> &aws_sdk_cloudwatch::Client {
        &self.0.cloudwatch
    }

    pub(super) fn dax(&self) -> &aws_sdk_dax::Client {
        &self.0.dax
    }

    pub(super) fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.0.dynamodb
    }

    pub(super) fn lambda(&self) -> &aws_sdk_lambda::Client {
        &self.0.lambda
    }

    pub(super) fn sts(&self) -> &aws_sdk_sts::Client {
        &self.0.sts
    }
}

/// Sets up the clients over `aws-config`'s standard chain: profiles, SSO, assumed roles, instance
/// metadata, processes and web identity.
///
/// Proxy variables are honoured by the SDK, `AWS_CA_BUNDLE` here.
///
/// # Errors
/// [`ConnectError`] if region, endpoint or certificate bundle cannot be used.
pub async fn connect_live(options: &LiveOptions) -> Result<Connection, ConnectError> {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .retry_config(retries())
        .timeout_config(time_outs());
    let region = options.region.clone().map(Region::new);
    if let Some(region) = region.clone() {
        loader = loader.region(region);
    }
    if let Some(url) = &options.endpoint_url {
        check_endpoint(url)?;
        loader = loader.endpoint_url(url);
    }
    let bundle = std::env::var_os(trust::VARIABLE).filter(|file| !file.is_empty());
    let http = bundle.map(|file| trust::http_client(file.as_ref())).transpose()?;
    if let Some(http) = http.clone() {
        loader = loader.http_client(http);
    }
    if let Some(profile) = &options.profile {
        let known = profiles().await;
        // It needs no entry, as for the AWS CLI.
        if profile != "default" && !known.contains(profile) {
            return Err(ConnectError::NoProfile { name: profile.clone(), known });
        }
        let credentials = credentials_of(profile, region, http).await;
        loader = loader.profile_name(profile).credentials_provider(credentials);
    }
    let config = loader.load().await;
    let Some(region) = config.region() else {
        return Err(ConnectError::NoRegion { profile: profile(options) });
    };
    check_region(region.as_ref(), options.endpoint_url.is_some())?;
    Ok(Connection::new(&config, region.as_ref(), Some(options.clone())))
}

/// Sets up the clients over `http`, on the time of `clock`: no file, no environment, no network.
pub fn connect_simulated(
    http: impl HttpClient + 'static,
    region: &str,
    clock: Clock,
) -> Connection {
    let credentials = Credentials::new("AKIDSIMULATED", "simulated", None, None, "simulated");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .retry_config(retries())
        .timeout_config(time_outs())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .sleep_impl(TokioSleep::new())
        .time_source(SdkClock(clock))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .region(Region::new(region.to_owned()))
        .http_client(http)
        .build();
    Connection::new(&config, region, None)
}

/// The credentials of a profile that the user named. The SDK's chain would take keys from the environment
/// before it looks at the profile, and read another account than the one that was named; the AWS CLI does not.
async fn credentials_of(
    profile: &str,
    region: Option<Region>,
    http: Option<SharedHttpClient>,
) -> ProfileFileCredentialsProvider {
    // Of the environment or of the profile, as for all other clients: roles are assumed there.
    let region = match region {
        Some(region) => Some(region),
        None => DefaultRegionChain::builder().profile_name(profile).build().region().await,
    };
    let mut config = ProviderConfig::default().with_region(region);
    if let Some(http) = http {
        config = config.with_http_client(http);
    }
    ProfileFileCredentialsProvider::builder().profile_name(profile).configure(&config).build()
}

/// The names of the profiles in the AWS configuration files, in order; none where those cannot be read.
pub async fn profiles() -> Vec<String> {
    let (files, environment) = (Fs::real(), Env::real());
    #[expect(
        clippy::default_trait_access,
        reason = "aws-config has no name of its own for the type"
    )]
    let found = aws_config::profile::load(&files, &environment, &Default::default(), None).await;
    let mut names: Vec<String> =
        found.map_or_else(|_| vec![], |found| found.profiles().map(str::to_owned).collect());
    names.sort_unstable();
    names
}

/// The profile that the chain will use, unless it is the default one.
fn profile(options: &LiveOptions) -> Option<String> {
    let named = || std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    options.profile.clone().or_else(named)
}

/// Not the adaptive mode: after one throttle it holds calls back for half a minute.
fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(2))
}

/// By default the SDK waits for ever for a server that accepts and stays silent.
fn time_outs() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(12))
        .build()
}

#[derive(Debug)]
struct SdkClock(Clock);

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        SystemTime::from(self.0.now())
    }
}

/// Checks a region's name by its shape: lower-case words and a number, joined by hyphens; any host
/// label with an endpoint of one's own.
///
/// # Errors
/// [`ConnectError::Region`].
pub fn check_region(region: &str, any_label: bool) -> Result<(), ConnectError> {
    let label = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if is_shaped_like_one(region) || (any_label && label(region)) {
        Ok(())
    } else {
        Err(ConnectError::Region(region.to_owned()))
    }
}

fn check_endpoint(url: &str) -> Result<(), ConnectError> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default();
    let is_clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_clean && !host.is_empty() { Ok(()) } else { Err(ConnectError::Endpoint(url.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_checked_by_their_shape() {
        for region in ["us-east-1", "eu-isoe-west-1", "us-gov-west-1", "eusc-de-east-1"] {
            assert!(check_region(region, false).is_ok(), "{region}");
        }
        for region in
            ["", "useast1", "us-east-", "US-EAST-1", "us-east-1/", "us-east-1a", "a b-c-1"]
        {
            let said = check_region(region, false).unwrap_err().to_string();
            assert!(said.contains(region) && said.contains("us-east-1"), "{said}");
        }
        assert!(check_region("local", true).is_ok());
        assert!(check_region("lo/cal", true).is_err());
    }

    #[test]
    fn an_endpoint_needs_a_scheme_and_a_host() {
        for url in ["http://127.0.0.1:4566", "https://dynamo.example"] {
            assert!(check_endpoint(url).is_ok(), "{url}");
        }
        for url in ["", "127.0.0.1:4566", "ftp://x", "http://", "not a url"] {
            assert!(check_endpoint(url).is_err(), "{url}");
        }
    }
}
