//! The colours of charts: dark on white, so that they can be printed, and apart for colour-blind
//! eyes (after Okabe and Ito, "Color Universal Design", darkened for a white ground).

use super::scene::Rgb;
use crate::view::Role;
use plotters::style::RGBColor;

pub(super) const GROUND: Rgb = [0xff, 0xff, 0xff];
pub(super) const INK: Rgb = [0x1f, 0x23, 0x28];
pub(super) const DIM: Rgb = [0x57, 0x60, 0x6a];
pub(super) const GRID: Rgb = [0xe1, 0xe4, 0xe8];
/// Behind minutes that CloudWatch may still revise.
pub(super) const SETTLING: Rgb = [0xf0, 0xf1, 0xf3];

/// The colour of a line, a level or a mark.
pub(super) fn color(role: Role) -> Rgb {
    match role {
        Role::Line1 => [0x00, 0x5f, 0xa8],
        Role::Line2 => [0xd5, 0x5e, 0x00],
        Role::Line3 => [0x00, 0x8a, 0x66],
        Role::Line4 => [0xb4, 0x4e, 0x8c],
        Role::Line5 => [0x90, 0x90, 0x90],
        Role::Line6 => [0x7a, 0x4b, 0x12],
        Role::Trouble => [0xb3, 0x1b, 0x1b],
        Role::Problem => [0x8a, 0x5a, 0x00],
        Role::Text
        | Role::Dim
        | Role::Title
        | Role::Head
        | Role::Sorted
        | Role::Selected
        | Role::Notice
        | Role::Stale
        | Role::Demo
        | Role::Safe
        | Role::Key
        | Role::Chart
        | Role::Cursor
        | Role::Production
        | Role::Axis
        | Role::Limit
        | Role::Settling
        | Role::Event
        | Role::TimeCursor
        | Role::Frame
        | Role::Focus => INK,
    }
}

/// A colour as plotters names it.
pub(super) fn plotted([red, green, blue]: Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}
