//! The two ways into a world: the SDK's HTTP client seam, and HTTP on a socket.

pub mod in_process;
pub mod listen;

use std::sync::Arc;
use std::time::Duration;

use super::facts::Epoch;
use super::wire::Timing;

/// Tells the simulated time.
pub type Clock = Arc<dyn Fn() -> Epoch + Send + Sync>;

/// The longest delay of a reply: a year. A longer or negative one is a slip in a scenario.
const MAX_DELAY: f64 = 31_536_000.0;

/// Waits until a reply may leave.
async fn wait(timing: Timing) {
    match timing {
        Timing::Now => {}
        Timing::Delay(seconds) => {
            // `max` before `min` turns NaN into no delay.
            let seconds = seconds.max(0.0).min(MAX_DELAY);
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        }
        Timing::Silence => std::future::pending().await,
    }
}
