//! The frame that is wanted, and how much of it the terminal shows.

use super::pace::{Late, Owed, Share};
use crate::ui::wire::{Erase, Wire, around};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The wanted frame beside what the terminal shows of it.
pub(super) struct Picture {
    wire: Wire,
    wanted: Buffer,
    /// What may come later than the rest, what matters most first.
    late: Vec<Rect>,
}

impl Picture {
    /// For a terminal of which nothing is known; [`Picture::clear`] comes first.
    pub(super) fn new(erase: Erase) -> Self {
        Self { wire: Wire::new(erase), wanted: Buffer::default(), late: vec![] }
    }

    /// Clears a terminal of this size; all of the frame is owed then.
    pub(super) fn clear(&mut self, (width, height): (u16, u16), out: &mut Vec<u8>) {
        self.wire.clear(width, height, out);
        self.wanted.resize(Rect::new(0, 0, width, height));
    }

    /// Takes another frame as wanted: `paint` fills it and says which areas may come late.
    pub(super) fn paint(&mut self, paint: impl FnOnce(Rect, &mut Buffer) -> Vec<Rect>) {
        self.wanted.reset();
        self.late = paint(self.wanted.area, &mut self.wanted);
    }

    /// The wanted frame.
    pub(super) fn wanted(&self) -> &Buffer {
        &self.wanted
    }

    /// Appends the share of the frame that may be sent now; what is owed after it.
    pub(super) fn send(&mut self, share: Share, out: &mut Vec<u8>) -> Owed {
        let before = out.len();
        let urgent = around(self.wanted.area, &self.late);
        if !self.wire.encode(&self.wanted, &urgent, share.room, out) {
            return Owed::Urgent;
        }
        let sent = out.len() - before;
        match share.late {
            Late::Held => {}
            Late::WholeWithin(bytes) => self.send_small_areas(bytes.saturating_sub(sent), out),
            Late::AsRoomLasts => {
                let room = share.room.saturating_sub(sent);
                self.wire.encode(&self.wanted, &self.late, room, out);
            }
        }
        let is_shown = |area: &Rect| self.wire.shows(&self.wanted, *area);
        if self.late.iter().all(is_shown) { Owed::Nothing } else { Owed::Late }
    }

    /// Sends late areas, each whole or not at all, as long as together they fit into `room` bytes.
    fn send_small_areas(&mut self, room: usize, out: &mut Vec<u8>) {
        let end = out.len() + room;
        for area in &self.late {
            if out.len() == end || self.wire.shows(&self.wanted, *area) {
                continue;
            }
            let (mut trial, before) = (self.wire.clone(), out.len());
            let whole = trial.encode(&self.wanted, &[*area], end - before, out);
            if !whole || out.len() > end {
                out.truncate(before);
                return;
            }
            self.wire = trial;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    const SIZE: (u16, u16) = (40, 10);
    const ROWS: Rect = Rect { x: 0, y: 0, width: 40, height: 4 };
    const STRIP: Rect = Rect { x: 0, y: 4, width: 40, height: 2 };
    const CHART: Rect = Rect { x: 0, y: 6, width: 40, height: 4 };

    /// A picture whose every cell differs from what the terminal shows.
    fn picture(letter: &str) -> Picture {
        let mut picture = Picture::new(Erase::OntoAny);
        picture.clear(SIZE, &mut vec![]);
        repaint(&mut picture, letter);
        picture
    }

    fn repaint(picture: &mut Picture, letter: &str) {
        picture.paint(|area, wanted| {
            for y in area.top()..area.bottom() {
                wanted.set_string(0, y, letter.repeat(area.width.into()), Style::new());
            }
            vec![STRIP, CHART]
        });
    }

    fn shows(picture: &Picture) -> [bool; 3] {
        [ROWS, STRIP, CHART].map(|area| picture.wire.shows(&picture.wanted, area))
    }

    #[test]
    fn an_answer_to_a_key_carries_what_fits_and_owes_the_rest() {
        for (bytes, shown, owed) in [
            (100, [true, false, false], Owed::Late),
            (300, [true, true, false], Owed::Late),
            (700, [true, true, true], Owed::Nothing),
        ] {
            let mut picture = picture("a");
            let mut out = vec![];
            let share = Share { room: usize::MAX, late: Late::WholeWithin(bytes) };
            assert_eq!(picture.send(share, &mut out), owed, "{bytes}");
            assert_eq!(shows(&picture), shown, "{bytes}");
            assert!(out.len() <= bytes.max(200), "{bytes}: {}", out.len());
        }
    }

    #[test]
    fn slices_send_rows_before_late_areas_and_end_with_nothing_owed() {
        let mut picture = picture("a");
        let share = Share { room: 100, late: Late::AsRoomLasts };
        let mut owed = vec![];
        let mut all = vec![];
        while owed.last() != Some(&Owed::Nothing) {
            let before = all.len();
            owed.push(picture.send(share, &mut all));
            assert!(all.len() - before < 150, "a slice is its room and the rest of a row");
            let [rows, strip, chart] = shows(&picture);
            assert!((rows || !strip) && (strip || !chart), "in order");
        }
        assert_eq!(owed, [Owed::Urgent, Owed::Late, Owed::Late, Owed::Nothing]);
        all.clear();
        assert_eq!(picture.send(share, &mut all), Owed::Nothing);
        assert!(all.is_empty());
    }

    #[test]
    fn late_areas_are_held_back_and_a_new_frame_takes_the_place_of_the_old() {
        let mut picture = picture("a");
        let held = Share { room: usize::MAX, late: Late::Held };
        assert_eq!(picture.send(held, &mut vec![]), Owed::Late);
        assert_eq!(shows(&picture), [true, false, false]);
        repaint(&mut picture, "b");
        let mut out = vec![];
        let all = Share { room: usize::MAX, late: Late::AsRoomLasts };
        assert_eq!(picture.send(all, &mut out), Owed::Nothing);
        assert!(!String::from_utf8(out).unwrap().contains('a'));
    }
}
