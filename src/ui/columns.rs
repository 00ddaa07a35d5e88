//! Which columns are shown, and how wide.

use crate::view::{Column, ColumnWidth};

/// Cells between two columns.
pub(super) const GAP: u16 = 1;

/// The place of each shown column in `columns`, and its width, from left to right.
///
/// Columns are taken by rank until the first that has no room; what is left over goes to the
/// flexible ones.
pub(super) fn fit(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
    let mut by_rank: Vec<(usize, &Column)> = columns.iter().enumerate().collect();
    by_rank.sort_by_key(|(_, column)| column.rank);
    let mut shown: Vec<(usize, &Column, u16)> = Vec::with_capacity(columns.len());
    let mut left = room.saturating_add(GAP);
    for (place, column) in by_rank {
        let least = match column.width {
            ColumnWidth::Fixed(cells) | ColumnWidth::Flexible { min: cells, .. } => cells,
        };
        let Some(rest) = left.checked_sub(least + GAP) else { break };
        left = rest;
        shown.push((place, column, least));
    }
    for (_, column, cells) in &mut shown {
        if let ColumnWidth::Flexible { wanted, .. } = column.width {
            let more = wanted.saturating_sub(*cells).min(left);
            *cells += more;
            left -= more;
        }
    }
    let mut fitted: Vec<(usize, u16)> =
        shown.into_iter().map(|(place, _, cells)| (place, cells)).collect();
    fitted.sort_unstable();
    fitted
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
        assert_eq!(fit(&columns, 30), [(0, 15), (1, 8), (2, 5)]);
        assert_eq!(fit(&columns, 24), [(0, 18), (2, 5)]);
        assert_eq!(fit(&columns, 12), [(0, 12)]);
        assert_eq!(fit(&columns, 9), []);
    }
}
