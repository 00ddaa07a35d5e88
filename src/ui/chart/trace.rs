//! One line of a chart as dots, from left to right.
//!
//! Points that share a column become one vertical run from the least to the greatest, so that a
//! spike of one minute survives a day's view; runs are joined unless a gap lies between them.

use crate::view::chart::{Chart, Line, Stroke};

/// One dot of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dot {
    pub(super) column: u16,
    pub(super) row: u16,
    /// Whether CloudWatch will not revise what it stands for.
    pub(super) settled: bool,
    /// Dots since the line began or was interrupted.
    step: u16,
}

impl Dot {
    /// Whether it is drawn, rather than left out as a part of a gap in `stroke`.
    ///
    /// The first dot always is, so that a lone point is seen.
    pub(super) fn is_drawn(self, stroke: Stroke) -> bool {
        match stroke {
            Stroke::Solid => true,
            Stroke::Dotted => self.step.is_multiple_of(2),
            Stroke::Dashed => self.step % 6 < 4,
        }
    }
}

/// Where minutes and values lie among dots.
#[derive(Clone, Copy)]
pub(super) struct Grid<'a> {
    pub(super) chart: &'a Chart,
    pub(super) columns: u16,
    pub(super) rows: u16,
    /// The value of the uppermost row; that of the lowest is 0.
    pub(super) top: f64,
}

impl Grid<'_> {
    /// The row nearest to `value`, the lowest for 0.
    pub(super) fn row(&self, value: f64) -> u16 {
        let last = self.rows.saturating_sub(1);
        let below_top = ((1.0 - value / self.top) * f64::from(last)).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts from f64 saturate, and the row is bounded"
        )]
        let row = below_top as u16;
        row.min(last)
    }
}

/// Neighbouring points in one column.
#[derive(Clone, Copy)]
struct Run {
    column: u16,
    upper: u16,
    lower: u16,
    /// The row of its newest point, from where the line goes on.
    newest: u16,
    settled: bool,
}

/// Gives the dots of `line` to `plot`.
pub(super) fn trace(line: &Line, grid: &Grid<'_>, plot: impl FnMut(Dot)) {
    let settled_minutes = grid.chart.settled_minutes();
    let mut brush = Brush { step: 0, plot };
    let mut run: Option<Run> = None;
    for (index, point) in (0..).zip(grid.chart.points(line)) {
        let Some(value) = point else {
            brush.finish(run.take());
            continue;
        };
        let column = grid.chart.column_of(index, grid.columns);
        let row = grid.row(value);
        let settled = index < settled_minutes;
        let next = Run { column, upper: row, lower: row, newest: row, settled };
        run = Some(match run {
            Some(run) if run.column == column && run.settled == settled => {
                Run { upper: run.upper.min(row), lower: run.lower.max(row), ..next }
            }
            Some(run) => {
                brush.run(run);
                brush.join(run, next);
                next
            }
            None => next,
        });
    }
    brush.finish(run);
}

/// Counts the dots it draws.
struct Brush<F> {
    step: u16,
    plot: F,
}

impl<F: FnMut(Dot)> Brush<F> {
    fn dot(&mut self, column: u16, row: u16, settled: bool) {
        (self.plot)(Dot { column, row, settled, step: self.step });
        self.step = self.step.wrapping_add(1);
    }

    fn run(&mut self, run: Run) {
        for row in run.upper..=run.lower {
            self.dot(run.column, row, run.settled);
        }
    }

    /// Draws the last run before a gap.
    fn finish(&mut self, run: Option<Run>) {
        if let Some(run) = run {
            self.run(run);
        }
        self.step = 0;
    }

    /// Draws what lies between two runs, by Bresenham's algorithm.
    fn join(&mut self, from: Run, to: Run) {
        let (mut column, mut row) = (i32::from(from.column), i32::from(from.newest));
        let (last_column, last_row) = (i32::from(to.column), i32::from(to.newest));
        let across = last_column - column;
        let down = -(last_row - row).abs();
        let direction = (last_row - row).signum();
        let mut error = across + down;
        loop {
            let doubled = 2 * error;
            if doubled >= down && column < last_column {
                error += down;
                column += 1;
            }
            if doubled <= across && row != last_row {
                error += across;
                row += direction;
            }
            if (column, row) == (last_column, last_row) {
                return;
            }
            if let (Ok(column), Ok(row)) = (u16::try_from(column), u16::try_from(row)) {
                self.dot(column, row, to.settled);
            }
        }
    }
}
