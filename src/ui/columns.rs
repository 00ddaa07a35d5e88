//! Which columns are shown, and how wide.

use crate::view::{Column, ColumnWidth};

/// Cells between two columns.
pub(super) const GAP: u16 = 1;

/// The place of each shown column in `columns`, and its width, from left to right.
///
/// Columns are taken by rank, each rank for which there is room as a whole. Flexible ones get
/// what they want before a rank is taken that lies beyond all of theirs. They hold words, which say
/// more than figures: where the last of them lacks room, fixed ones of lower rank make way.
pub(super) fn fit(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
    let flexible = |column: &&Column| matches!(column.width, ColumnWidth::Flexible { .. });
    let last = columns.iter().filter(flexible).map(|column| column.rank).max();
    let fixed = columns.iter().filter(|column| !flexible(column) && Some(column.rank) < last);
    let mut ranks: Vec<u8> = fixed.map(|column| column.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let words_fit = |fitted: &Vec<(usize, u16)>| {
        let mut shown = fitted.iter().filter_map(|(place, _)| columns.get(*place));
        last.is_none() || shown.any(|column| flexible(&column) && Some(column.rank) == last)
    };
    let tries = (0..=ranks.len()).rev();
    let mut fitted = tries.map(|kept| {
        let given_up = ranks.get(kept..).unwrap_or_default();
        fit_without(columns, given_up, room)
    });
    fitted.find(words_fit).unwrap_or_else(|| fit_without(columns, &[], room))
}

fn fit_without(columns: &[Column], given_up: &[u8], room: u16) -> Vec<(usize, u16)> {
    let mut by_rank: Vec<(usize, &Column)> = columns.iter().enumerate().collect();
    let is_fixed = |column: &Column| matches!(column.width, ColumnWidth::Fixed(_));
    by_rank.retain(|(_, column)| !(is_fixed(column) && given_up.contains(&column.rank)));
    by_rank.sort_by_key(|(_, column)| column.rank);
    let flexible = |column: &&Column| matches!(column.width, ColumnWidth::Flexible { .. });
    let last_flexible = columns.iter().filter(flexible).map(|column| column.rank).max();
    let mut shown: Vec<(usize, &Column, u16)> = Vec::with_capacity(columns.len());
    let mut left = room.saturating_add(GAP);
    for rank in by_rank.chunk_by(|(_, a), (_, b)| a.rank == b.rank) {
        let needed: u16 = rank.iter().map(|(_, column)| least(column) + GAP).sum();
        let Some(rest) = left.checked_sub(needed) else {
            // Without its name a row is nothing.
            if shown.is_empty() {
                break;
            }
            continue;
        };
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
        assert_eq!(fit(&columns, 34), [(0, 20), (2, 5), (3, 2), (4, 2)], "what is narrow fits in");
        assert_eq!(fit(&columns, 24), [(0, 20)]);
        assert_eq!(fit(&columns, 12), [(0, 12)]);
        assert_eq!(fit(&columns, 9), []);
        let figures = column(1, ColumnWidth::Fixed(6));
        let words = column(2, ColumnWidth::Flexible { min: 8, wanted: 12 });
        let columns = [columns[0].clone(), figures, words];
        assert_eq!(fit(&columns, 26), [(0, 10), (1, 6), (2, 8)]);
        assert_eq!(fit(&columns, 25), [(0, 16), (2, 8)], "words come before figures");
        assert_eq!(fit(&columns, 18), [(0, 11), (1, 6)], "unless they find no room at all");
    }
}
