//! A screen as text: what it says, and which role each run of cells has.

use ddbtop::ui;
use ddbtop::ui::theme::Theme;
use ddbtop::view::{Role, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

/// Paints `screen` and lists its lines, then the runs of every role but `Text` and `Dim`, as
/// `row:first..last Role`.
///
/// Each role has its own colour here, so that what colours mean is tested and no theme is.
pub(crate) fn dump(screen: &Screen, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let probe = Theme::from_fn(|role| Style::new().fg(Color::Indexed(role as u8)));
    let _late = ui::draw(screen, &probe, area, &mut buf);
    let mut runs = Vec::new();
    for y in 0..height {
        let role = |x: u16| {
            let colour = buf[(x, y)].fg;
            Role::ALL.into_iter().find(|role| Color::Indexed(*role as u8) == colour)
        };
        let mut x = 0;
        while x < width {
            let first = x;
            let of_run = role(first);
            while x < width && role(x) == of_run {
                x += 1;
            }
            if let Some(run) = of_run.filter(|role| !matches!(role, Role::Text | Role::Dim)) {
                runs.push(format!("{y}:{first}..{x} {run:?}"));
            }
        }
    }
    let text = ddbtop::report::snapshot::text(screen, width, height);
    format!("{text}----\n{}\n", runs.join("\n"))
}
