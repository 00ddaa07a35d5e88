//! Other regions and profiles by keys in the real binary.

use super::wait_for_fleet;
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use crate::support::sim::{frozen, world};
use ddbtop_sim::front::listen::serve;
use std::fs;
use tokio::net::TcpListener;

#[test]
fn a_region_takes_the_place_of_another_or_stands_beside_it() {
    let mut tui = Tui::start(&command(&["--demo=calm", "--region=us-east-1"]), 120, 40);
    wait_for_fleet(&tui);
    for (pressed, wanted) in [
        ("R", "Read which regions?"),
        ("eu-west-1", "[ ] eu-west-1"),
        ("\r", "123456789012 eu-west-1"),
        ("R", "[x] eu-west-1"),
        ("us-east-1\t", "Enter reads eu-west-1, us-east-1"),
        ("\r", "2 regions"),
    ] {
        tui.press(pressed);
        tui.wait_for_text(wanted);
    }
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_that_may_not_write_takes_the_permit_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let world = world("under-provisioned", None);
    let clock = frozen(&world);
    tokio::spawn(serve(listener, world, clock, std::future::pending()));
    let folder = tempfile::tempdir().unwrap();
    let [aws, settings] = ["aws", "ddbtop"].map(|name| folder.path().join(name));
    let of = |name: &str| {
        format!(
            "[profile {name}]\nregion = us-east-1\naws_access_key_id = x\naws_secret_access_key = y\n"
        )
    };
    fs::write(&aws, of("dev") + &of("prod")).unwrap();
    fs::write(&settings, "[profiles.prod]\nallow_writes = false\n").unwrap();
    let settings = settings.display().to_string();
    let flags = ["--profile=dev", "--allow-writes", "--endpoint-url", &url, "--config", &settings];
    let mut command = command(&flags);
    command.env("AWS_CONFIG_FILE", &aws);
    let mut tui = Tui::start(&command, 120, 40);
    tui.wait_for_text("WRITES ALLOWED");
    // The frozen world is long ago: there are tables, and no data points of now.
    tui.wait_for_text("tax-rates");
    for (pressed, wanted) in [
        ("P", "Read with which profiles?"),
        ("prod\r", "READ-ONLY  by profile prod in the settings file"),
        ("1", "profile prod"),
        ("P", "[x] prod"),
        ("dev\r", "WRITES ALLOWED"),
    ] {
        tui.press(pressed);
        tui.wait_for_text(wanted);
    }
    tui.wait_for_text("tax-rates");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}
