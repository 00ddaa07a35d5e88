//! Which columns are shown, and how wide.

use crate::view::{Column, ColumnWidth};

/// Cells between two columns.
pub(super) const GAP: u16 = 1;

/// The place of each shown column in `columns`, and its width, from left to right.
///
/// Columns are taken by rank until the first that has no room. Flexible ones get what they want
/// before a column is taken that ranks after all of them.
pub(super) fn fit(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
    let mut by_rank: Vec<(usize, &Column)> = columns.iter().enumerate().collect();
    by_rank.sort_by_key(|(_, column)| column.rank);
    let is_flexible =
        |(_, column): &(usize, &Column)| matches!(column.width, ColumnWidth::Flexible { .. });
    let first = by_rank.iter().rposition(is_flexible).map_or(0, |last| last + 1);
    let mut shown: Vec<(usize, &Column, u16)> = Vec::with_capacity(columns.len());
    let mut left = room.saturating_add(GAP);
    let mut crowded = false;
    for (taken, (place, column)) in by_rank.into_iter().enumerate() {
        if taken == first {
            grow(&mut shown, &mut left);
        }
        let least = match column.width {
            ColumnWidth::Fixed(cells) | ColumnWidth::Flexible { min: cells, .. } => cells,
        };
        match left.checked_sub(least + GAP) {
            Some(rest) if !crowded => {
                left = rest;
                shown.push((place, column, least));
            }
            _ => crowded = true,
        }
    }
    grow(&mut shown, &mut left);
    let mut fitted: Vec<(usize, u16)> =
        shown.into_iter().map(|(place, _, cells)| (place, cells)).collect();
    fitted.sort_unstable();
    fitted
}

/// Gives flexible columns what they want of the cells that are `left`.
fn grow(shown: &mut [(usize, &Column, u16)], left: &mut u16) {
    for (_, column, cells) in shown {
        if let ColumnWidth::Flexible { wanted, .. } = column.width {
            let more = wanted.saturating_sub(*cells).min(*left);
            *cells += more;
            *left -= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Align;

    #[test]
    fn columns_are_chosen_by_rank_and_shown_in_order() {
        let column =
            |rank, width| Column { title: "", sorted: None, width, rank, align: Align::Right };
        let columns = [
            column(0, ColumnWidth::Flexible { min: 10, wanted: 20 }),
            column(2, ColumnWidth::Fixed(8)),
            column(1, ColumnWidth::Fixed(5)),
        ];
        assert_eq!(fit(&columns, 40), [(0, 20), (1, 8), (2, 5)]);
        assert_eq!(fit(&columns, 35), [(0, 20), (1, 8), (2, 5)]);
        assert_eq!(fit(&columns, 34), [(0, 20), (2, 5)]);
        assert_eq!(fit(&columns, 24), [(0, 20)]);
        assert_eq!(fit(&columns, 12), [(0, 12)]);
        assert_eq!(fit(&columns, 9), []);
    }
}
