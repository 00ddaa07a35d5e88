//! What each action does on each pane. The fleet is the one in trouble, the selection at first on
//! the index `by-status` of `orders`, whose family is `orders`, `by-status`, `by-customer`.

/// What a key leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It has no meaning here: nothing happens, and the footer does not offer it.
    Nothing,
    /// The runtime is asked for this.
    Asks(&'static str),
    /// The screen shows this, and did not before.
    Shows(&'static str),
    /// This row is selected.
    Row(usize),
    /// Keys act on this chart.
    Focus(usize),
    /// The pane on screen has this name.
    Pane(&'static str),
    /// The screen says something else.
    Changes,
}

use Then::{Asks, Changes, Focus, Nothing, Pane, Row, Shows};

/// The keys pressed before on that pane, and what the action then leads to.
type Expected = (&'static str, Then);

const NOWHERE: Expected = ("", Nothing);
const NAME: Expected = ("", Asks("Copy(\"by-status\")"));
const ARN: Expected =
    ("", Asks("Copy(\"arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/by-status\")"));

const fn everywhere(then: Then) -> [Expected; 3] {
    [("", then), ("", then), ("", then)]
}

const fn on_tables(then: Then) -> [Expected; 3] {
    [("", then), NOWHERE, NOWHERE]
}

/// Every action: on the Tables pane, on the Table pane, on the Pollers pane.
pub(super) const EXPECTATIONS: &[(&str, [Expected; 3])] = &[
    ("down", [("", Row(2)), ("", Pane("orders/by-customer")), ("j", Row(2))]),
    ("up", [("", Row(0)), ("", Pane("orders")), ("j", Row(0))]),
    ("open", on_tables(Pane("orders/by-status"))),
    ("back", [("/pay<Enter>", Shows("sessions")), ("", Pane("Tables")), ("", Pane("Tables"))]),
    ("filter", on_tables(Shows("Enter keep"))),
    ("only-trouble", on_tables(Shows("ONLY TROUBLE"))),
    ("sort", on_tables(Shows("Sort by write use"))),
    ("reverse", on_tables(Shows("by trouble, reversed"))),
    ("indexes", on_tables(Shows("calm indexes folded"))),
    ("next-chart", [NOWHERE, ("", Focus(1)), NOWHERE]),
    ("previous-chart", [NOWHERE, ("l", Focus(0)), NOWHERE]),
    ("expand", everywhere(Shows("z shrink"))),
    ("range", [("", Shows("Show the last 15 m")), ("", Shows("Show the last 12 h")), NOWHERE]),
    ("zoom-in", [("", Changes), ("", Shows("last 30 m")), NOWHERE]),
    ("zoom-out", [("+", Changes), ("", Shows("last 3 h")), NOWHERE]),
    ("zoom-reset", [("+", Changes), ("+", Shows("last 1 h")), NOWHERE]),
    ("cursor-back", [("", Changes), ("", Changes), NOWHERE]),
    ("cursor-forward", [("[[", Changes), ("[[", Changes), NOWHERE]),
    ("freeze", everywhere(Shows("FROZEN"))),
    ("copy-name", [NAME, NAME, NOWHERE]),
    ("copy-arn", [ARN, ARN, NOWHERE]),
    ("refresh", everywhere(Asks("Refresh"))),
    ("pane-tables", [NOWHERE, ("", Pane("Tables")), ("", Pane("Tables"))]),
    ("pane-table", [("", Pane("orders/by-status")), NOWHERE, ("", Pane("orders/by-status"))]),
    ("pane-pollers", [("", Pane("Pollers")), ("", Pane("Pollers")), NOWHERE]),
    ("next-pane", [("", Pane("orders/by-status")), ("", Pane("Pollers")), ("", Pane("Tables"))]),
    (
        "previous-pane",
        [("", Pane("Pollers")), ("", Pane("Tables")), ("", Pane("orders/by-status"))],
    ),
    ("top", [("", Row(0)), ("", Pane("orders")), ("G", Row(0))]),
    ("bottom", [("", Row(13)), ("", Pane("orders/by-customer")), ("", Row(8))]),
    ("half-page-down", [("", Row(13)), ("", Pane("orders/by-customer")), ("", Row(8))]),
    ("half-page-up", [("G", Row(0)), ("", Pane("orders")), ("G", Row(0))]),
    ("page-down", [("", Row(13)), ("", Pane("orders/by-customer")), ("", Row(8))]),
    ("page-up", [("G", Row(0)), ("", Pane("orders")), ("G", Row(0))]),
    ("local-time", everywhere(Shows("17:03:20 PKT"))),
    ("theme", everywhere(Shows("Theme light"))),
    ("mouse", everywhere(Asks("Mouse(true)"))),
    ("palette", everywhere(Shows("Do what, or open which table?"))),
    ("help", everywhere(Shows("Keys: type to search"))),
    ("redraw", everywhere(Asks("Redraw"))),
    ("suspend", everywhere(Asks("Suspend"))),
    ("quit", everywhere(Asks("Quit"))),
    ("quit-keep-screen", everywhere(Asks("QuitKeepScreen"))),
];
