//! The next step names the key that opens it, as it is bound, and none where nothing can be opened.

use super::*;
use crate::screens::stores::read_only;
use ddbtop::app::Standing;
use ddbtop::view::Charset;
use ddbtop::view::chart::Marker;

/// What is told of the first row, where `keys` are the user's own.
fn started(keys: &str, standing: Standing) -> App {
    let keymap = ddbtop::config::file::parse(keys).unwrap().keymap;
    let mut app = App::new(Options { keymap, standing, ..options() });
    app.handle(Msg::Resize(200, 50), now());
    app.handle(Msg::Updates(trouble().updates()), now());
    app
}

/// The next step of the selected row: that of a table without enough capacity.
fn next(mut app: App) -> String {
    app.handle(Msg::Tick, now());
    press(&mut app, "/payments<Enter>");
    let Body::List(List { detail: Some(detail), .. }) = app.screen(now()).body else { panic!() };
    detail.paragraphs.into_iter().find(|it| it.label == "next").unwrap().text.text
}

#[test]
fn an_advice_names_the_key_that_is_bound() {
    for (keys, told) in [
        ("", ": e opens it"),
        ("[keys]\nedit = [\"v v\"]\n", ": vv opens it"),
        ("[keys]\nedit = []\n", ""),
    ] {
        let next = next(started(keys, options().standing));
        assert_eq!(next.contains("opens it"), !told.is_empty(), "{keys}: {next}");
        assert!(next.contains(told), "{keys}: {next}");
        assert!(next.contains("raise the provisioned read capacity of payments"), "{next}");
    }
}

#[test]
fn where_nothing_can_be_opened_no_key_is_named() {
    let next_step = next(started("", read_only()));
    assert!(next_step.contains(": e opens it"), "its plan can be read: {next_step}");
    let app = started("", options().standing);
    let (picture, _) = app.beside((Marker::default(), Charset::Unicode), (160, 48), now());
    let next_step = next(picture);
    assert!(!next_step.contains("opens it"), "a picture takes no keys: {next_step}");
}
