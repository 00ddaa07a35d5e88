//! What charts look like.

use super::*;

/// Compares a picture; its lines are shown one below the other where it differs.
#[track_caller]
fn compare(chart: &Chart, marker: Marker, size: (u16, u16), expected: &[&str]) {
    let rows = rows(chart, marker, size);
    assert_eq!(rows, expected, "\n{}\n", rows.join("\n"));
}

#[test]
fn a_gap_interrupts_the_line_and_a_lone_point_is_seen() {
    let points = [Some(0.0), Some(8.0), None, None, Some(4.0), None, Some(8.0), Some(8.0)];
    let chart = example(END, &[&points]);
    compare(
        &chart,
        Marker::Braille,
        (24, 7),
        &[
            "  reads  ─ first 7",
            "10┤   ⡀             ⢀⣀⣀⣀",
            "  │  ⡰⠁",
            "  │ ⡰⠁        ⠐",
            " 0┤⡰⠁",
            "  └┬─────────────┬──────",
            " 12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (24, 7),
        &[
            "  reads  * first 7",
            "10+",
            "  |   *             ****",
            "  | **        *",
            " 0+*",
            "  ++-------------+------",
            " 12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (24, 7),
        &[
            "  reads  █ first 7",
            "10┤   ▂             ▂▂▂▂",
            "  │  ▅█             ████",
            "  │ ▅██       ▅     ████",
            " 0┤▅███       █     ████",
            "  └┬─────────────┬──────",
            " 12:00             12:07",
        ],
    );
}

#[test]
fn a_spike_of_one_minute_survives_a_day() {
    let mut points = vec![Some(10.0); 1_440];
    points[700] = Some(100.0);
    let chart = example(END, &[&points]);
    compare(
        &chart,
        Marker::Braille,
        (40, 7),
        &[
            "  reads  ─ first 7",
            "100┤                 ⢸",
            "   │                 ⢸",
            "   │                 ⣿",
            "  0┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠿⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤",
            "   └─────────────────┬─────────────────┬",
            "                  Nov 22           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (40, 7),
        &[
            "  reads  █ first 7",
            "100┤                 █",
            "   │                 █",
            "   │                 █",
            "  0┤▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄",
            "   └─────────────────┬─────────────────┬",
            "                  Nov 22           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (40, 7),
        &[
            "  reads  * first 7",
            "100+                 *",
            "   |                 *",
            "   |                 *",
            "  0+************************************",
            "   +-----------------+-----------------+",
            "                  Nov 22           12:07",
        ],
    );
}

#[test]
fn a_level_is_drawn_where_it_lies_unless_it_would_flatten_the_lines() {
    let mut chart = example(END, &[&some([10.0, 12.0, 11.0, 14.0, 30.0, 12.0])]);
    let level = |label: &str, value| Level { label: label.to_owned(), short: "", value };
    chart.levels = vec![level("provisioned 35", 35.0), level("max 4,000", 4_000.0)];
    compare(
        &chart,
        Marker::Braille,
        (50, 8),
        &[
            "  reads  ─ first 7  ┄ provisioned 35  ╌ max 4,000↑",
            "40┤⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄",
            "  │                                  ⣀⡠⠔⠒⠤⣀",
            "  │                             ⣀⠤⠔⠊⠉      ⠉⠑⠢⠤⣀",
            "  │⠤⠤⠤⠤⠤⠒⠒⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠒⠒⠒⠒⠒⠉⠉⠉                ⠉⠒",
            " 0┤",
            "  └────────────────────────────┬──────────────────",
            "                             12:05           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (50, 8),
        &[
            "  reads  * first 7  - provisioned 35  = max 4,000^",
            "40+",
            "  |- - - - - - - - - - - - - - - - - -*****- - - -",
            "  |                               ****     ****",
            "  |*******************************             ***",
            " 0+",
            "  +----------------------------+------------------",
            "                             12:05           12:07",
        ],
    );
    let buf = painted(&chart, Marker::Braille, (50, 8));
    assert_eq!(roles(&buf, "┄"), [role(Role::Limit)]);
}

#[test]
fn what_is_still_settling_is_told_apart() {
    let points = some([5.0, 6.0, 6.0, 7.0, 8.0, 8.0, 9.0, 9.0, 8.0, 8.0]);
    let mut chart = example(END, &[&points]);
    chart.settled_through = Some(chart.window.end.plus(-5));
    compare(
        &chart,
        Marker::Braille,
        (30, 6),
        &[
            "  reads  ─ first 7",
            "10┤       ⢀⣀⣀⡠⠤⠤⠤⠤⠄⠂⠂⠂⠂⠂⠂⠄⠄⠄⠄⠄",
            "  │⠤⠒⠊⠉⠉⠉⠉⠁",
            " 0┤",
            "  └──────┬─────────────┬──────",
            "       12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (30, 6),
        &[
            "  reads  * first 7",
            "10+           ****::::::::::::",
            "  |***********",
            " 0+",
            "  +------+-------------+------",
            "       12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (30, 6),
        &[
            "  reads  █ first 7",
            "10┤         ▁▂▂▃▃▃░░░░░░░░░░░░",
            "  │▄▅▆▇▇▇▇████████░░░░░░░░░░░░",
            " 0┤███████████████░░░░░░░░░░░░",
            "  └──────┬─────────────┬──────",
            "       12:00             12:07",
        ],
    );
    for (marker, symbol) in [(Marker::Ascii, ":"), (Marker::Block, "░")] {
        let buf = painted(&chart, marker, (30, 6));
        assert!(roles(&buf, symbol).contains(&role(Role::Settling)));
    }
    chart.settled_through = None;
    assert!(!rows(&chart, Marker::Ascii, (30, 6))[1..].concat().contains('*'));
}

#[test]
fn zeroes_lie_on_the_bottom_and_no_data_leave_it_bare() {
    let chart = example(END, &[&some([0.0; 30])]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            "1┤",
            " │",
            "0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
            " └────────────────┬─────",
            "                   12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (24, 6),
        &[
            "  reads  █ first 7",
            "1┤",
            " │",
            "0┤▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁",
            " └────────────────┬─────",
            "                   12:07",
        ],
    );
    let chart = example(END, &[&[None; 30]]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            " │",
            " │",
            "0┤",
            " └────────────────┬─────",
            "                   12:07",
        ],
    );
    let chart = example(END, &[&some([3.0])]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            "4┤                     ⢀",
            " │",
            "0┤",
            " └─────────────────────┬",
            "                   12:07",
        ],
    );
}

#[test]
fn the_cursor_and_events_share_the_minutes_of_the_lines() {
    let mut chart = example(END, &[&some([4.0; 60])]);
    chart.cursor = Some(chart.window.start.plus(20));
    chart.events = vec![Event { minute: chart.window.start.plus(40), mark: Mark::Raised }];
    compare(
        &chart,
        Marker::Braille,
        (50, 7),
        &[
            "  reads  ─ first 7",
            "4┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
            " │                │",
            " │                │",
            "0┤                │",
            " └──────┬─────────┴─┬──────────┬──^────────┬──────",
            "      11:15     11:28        11:45           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (50, 7),
        &[
            "  reads  * first 7",
            "4+************************************************",
            " |                |",
            " |                |",
            "0+                |",
            " +------+---------|-+----------+--^--------+------",
            "      11:15     11:28        11:45           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Braille,
        (50, 5),
        &[
            "  reads  ─ first 7",
            "4┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
            " │                │",
            "0┤                │",
            " └──────┬─────────┴─┬──────────┬──^────────┬──────",
        ],
    );
    let buf = painted(&chart, Marker::Braille, (50, 7));
    assert_eq!(roles(&buf, "^"), [role(Role::Event)]);
    assert_eq!(roles(&buf, "┴"), [role(Role::TimeCursor)]);
    chart.cursor = Some(chart.window.end);
    assert!(!rows(&chart, Marker::Braille, (50, 7)).concat().contains('┴'), "outside the window");
}

#[test]
fn lines_differ_without_colour_and_the_front_one_owns_a_shared_cell() {
    let (flat, rising) =
        (some([5.0; 12]), some([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.5, 10.0]));
    let mut chart = example(END, &[&flat, &rising, &some([9.0; 12])]);
    chart.lines[0].stroke = Stroke::Dotted;
    chart.lines[2].stroke = Stroke::Dashed;
    compare(
        &chart,
        Marker::Braille,
        (40, 8),
        &[
            "  reads",
            "  · first 7  ─ second 7  ╌ third 7",
            "10┤⠒⠒⠒ ⠒⠒⠒ ⠒⠒⠒ ⠒⠒⠒ ⠒⠒⠒ ⠒⠒⠒ ⠒⠒⣒⡠⠶⠖⠒⠒⠒⠒⠒⠉⠛",
            "  │                 ⢀⣀⡠⠤⠔⠒⠒⠉⠉",
            "  │⠁⠁⠁⠁⠁⠁⠁⠁⢁⣁⣁⠥⠥⠓⠓⠉⠉⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁",
            " 0┤⣀⣀⠤⠤⠔⠒⠉⠉⠁",
            "  └─────────────┬───────────────┬───────",
            "              12:00                12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (40, 8),
        &[
            "  reads",
            "  █ first 7  • second 7  ◦ third 7",
            "10┤◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦",
            "  │                  ••••••••••",
            "  │█████•••••••••••••███████████████████",
            " 0┤•••••████████████████████████████████",
            "  └─────────────┬───────────────┬───────",
            "              12:00                12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (40, 8),
        &[
            "  reads",
            "  * first 7  + second 7  o third 7",
            "10+ooooooooooooooooooooooooooooooooooooo",
            "  |                  ++++++++++",
            "  |*****+++++++++++++*******************",
            " 0++++++",
            "  +-------------+---------------+-------",
            "              12:00                12:07",
        ],
    );
    chart.lines[1].points = flat.to_vec();
    let buf = painted(&chart, Marker::Ascii, (40, 8));
    assert!(!roles(&buf, "*")[1..].contains(&role(Role::Line1)), "hidden behind the second");
}

#[test]
fn a_note_stands_in_place_of_the_lines() {
    let mut chart = example(END, &[&some([1.0; 30])]);
    chart.note = Some("no permission for cloudwatch:GetMetricData".to_owned());
    chart.cursor = Some(chart.window.start);
    compare(
        &chart,
        Marker::Braille,
        (40, 8),
        &[
            "  reads  ─ first 7",
            "1┤",
            " │          no permission for",
            " │       cloudwatch:GetMetricData",
            " │",
            "0┤",
            " └┴──┬───────────┬────────────┬─────────",
            "11:38          11:50        12:00  12:07",
        ],
    );
    compare(
        &chart,
        Marker::Braille,
        (18, 4),
        &["  reads  ─ first 7", "1┤ no permission", "0┤ for cloudwatc…", " └┴──────────┬────"],
    );
}
