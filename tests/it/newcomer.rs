//! README's first use, as somebody new does it: the policy that is printed, one command, the first verdict.

use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use crate::support::server::Server;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What README tells to type for the first use, in its order.
struct FirstUse {
    /// Prints the policy into a file.
    policy: String,
    /// Opens the dashboard.
    dashboard: String,
    /// The same without a terminal.
    snapshot: String,
}

impl FirstUse {
    /// The first block of commands in README's section on it.
    fn in_readme() -> Self {
        let readme = include_str!("../../README.md");
        let (_, section) =
            readme.split_once("\n## First use\n").expect("a section on the first use");
        let (_, block) = section.split_once("```sh\n").unwrap();
        let (block, _) = block.split_once("```").unwrap();
        let typed = block.lines().map(|line| line.split(" #").next().unwrap().trim().to_owned());
        let [policy, dashboard, snapshot] =
            typed.collect::<Vec<_>>().try_into().expect("three commands");
        Self { policy, dashboard, snapshot }
    }
}

/// A line of README's as arguments of the binary, with the endpoint added if one is given.
fn typed(line: &str, endpoint: Option<&str>) -> Command {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words.remove(0), "ddbtop", "{line}");
    let mut command = command(&words);
    command.args(endpoint.map(|url| format!("--endpoint-url={url}")));
    command
}

/// Does what `line` says: the command, and the file that its output goes to.
fn into_file(line: &str, folder: &Path) -> std::path::PathBuf {
    let (line, file) = line.split_once(" > ").expect("a file that the policy goes to");
    let output = typed(line, None).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let path = folder.join(file);
    fs::write(&path, output.stdout).unwrap();
    path
}

/// The simulated AWS, which allows its callers what `policy` allows.
fn aws(scenario: &str, policy: &Path) -> Server {
    let demo = format!("--demo={scenario}");
    let policy = policy.to_str().unwrap();
    let flags = [&demo, "sim", "--listen=127.0.0.1:0", "--frozen", "--policy", policy];
    Server::announced_on_stdout(command(&flags))
}

#[test]
fn the_printed_policy_and_one_command_lead_to_the_first_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let readme = FirstUse::in_readme();
    let policy = into_file(&readme.policy, folder.path());
    let aws = aws("under-provisioned", &policy);

    let output = typed(&readme.snapshot, Some(&aws.url)).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !told.contains("permission"), "{told}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("denied") && !text.contains("AccessDenied"), "{text}");
    let seen: Value = serde_json::from_str(&text).unwrap();
    let first = &seen["verdicts"][0];
    assert_eq!(
        (&first["resource"], &first["cause"]),
        (&"table/invoices".into(), &"provisioned".into())
    );

    let mut dashboard = typed(&readme.dashboard, Some(&aws.url));
    dashboard.env("XDG_STATE_HOME", folder.path());
    let mut tui = Tui::start(&dashboard, 120, 40);
    tui.wait_for_text("WRITE: provisioned capacity");
    assert!(!tui.text().contains("permission"), "{}", tui.text());
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
}

#[test]
fn what_a_policy_leaves_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let readme = FirstUse::in_readme();
    let policy = into_file(&readme.policy, folder.path());
    let whole = fs::read_to_string(&policy).unwrap();
    let less = whole.replace("cloudwatch:GetMetricData", "cloudwatch:ListMetrics");
    assert_ne!(whole, less);
    fs::write(&policy, less).unwrap();
    let aws = aws("under-provisioned", &policy);
    let output = typed(&readme.snapshot, Some(&aws.url)).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("cloudwatch:GetMetricData"), "{told}");
    assert_eq!(output.status.code(), Some(3), "{told}");
}
