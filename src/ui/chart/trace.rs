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
            Stroke::Dashed => self.step % 8 < 6,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::chart::example;
    use std::collections::BTreeSet;

    const END: &str = "2026-11-22T12:00:00Z";

    fn dots(points: &[Option<f64>], columns: u16, rows: u16) -> Vec<Dot> {
        let chart = example(END, &[points]);
        let mut dots = Vec::new();
        let grid = Grid { chart: &chart, columns, rows, top: 100.0 };
        trace(&chart.lines[0], &grid, |dot| dots.push(dot));
        dots
    }

    fn places(dots: &[Dot]) -> BTreeSet<(u16, u16)> {
        dots.iter().map(|dot| (dot.column, dot.row)).collect()
    }

    #[test]
    fn every_point_is_on_the_line_and_the_line_has_no_hole() {
        for minutes in [2, 3, 7, 30, 59, 60, 61, 180, 1_440] {
            let points: Vec<Option<f64>> =
                (0..minutes).map(|i| Some(f64::from(i * i * 7 % 101))).collect();
            let chart = example(END, &[&points]);
            let (columns, rows) = (60, 40);
            let places = places(&dots(&points, columns, rows));
            let grid = Grid { chart: &chart, columns, rows, top: 100.0 };
            for (index, point) in (0..).zip(&points) {
                let place = (chart.column_of(index, columns), grid.row(point.unwrap()));
                assert!(places.contains(&place), "minute {index} of {minutes}");
            }
            for column in 1..columns {
                let touches = |(_, row): &(u16, u16)| {
                    let near = row.saturating_sub(1)..=row + 1;
                    near.into_iter().any(|row| places.contains(&(column - 1, row)))
                };
                let mut here = places.range((column, 0)..(column + 1, 0));
                assert!(here.any(touches), "column {column} of {minutes} minutes");
            }
        }
    }

    #[test]
    fn an_hour_without_points_is_a_gap_in_a_day() {
        let points: Vec<Option<f64>> =
            (0..1_440).map(|i| (!(600..660).contains(&i)).then_some(50.0)).collect();
        let columns: BTreeSet<u16> = dots(&points, 144, 9).iter().map(|dot| dot.column).collect();
        let missing: Vec<u16> = (0..144).filter(|column| !columns.contains(column)).collect();
        assert_eq!(missing, [61, 62, 63, 64, 65]);
    }

    #[test]
    fn a_stroke_begins_anew_after_a_gap() {
        let dots = dots(&[Some(0.0), Some(0.0), None, Some(0.0)], 31, 5);
        let drawn = |stroke| -> Vec<u16> {
            dots.iter().filter(|dot| dot.is_drawn(stroke)).map(|dot| dot.column).collect()
        };
        assert_eq!(drawn(Stroke::Dotted), [0, 2, 4, 6, 8, 10, 30]);
        assert_eq!(drawn(Stroke::Dashed), [0, 1, 2, 3, 4, 5, 8, 9, 10, 30]);
    }
}
