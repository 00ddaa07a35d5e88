//! What mends a finding, and its commands: for a shell with the AWS CLI, and for Terraform.

mod call;
pub(super) mod cli;
pub(super) mod recommended;
pub(super) mod terraform;

pub(super) use call::Call;

use crate::model::alarm::Alarm;
use crate::store::Reading;
use recommended::Missing;
use std::sync::Arc;

/// Stands for the topic to notify where an alarm has no actions yet: both writers ask for it.
pub(super) const TOPIC: &str = "$TOPIC_ARN";

/// What mends a fault.
///
/// It is kept as what is to be done, and written when somebody reads it: a large fleet has tens of
/// thousands of findings each minute, of which the dashboard shows the commands of a few.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Fix {
    /// Only its owner can know.
    #[default]
    Unknown,
    /// These alarms, put whole.
    Put(Vec<Alarm>),
    /// New alarms that notify a topic.
    Add(Vec<Missing>, Arc<str>),
    /// To delete this alarm.
    Delete(Arc<str>),
    /// Another call.
    Call(Call),
}

/// A fix as it is typed; `None` where there is no such command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commands {
    /// The corrected AWS CLI command, ready to run.
    pub cli: Option<String>,
    /// The corrected Terraform attributes.
    pub terraform: Option<String>,
}

impl Commands {
    fn both(cli: String, terraform: String) -> Self {
        Self { cli: Some(cli), terraform: Some(terraform) }
    }

    fn cli(cli: String) -> Self {
        Self { cli: Some(cli), terraform: None }
    }
}

impl Fix {
    /// Writes it for the scope that it is for.
    pub(super) fn commands(&self, reading: Reading<'_>) -> Commands {
        let region = reading.scope().region();
        let put = |alarms: &[Alarm]| {
            Commands::both(cli::put_metric_alarms(alarms, region), terraform::metric_alarms(alarms))
        };
        match self {
            Self::Unknown => Commands::default(),
            Self::Put(alarms) => put(alarms),
            Self::Add(missing, topic) => {
                let alarms = missing.iter().map(|missing| missing.alarm(reading, topic));
                put(&alarms.collect::<Vec<_>>())
            }
            Self::Delete(alarm) => {
                Commands::both(cli::delete_alarm(alarm, region), terraform::without_alarm(alarm))
            }
            Self::Call(call) => call.commands(region),
        }
    }
}

/// `name`, or if an alarm has that name, the first of `name-2`, `name-3`, … that none has:
/// `PutMetricAlarm` would overwrite it.
pub(super) fn free_name(reading: Reading<'_>, name: &str) -> Arc<str> {
    let mut free = name.to_owned();
    for number in 2.. {
        if reading.alarm(&free).is_none() {
            break;
        }
        free = format!("{name}-{number}");
    }
    Arc::from(free)
}
