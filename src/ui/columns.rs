//! Which columns are shown, and how wide.

use crate::view::{Column, ColumnWidth};

/// Cells between two columns.
pub(super) const GAP: u16 = 1;

/// The place of each shown column in `columns`, and its width, from left to right.
///
/// Columns are taken by rank until the first rank that has no room as a whole. Flexible ones get
/// what they want before a rank is taken that lies beyond all of theirs.
pub(super) fn fit(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
    let mut by_rank: Vec<(usize, &Column)> = columns.iter().enumerate().collect();
    by_rank.sort_by_key(|(_, column)| column.rank);
    let flexible = |column: &&Column| matches!(column.width, ColumnWidth::Flexible { .. });
    let last_flexible = columns.iter().filter(flexible).map(|column| column.rank).max();
    let mut shown: Vec<(usize, &Column, u16)> = Vec::with_capacity(columns.len());
    let mut left = room.saturating_add(GAP);
    for rank in by_rank.chunk_by(|(_, a), (_, b)| a.rank == b.rank) {
        let needed: u16 = rank.iter().map(|(_, column)| least(column) + GAP).sum();
        let Some(rest) = left.checked_sub(needed) else { break };
        left = rest;
        shown.extend(rank.iter().map(|(place, column)| (*place, *column, least(column))));
        if rank.first().map(|(_, column)| column.rank) == last_flexible {
            grow(&mut shown, &mut left);
        }
    }
    grow(&mut shown, &mut left);
    let mut fitted: Vec<(usize, u16)> =
        shown.into_iter().map(|(place, _, cells)| (place, cells)).collect();
    fitted.sort_unstable();
    fitted
}

fn least(column: &Column) -> u16 {
    match column.width {
        ColumnWidth::Fixed(cells) | ColumnWidth::Flexible { min: cells, .. } => cells,
    }
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
            column(3, ColumnWidth::Fixed(2)),
            column(3, ColumnWidth::Fixed(2)),
        ];
        assert_eq!(fit(&columns, 41), [(0, 20), (1, 8), (2, 5), (3, 2), (4, 2)]);
        assert_eq!(fit(&columns, 40), [(0, 20), (1, 8), (2, 5)]);
        assert_eq!(fit(&columns, 35), [(0, 20), (1, 8), (2, 5)]);
        assert_eq!(fit(&columns, 34), [(0, 20), (2, 5)]);
        assert_eq!(fit(&columns, 24), [(0, 20)]);
        assert_eq!(fit(&columns, 12), [(0, 12)]);
        assert_eq!(fit(&columns, 9), []);
    }
}
