//! A simulated AWS and the SDK's own clients on it.

use std::sync::Arc;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::retry::RetryConfig;
use ddbtop_sim::front::Clock;
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};

/// Makes the world of a shipped scenario, with the seed 1.
pub(crate) fn world(scenario: &str, tables: Option<usize>) -> World {
    let scenario = Scenario::named(scenario).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables })
}

/// A clock that stands still at the start of the world.
pub(crate) fn frozen(world: &World) -> Clock {
    let start = world.start();
    Arc::new(move || start)
}

/// The SDK's configuration for clients of `world` in process: one attempt of at most ten seconds.
pub(crate) fn sdk_config(world: &World) -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(world.account().region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(InProcess::new(world.clone(), frozen(world)))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(10)).build())
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
            aws_smithy_async::rt::sleep::TokioSleep::new(),
        ))
        .build()
}
