//! The permit to write.

/// Proof that this run may write. There is one way to get the first, which only the configuration
/// takes: without `--allow-writes` (or the profile's setting, or a simulated
/// AWS) no value of this type exists, and no plan can be confirmed.
///
/// ```compile_fail
/// let permit = ddbtop::tune::permit::Permit(());
/// ```
///
/// But for its field, that would compile:
///
/// ```
/// let permit = ddbtop::tune::permit::Permit::granted_by_configuration();
/// ```
#[derive(Debug, Clone)]
pub struct Permit(());

impl Permit {
    /// Grants it. To be called by the configuration alone, once it has found that writes are
    /// allowed; `tests/it/architecture.rs` holds that.
    pub fn granted_by_configuration() -> Self {
        Self(())
    }
}
