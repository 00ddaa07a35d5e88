//! What each action does on each pane. The fleet is the one in trouble, the selection at first on
//! the index `by-status` of `orders`, whose family is `orders`, `by-status`, `by-customer`.
//! On the Hot keys pane keys are counted, or not, in every state, the selection at first on `by-status`.
//! On the Scaling pane capacity is scaled, or not, for every reason, the selection at first on the reads
//! of `payments`, which are at their maximum. On the DAX pane the selection is at first on the cluster `carts`.
//! On the Alarms pane it is watched, the selection at first on the composite alarm `orders-unwell`; the
//! alarm below it looks at metrics. On the Timeline seven things have happened.

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
use ddbtop::model::health::Poller;

/// The keys pressed before on that pane, and what the action then leads to.
type Expected = (&'static str, Then);

/// Every poller has a row.
const LAST_POLLER: usize = Poller::ALL.len() - 1;

const NOWHERE: Expected = ("", Nothing);
const NAME: Expected = ("", Asks("Copy(\"by-status\")"));
const ARN: Expected =
    ("", Asks("Copy(\"arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/by-status\")"));

const CLUSTER_ARN: Expected =
    ("", Asks("Copy(\"arn:aws:dax:us-east-1:123456789012:cache/carts\")"));
const ALARM_ARN: Expected =
    ("", Asks("Copy(\"arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-unwell\")"));
const LINE: Expected = (
    "",
    Asks(
        "Copy(\"2026-11-22T12:02:50Z scaling payments x5 since 2026-11-22T11:58:50Z reads not \
         scaled: already at maximum 500 (AlreadyAtMaxCapacity)\")",
    ),
);
const PAYMENTS: Expected = ("", Pane("payments"));
const PAYMENTS_ARN: Expected =
    ("", Asks("Copy(\"arn:aws:dynamodb:us-east-1:123456789012:table/payments\")"));
const CHANGE: Expected = ("", Shows("Change what of"));
const NO_WRITE: Then = Shows("nothing to undo: no write of yours is in effect here");
const MARKED: Expected = ("", Shows("1 marked"));
const TABLES: Expected = ("", Pane("Tables"));
const INDEX: Expected = ("", Pane("orders/by-status"));
/// The fleet with DAX is calm, but for one throttle of this table.
const FIRST: Expected = ("", Pane("sessions"));
const HOT_KEYS: Expected = ("", Pane("Hot keys"));
const SCALING: Expected = ("", Pane("Scaling"));
const DAX: Expected = ("", Pane("DAX"));
const ALARMS: Expected = ("", Pane("Alarms"));
const TIMELINE: Expected = ("", Pane("Timeline"));
const POLLERS: Expected = ("", Pane("Pollers"));

const fn everywhere(then: Then) -> [Expected; 8] {
    [("", then); 8]
}

const fn on_tables(then: Then) -> [Expected; 8] {
    [("", then), NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE]
}

const fn with_chart_focus(on_table: Expected, on_dax: Expected) -> [Expected; 8] {
    [NOWHERE, on_table, NOWHERE, NOWHERE, on_dax, NOWHERE, NOWHERE, NOWHERE]
}

const fn on_lists(then: Then) -> [Expected; 8] {
    [("", then), NOWHERE, ("", then), ("", then), ("", then), ("", then), ("", then), NOWHERE]
}

const fn with_charts(
    [on_tables, on_table, on_scaling, on_dax, on_alarms, on_timeline]: [Expected; 6],
) -> [Expected; 8] {
    [on_tables, on_table, NOWHERE, on_scaling, on_dax, on_alarms, on_timeline, NOWHERE]
}

/// Every action: on the Tables pane, on the Table pane, on Hot keys, Scaling, DAX, Alarms, Timeline and Pollers.
pub(super) const EXPECTATIONS: &[(&str, [Expected; 8])] = &[
    (
        "edit",
        [
            CHANGE,
            CHANGE,
            CHANGE,
            CHANGE,
            NOWHERE,
            ("", Shows("Do what with orders-unwell?")),
            CHANGE,
            NOWHERE,
        ],
    ),
    ("undo", everywhere(NO_WRITE)),
    ("mark", [MARKED, NOWHERE, MARKED, MARKED, NOWHERE, MARKED, NOWHERE, NOWHERE]),
    (
        "down",
        [
            ("", Row(2)),
            ("", Pane("orders/by-customer")),
            ("", Row(1)),
            ("", Row(1)),
            ("", Row(1)),
            ("", Row(1)),
            ("", Row(1)),
            ("j", Row(2)),
        ],
    ),
    (
        "up",
        [
            ("", Row(0)),
            ("", Pane("orders")),
            ("j", Row(0)),
            ("j", Row(0)),
            ("j", Row(0)),
            ("j", Row(0)),
            ("j", Row(0)),
            ("j", Row(0)),
        ],
    ),
    (
        "open",
        [
            INDEX,
            NOWHERE,
            INDEX,
            PAYMENTS,
            ("", Shows("3 nodes on one scale")),
            INDEX,
            PAYMENTS,
            NOWHERE,
        ],
    ),
    (
        "back",
        [
            ("/pay<Enter>", Shows("sessions")),
            TABLES,
            TABLES,
            TABLES,
            TABLES,
            TABLES,
            TABLES,
            TABLES,
        ],
    ),
    ("filter", on_lists(Shows("Enter keep"))),
    ("only-trouble", on_lists(Shows("ONLY TROUBLE"))),
    ("sort", on_tables(Shows("Sort by write use"))),
    ("reverse", on_tables(Shows("by trouble, reversed"))),
    (
        "indexes",
        [
            ("", Shows("calm indexes folded")),
            NOWHERE,
            ("", Shows("by-customer")),
            ("", Shows("feature-flags")),
            ("", Shows("calm nodes folded")),
            ("", Shows("unfolded")),
            ("", Shows("OK -> ALARM: TargetTracking")),
            NOWHERE,
        ],
    ),
    (
        "all-alarms",
        [
            NOWHERE,
            NOWHERE,
            NOWHERE,
            NOWHERE,
            NOWHERE,
            ("", Shows("all namespaces")),
            NOWHERE,
            NOWHERE,
        ],
    ),
    ("next-chart", with_chart_focus(("", Focus(1)), ("<Enter>", Focus(1)))),
    ("previous-chart", with_chart_focus(("l", Focus(0)), ("<Enter>l", Focus(0)))),
    ("expand", everywhere(Shows("z shrink"))),
    (
        "details",
        [
            INDEX,
            ("", Changes),
            ("", Shows("busiest minute")),
            ("", Shows("units to 320")),
            ("", Shows("carts-a available")),
            ("", Shows("last changed")),
            ("", Changes),
            NOWHERE,
        ],
    ),
    (
        "range",
        with_charts([
            ("", Shows("Show the last 15 m")),
            ("", Shows("Show the last 12 h")),
            ("", Shows("Show the last 15 m")),
            ("", Shows("Show the last 15 m")),
            ("j", Shows("Show the last 12 h")),
            ("", Shows("Show the last 15 m")),
        ]),
    ),
    (
        "zoom-in",
        with_charts([
            ("", Changes),
            ("", Shows("last 30 m")),
            ("", Changes),
            ("", Changes),
            ("j", Changes),
            ("", Changes),
        ]),
    ),
    (
        "zoom-out",
        with_charts([
            ("+", Changes),
            ("", Shows("last 3 h")),
            ("+", Changes),
            ("+", Changes),
            ("j", Changes),
            ("+", Changes),
        ]),
    ),
    (
        "zoom-reset",
        with_charts([
            ("+", Changes),
            ("+", Shows("last 1 h")),
            ("+", Changes),
            ("+", Changes),
            ("j+", Changes),
            ("+", Changes),
        ]),
    ),
    (
        "cursor-back",
        with_charts([
            ("", Changes),
            ("", Changes),
            ("", Changes),
            ("", Changes),
            ("j", Changes),
            ("", Changes),
        ]),
    ),
    (
        "cursor-forward",
        with_charts([
            ("[[", Changes),
            ("[[", Changes),
            ("[[", Changes),
            ("[[", Changes),
            ("j[[", Changes),
            ("[[", Changes),
        ]),
    ),
    ("freeze", everywhere(Shows("FROZEN"))),
    // These are keys of a replay: tests/it/replay/keys.rs.
    ("play", [NOWHERE; 8]),
    ("next-moment", [NOWHERE; 8]),
    ("previous-moment", [NOWHERE; 8]),
    ("minute-back", [NOWHERE; 8]),
    ("minute-on", [NOWHERE; 8]),
    ("slower", [NOWHERE; 8]),
    ("faster", [NOWHERE; 8]),
    (
        "copy-name",
        [
            NAME,
            NAME,
            ("", Asks("Copy(\"STATUS#*0452ad\")")),
            ("", Asks("Copy(\"payments\")")),
            ("", Asks("Copy(\"carts\")")),
            ("", Asks("Copy(\"orders-unwell\")")),
            LINE,
            NOWHERE,
        ],
    ),
    ("copy-arn", [ARN, ARN, ARN, PAYMENTS_ARN, CLUSTER_ARN, ALARM_ARN, PAYMENTS_ARN, NOWHERE]),
    (
        "mask",
        [NOWHERE, NOWHERE, ("", Shows("KEYS SHOWN")), NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE],
    ),
    ("refresh", everywhere(Asks("Refresh"))),
    ("pane-tables", [NOWHERE, TABLES, TABLES, TABLES, TABLES, TABLES, TABLES, TABLES]),
    ("pane-table", [INDEX, NOWHERE, INDEX, INDEX, FIRST, INDEX, INDEX, INDEX]),
    (
        "pane-hot-keys",
        [HOT_KEYS, HOT_KEYS, NOWHERE, HOT_KEYS, HOT_KEYS, HOT_KEYS, HOT_KEYS, HOT_KEYS],
    ),
    ("pane-scaling", [SCALING, SCALING, SCALING, NOWHERE, SCALING, SCALING, SCALING, SCALING]),
    ("pane-dax", [DAX, DAX, DAX, DAX, NOWHERE, DAX, DAX, DAX]),
    ("pane-alarms", [ALARMS, ALARMS, ALARMS, ALARMS, ALARMS, NOWHERE, ALARMS, ALARMS]),
    (
        "pane-timeline",
        [TIMELINE, TIMELINE, TIMELINE, TIMELINE, TIMELINE, TIMELINE, NOWHERE, TIMELINE],
    ),
    ("pane-pollers", [POLLERS, POLLERS, POLLERS, POLLERS, POLLERS, POLLERS, POLLERS, NOWHERE]),
    ("next-pane", [INDEX, HOT_KEYS, SCALING, DAX, ALARMS, TIMELINE, POLLERS, TABLES]),
    ("previous-pane", [POLLERS, TABLES, INDEX, HOT_KEYS, SCALING, DAX, ALARMS, TIMELINE]),
    (
        "top",
        [
            ("", Row(0)),
            ("", Pane("orders")),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
        ],
    ),
    (
        "bottom",
        [
            ("", Row(13)),
            ("", Pane("orders/by-customer")),
            ("", Row(7)),
            ("", Row(21)),
            ("", Row(19)),
            ("", Row(12)),
            ("", Row(8)),
            ("", Row(LAST_POLLER)),
        ],
    ),
    (
        "half-page-down",
        [
            ("", Row(13)),
            ("", Pane("orders/by-customer")),
            ("", Row(7)),
            ("", Row(16)),
            ("", Row(16)),
            ("", Row(12)),
            ("", Row(8)),
            ("", Row(16)),
        ],
    ),
    (
        "half-page-up",
        [
            ("G", Row(0)),
            ("", Pane("orders")),
            ("G", Row(0)),
            ("G", Row(5)),
            ("G", Row(3)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(LAST_POLLER - 16)),
        ],
    ),
    (
        "page-down",
        [
            ("", Row(13)),
            ("", Pane("orders/by-customer")),
            ("", Row(7)),
            ("", Row(21)),
            ("", Row(19)),
            ("", Row(12)),
            ("", Row(8)),
            ("", Row(LAST_POLLER)),
        ],
    ),
    (
        "page-up",
        [
            ("G", Row(0)),
            ("", Pane("orders")),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
            ("G", Row(0)),
        ],
    ),
    ("local-time", everywhere(Shows("17:03:20 PKT"))),
    ("regions", everywhere(Shows("Read which regions?"))),
    ("profiles", everywhere(Shows("the simulated AWS has no profiles"))),
    ("theme", everywhere(Shows("Theme light"))),
    ("mouse", everywhere(Asks("Mouse(true)"))),
    ("palette", everywhere(Shows("Do what, or open which table or cluster?"))),
    ("help", everywhere(Shows("Keys: type to search"))),
    ("redraw", everywhere(Asks("Redraw"))),
    ("suspend", everywhere(Asks("Suspend"))),
    ("export", everywhere(Asks("Export"))),
    ("quit", everywhere(Asks("Quit"))),
    ("quit-keep-screen", everywhere(Asks("QuitKeepScreen"))),
];
