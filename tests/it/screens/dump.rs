//! A screen as text: what it says, and which role each run of cells has.

use ddbtop::ui;
use ddbtop::ui::theme::Theme;
use ddbtop::view::{Role, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use std::fmt::Write;

/// Paints `screen` and lists its lines, then the runs of every role but `Text` and `Dim`, as
/// `row:first..last Role`.
///
/// Each role has its own colour here, so that what colours mean is tested and no theme is.
pub(crate) fn dump(screen: &Screen, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let probe = Theme::from_fn(|role| Style::new().fg(Color::Indexed(role as u8)));
    ui::draw(screen, &probe, area, &mut buf);
    let mut dump = ddbtop::report::snapshot::text(screen, width, height);
    dump.push_str("----\n");
    for y in 0..height {
        let role = |x: u16| match buf[(x, y)].fg {
            Color::Indexed(index) => Role::ALL.into_iter().find(|role| *role as u8 == index),
            _ => None,
        };
        let mut x = 0;
        while x < width {
            let first = x;
            let of_run = role(first);
            while x < width && role(x) == of_run {
                x += 1;
            }
            if let Some(run) = of_run.filter(|role| !matches!(role, Role::Text | Role::Dim)) {
                writeln!(dump, "{y}:{first}..{x} {run:?}").unwrap();
            }
        }
    }
    dump
}
