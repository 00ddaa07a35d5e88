//! A replay on screen.

use super::record;
use crate::journeys::keys;
use crate::screens::stores::options;
use ddbtop::app::key::Key;
use ddbtop::app::{App, CHANGES_NOTHING, Effect, Footage, Msg, Options, Permission, Standing};
use ddbtop::diagnose::Thresholds;
use ddbtop::record::reader::Recording;
use ddbtop::replay::{Player, look_through};
use ddbtop::report::snapshot::text;
use ddbtop::view::header::Banner;
use jiff::Timestamp;
use std::fs;
use std::sync::Arc;

/// A replay on screen, at first at its beginning, and the player that follows what is asked of it.
pub(crate) struct Replay {
    pub(crate) app: App,
    pub(crate) player: Player,
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
    recorded: Vec<u8>,
}

impl Replay {
    /// Of so many minutes from a scenario's start.
    pub(crate) async fn of(scenario: &str, minutes: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording");
        record(&path, scenario, 0, minutes).await;
        let recorded = fs::read(&path).unwrap();
        let recording = Recording::from_bytes(recorded.clone()).unwrap();
        let (first, last) = recording.span();
        let app = App::new(Options {
            standing: Standing {
                banner: Banner::Replay,
                permission: Permission { by: String::new(), answer: CHANGES_NOTHING.to_owned() },
                permit: None,
                ..options().standing
            },
            replay: Some(Footage {
                span: (first, last),
                is_playing: true,
                has_keys: false,
                is_simulated: true,
                told: None,
            }),
            ..options()
        });
        let mut replay =
            Self { app, player: Player::new(recording, Arc::default()), first, last, recorded };
        replay.app.handle(Msg::Resize(200, 50), first);
        replay.go_to(first);
        replay
    }

    /// Finds what is worth going to.
    pub(crate) fn look_through(&mut self) {
        let recording = Recording::from_bytes(self.recorded.clone()).unwrap();
        let moments = look_through(recording, &Thresholds::default(), Arc::default()).moments;
        self.app.handle(Msg::Moments(Ok(moments)), self.player.at());
    }

    pub(crate) fn go_to(&mut self, at: Timestamp) {
        self.player.go_to(at);
        let store = Box::new(self.player.store().clone());
        self.app.handle(Msg::Replayed(store), self.player.at());
    }

    /// What keys ask for, which is not done yet.
    pub(crate) fn press(&mut self, typed: &str) -> Vec<Effect> {
        let now = self.player.at();
        // As people type it, but for the key that begins a name there.
        let pressed = match typed.strip_prefix('<') {
            Some(_) => typed.chars().map(Key::Char).collect(),
            None => keys(typed),
        };
        let effects = pressed.into_iter().flat_map(|key| self.app.handle(Msg::Key(key), now));
        let follows = |effect: &Effect| matches!(effect, Effect::Interest(_) | Effect::Remember(_));
        effects.filter(|effect| !follows(effect)).collect()
    }

    /// Presses one key after the other and goes where they lead.
    pub(crate) fn follow(&mut self, typed: &str) {
        for key in typed.chars() {
            for effect in self.press(&key.to_string()) {
                let Effect::Replay(cue) = effect else { panic!("{effect:?}") };
                cue.to.into_iter().for_each(|at| self.go_to(at));
            }
        }
    }

    pub(crate) fn shown(&self) -> String {
        text(&self.app.screen(self.player.at()), 200, 50)
    }
}
