//! The clipboard of the terminal's own machine, however far away that is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What stands between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    Nothing,
    Tmux,
    Screen,
}

/// GNU screen drops longer device control strings.
const SCREEN_CHUNK: usize = 250;

/// The bytes that put `text` into the clipboard: OSC 52 (xterm's "Operating System Commands").
///
/// tmux takes the sequence itself if `set-clipboard` is `on`, and hands a wrapped one through if
/// `allow-passthrough` is; so it gets both. GNU screen hands wrapped pieces through.
pub(super) fn copy(text: &str, between: Between) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes();
    match between {
        Between::Nothing => plain,
        Between::Tmux => {
            // An escape inside is doubled; there is the one it begins with.
            [&*plain, b"\x1bPtmux;\x1b", &plain, b"\x1b\\"].concat()
        }
        Between::Screen => {
            let pieces = plain.chunks(SCREEN_CHUNK);
            pieces.flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(text: &str, between: Between) -> String {
        String::from_utf8(copy(text, between)).unwrap()
    }

    #[test]
    fn the_text_reaches_the_terminal_through_whatever_stands_between() {
        assert_eq!(copied("orders", Between::Nothing), "\x1b]52;c;b3JkZXJz\x07");
        assert_eq!(
            copied("orders", Between::Tmux),
            "\x1b]52;c;b3JkZXJz\x07\x1bPtmux;\x1b\x1b]52;c;b3JkZXJz\x07\x1b\\"
        );
        assert_eq!(copied("orders", Between::Screen), "\x1bP\x1b]52;c;b3JkZXJz\x07\x1b\\");
    }

    #[test]
    fn long_text_passes_screen_in_pieces_that_make_the_whole() {
        let text = "é".repeat(1_000);
        let pieces = copied(&text, Between::Screen);
        assert!(pieces.split("\x1b\\").all(|piece| piece.len() <= SCREEN_CHUNK + 2));
        let whole = pieces.replace("\x1b\\", "").replace("\x1bP", "");
        assert_eq!(whole, copied(&text, Between::Nothing));
    }
}
