//! Shipped scenarios from the command line to the panes: what no verdict's test looks at.

use crate::support::ddbtop::ddbtop;

/// What `snapshot` shows of a pane of a scenario, and says beside it.
fn shown(scenario: &str, pane: &str) -> (String, String) {
    let flags = [format!("--demo={scenario}"), "snapshot".to_owned(), format!("--pane={pane}")];
    let output = ddbtop(&flags.each_ref().map(String::as_str));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn who_may_not_read_everything_is_told_of_the_tables_in_trouble() {
    let (tables, _) = shown("denied", "tables");
    for part in ["invoices", "WRITE: provisioned capacity", "catalog", "READ: hot partition"] {
        assert!(tables.contains(part), "{part}:\n{tables}");
    }
    assert!(tables.contains("DENIED: alarms"), "{tables}");
    assert!(!tables.contains("dax:"), "what one pane alone shows is told there: {tables}");
}

#[test]
fn the_missing_action_stands_on_the_pane_that_needs_it() {
    for (pane, actions) in [
        ("alarms", &["cloudwatch:DescribeAlarms"][..]),
        ("dax", &["dax:DescribeClusters"]),
        ("hot-keys", &["dynamodb:DescribeContributorInsights"]),
    ] {
        let (frame, said) = shown("denied", pane);
        for action in actions {
            assert!(frame.contains(action), "{pane}, {action}:\n{frame}");
            assert!(said.contains(&format!("no permission: {action}")), "{action}: {said}");
        }
    }
    let (pollers, _) = shown("denied", "pollers");
    for name in ["alarms", "hot keys", "dax clusters"] {
        let row = pollers.lines().find(|line| line.contains(&format!(" ! {name} ")));
        assert!(row.is_some_and(|row| row.contains("denied")), "{name}:\n{pollers}");
    }
}

#[test]
fn what_is_aws_s_own_doing_is_told_as_such() {
    let (frame, _) = shown("aws-side", "tables");
    for part in ["system errors", "latency raised", "AWS Health Dashboard"] {
        assert!(frame.contains(part), "{part}:\n{frame}");
    }
}
