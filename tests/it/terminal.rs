//! The real binary in a real terminal: keys, sizes, signals, and what is left behind.

mod bytes;
mod stops;
mod switching;
mod writes;

use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use crate::support::sim::{frozen, world};
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::listen::serve;
use ddbtop_sim::wire::Service;
use rustix::process::Signal;
use std::net::TcpListener;
use std::process::Stdio;

/// The default demo in a terminal of 120 by 40, once all of it is on screen.
///
/// Its clock stands still, so that nothing but keys can change the screen.
fn demo() -> Tui {
    let mut tui = Tui::start(&command(&["--demo", "--speed=0"]), 120, 40);
    wait_for_fleet(&tui);
    // The footer is painted last: once it has answered, all before it is painted.
    tui.press("/");
    tui.wait_for_text("Enter keep");
    tui.press("\x1b");
    tui.wait_for_text("q quit");
    tui
}

fn wait_for_fleet(tui: &Tui) {
    tui.wait_for("the whole fleet", |screen| {
        let text = screen.contents();
        text.contains("in trouble") && text.contains(" tables ") && !text.contains("described")
    });
}

/// The selected row's name.
fn selected(screen: &vt100::Screen) -> String {
    let text = screen.contents();
    let row = text.lines().find_map(|line| line.strip_prefix('▶')).unwrap_or_default();
    let name = row.trim_start_matches(['!', ' ', '└', '~']);
    name.split(' ').next().unwrap_or_default().to_owned()
}

/// The names of the tables that are listed.
fn listed(screen: &vt100::Screen) -> Vec<String> {
    let text = screen.contents();
    let body = text.lines().skip(4).take_while(|line| !line.starts_with('─'));
    let row = |line: &str| line.trim_end().chars().skip(3).collect::<String>();
    let names = body.map(row).filter(|row| !row.starts_with('└') && !row.is_empty());
    names.map(|row| row.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_demo_shows_the_fleet_and_its_keys_move_sort_filter_and_quit() {
    let mut tui = demo();
    assert!(tui.look(|screen| screen.alternate_screen() && screen.hide_cursor()));
    tui.wait_for_text("DEMO");
    // Each key is awaited by itself: nothing but the key can wake the program.
    for _ in 0..5 {
        let before = tui.look(selected);
        tui.press("j");
        tui.wait_for("the next row", |screen| selected(screen) != before);
    }
    tui.press("gg");
    tui.wait_for("the first row", |screen| {
        screen.contents().lines().nth(4).is_some_and(|line| line.starts_with('▶'))
    });
    tui.press("s");
    tui.wait_for_text("─ Sort by ─");
    tui.press("by name\r");
    let in_order = |screen: &vt100::Screen| {
        let names = listed(screen);
        screen.contents().contains("sorted by name") && names.len() > 10 && names.is_sorted()
    };
    tui.wait_for("the names in order", in_order);
    tui.press("/sess");
    tui.wait_for("the filtered list", |screen| listed(screen) == ["sessions"]);
    tui.press("\r");
    tui.wait_for_text("show all");
    tui.press("\x1b");
    tui.wait_for("the whole list", in_order);
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
    assert_eq!(tui.text().trim(), "");
}

#[test]
fn two_regions_are_one_list_that_says_where_each_row_is() {
    let arguments = ["--demo=hot-key", "--region=us-east-1,eu-west-1", "--speed=0"];
    let mut tui = Tui::start(&command(&arguments), 160, 40);
    tui.wait_for("both regions", |screen| {
        let text = screen.contents();
        let said = ["2 regions", "REGION", "us-east-1 ", "eu-west-1 "];
        said.iter().all(|said| text.contains(said)) && !text.contains("described")
    });
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}

#[test]
fn the_screen_is_left_behind_without_the_box_that_the_wish_was_chosen_in() {
    let mut tui = demo();
    tui.press(":");
    tui.wait_for_text("┌─ ");
    tui.press("scrollback");
    tui.wait_for_text("> scrollback");
    tui.press("\r");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
    let text = tui.text();
    assert!(text.contains("sessions") && text.contains("q quit"), "{text}");
    assert!(!text.contains("scrollback") && !text.contains('┌'), "{text}");
}

#[test]
fn the_last_key_before_the_end_is_remembered() {
    let state = tempfile::tempdir().unwrap();
    let mut command = command(&["--demo", "--speed=0"]);
    command.env("XDG_STATE_HOME", state.path());
    let mut tui = Tui::start(&command, 120, 40);
    wait_for_fleet(&tui);
    // Both at once: the file is written beside the loop that ends.
    tui.press("Sq");
    assert_eq!(tui.exit_code(), 0);
    let kept = std::fs::read_to_string(state.path().join("ddbtop/state.toml")).unwrap();
    assert!(kept.contains("reversed = true"), "{kept}");
}

#[test]
fn a_burst_of_keys_is_taken_whole() {
    let mut tui = demo();
    tui.press("gg");
    tui.press(&"j".repeat(200));
    tui.press(&"k".repeat(200));
    tui.press("/x");
    tui.wait_for_text("/x");
    tui.press("\x1b");
    tui.wait_for("the first row", |screen| {
        screen.contents().lines().nth(4).is_some_and(|line| line.starts_with('▶'))
    });
}

#[test]
fn every_size_is_used_whole_and_the_least_too() {
    let tui = demo();
    for (columns, rows) in [(80, 24), (60, 20), (40, 10), (200, 50), (120, 40)] {
        tui.resize(columns, rows);
        tui.wait_for(&format!("{columns}x{rows}"), |screen| {
            let text = screen.contents();
            let lines: Vec<_> = text.lines().collect();
            lines.len() == usize::from(rows)
                && lines[0].starts_with("ddbtop")
                && lines[usize::from(rows) - 1].contains("q quit")
        });
        // What is in trouble stays selected and in sight.
        assert!(!tui.look(selected).is_empty(), "{}", tui.text());
    }
    tui.resize(30, 5);
    tui.wait_for_text("ddbtop needs 40x10");
    tui.resize(1, 1);
    tui.wait_for("a single cell", |screen| screen.contents().trim() == "~");
    tui.resize(120, 40);
    tui.wait_for("the whole list", |screen| {
        let text = screen.contents();
        let mut body = text.lines().skip(4).take_while(|line| !line.starts_with('─'));
        text.lines().count() == 40 && body.all(|line| !line.trim().is_empty())
    });
}

/// A server that takes every connection and never says a word.
fn silence() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[test]
fn keys_are_answered_and_ctrl_c_quits_while_every_call_hangs() {
    let (_listener, url) = silence();
    let flags = ["--region=eu-west-1", "--endpoint-url", &url];
    let mut tui = Tui::start(&command(&flags), 80, 24);
    tui.wait_for_text("eu-west-1");
    tui.press("?");
    tui.wait_for_text("Keys: type to search");
    tui.press("\x03");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}

#[test]
fn a_signal_ends_it_with_its_own_exit_code_and_a_restored_terminal() {
    let (_listener, url) = silence();
    let hanging = vec!["--region=eu-west-1", "--endpoint-url", &*url];
    for flags in [vec!["--demo"], hanging] {
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
            let mut tui = Tui::start(&command(&flags), 80, 24);
            tui.wait_for_text("ddbtop");
            tui.signal(signal);
            assert_eq!(tui.exit_code(), code, "{signal:?}");
            tui.assert_restored();
        }
    }
}

#[test]
fn what_cannot_be_used_is_told_in_one_line_on_a_restored_terminal() {
    let cases = [
        (vec![], "ddbtop: no region: pass --region"),
        (vec!["--region=mars"], "ddbtop: `mars` is not the name of a region"),
        (vec!["--demo=hotkey"], "ddbtop: --demo: "),
        (
            vec!["--demo", "TERM=dumb"],
            "ddbtop: TERM is dumb, so there is no dashboard: use `ddbtop snapshot`",
        ),
        (
            vec!["--demo", "TERM="],
            "ddbtop: TERM is not set, so there is no dashboard: use `ddbtop snapshot`",
        ),
        (
            vec!["--region=us-east-1", "--endpoint-url=localhost:1"],
            "ddbtop: --endpoint-url `localhost:1` is not",
        ),
    ];
    for (flags, said) in cases {
        let (settings, flags): (Vec<_>, Vec<_>) =
            flags.into_iter().partition(|word| word.starts_with("TERM="));
        let mut command = command(&flags);
        command.envs(settings.iter().filter_map(|setting| setting.split_once('=')));
        let mut tui = Tui::start(&command, 200, 24);
        assert_eq!(tui.exit_code(), 2, "{flags:?}");
        tui.assert_restored();
        let text = tui.text();
        assert!(text.starts_with(said), "{flags:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{flags:?}: {text}");
    }
}

#[test]
fn colours_and_characters_are_those_the_environment_allows() {
    let coloured = |screen: &vt100::Screen| {
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |col| (row, col)));
        let plain = |(row, col)| screen.cell(row, col).map(vt100::Cell::fgcolor);
        cells.map(plain).any(|colour| colour != Some(vt100::Color::Default))
    };
    for (name, value, colours, ascii) in [
        ("NO_COLOR", "1", false, false),
        ("NO_COLOR", "", true, false),
        ("LANG", "C", true, true),
        ("LC_ALL", "POSIX", true, true),
        ("TERM", "linux", true, true),
        ("TERM", "vt220", true, false),
    ] {
        let mut command = command(&["--demo", "--speed=0"]);
        command.env(name, value);
        let mut tui = Tui::start(&command, 120, 40);
        wait_for_fleet(&tui);
        assert_eq!(tui.look(coloured), colours, "{name}={value}");
        assert_eq!(tui.text().is_ascii(), ascii, "{name}={value}: {}", tui.text());
        tui.press("q");
        assert_eq!(tui.exit_code(), 0, "{name}={value}");
    }
}

/// Serves the simulated AWS with every call of `service` under `effect`; its address.
async fn troubled(service: Option<Service>, effect: Effect) -> String {
    let world = world("hot-key", None);
    let fault = Fault::on(Service::DynamoDb, effect);
    world.faults().inject(Fault { service, ..fault });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let clock = frozen(&world);
    tokio::spawn(serve(listener, world, clock, std::future::pending()));
    url
}

/// A credentials file that has the profile `ops`.
fn credentials() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "[ops]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";
    std::fs::write(file.path(), text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_read_is_told_what_to_do_on_screen_and_by_snapshot() {
    let dynamodb = Some(Service::DynamoDb);
    let html = Effect::ServerError { status: 503, html: true };
    let credentials = credentials();
    for (service, effect, shown, said) in [
        (
            None,
            Effect::ExpiredCredentials,
            "credentials expired: run `aws sso login --profile ops`",
            "run `aws sso login --profile ops`",
        ),
        (
            dynamodb,
            Effect::Deny,
            "no permission: dynamodb:ListTables",
            "allow dynamodb:ListTables to the user or role",
        ),
        (
            dynamodb,
            html,
            "HTTP 503 with an error page",
            "dynamodb:ListTables: HTTP 503 with an error page",
        ),
    ] {
        let url = troubled(service, effect).await;
        let flags = ["--profile=ops", "--region=us-east-1", "--endpoint-url", &url];
        let with_profile = |flags: &[&str]| {
            let mut command = command(flags);
            command.env("AWS_SHARED_CREDENTIALS_FILE", credentials.path());
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
            command
        };
        let mut tui = Tui::start(&with_profile(&flags), 120, 40);
        tui.wait_for_text("the tables in us-east-1 could not be read");
        tui.wait_for_text(shown);
        tui.press("q");
        assert_eq!(tui.exit_code(), 0, "{effect:?}");
        tui.assert_restored();

        let mut snapshot = with_profile(&[flags.as_slice(), &["snapshot"]].concat());
        let output = snapshot.stdin(Stdio::null()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{effect:?}: {stderr}");
        assert_eq!(stderr.matches(said).count(), 1, "{effect:?}: {stderr}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains(shown), "{effect:?}: {stdout}");
    }
}
