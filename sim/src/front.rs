//! The two ways into a world: the SDK's HTTP client seam, and HTTP on a socket.

pub mod in_process;
pub mod listen;

use std::sync::Arc;
use std::time::Duration;

use super::facts::Epoch;
use super::wire::Timing;

/// Tells the simulated time.
pub type Clock = Arc<dyn Fn() -> Epoch + Send + Sync>;

/// Waits until a reply may leave.
async fn wait(timing: Timing) {
    match timing {
        Timing::Now => {}
        Timing::Delay(seconds) => {
            let delay = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            tokio::time::sleep(delay).await;
        }
        Timing::Silence => std::future::pending().await,
    }
}
