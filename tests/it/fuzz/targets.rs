//! What is fed with anything at all: by `fuzz/` at random, and by the tests with the same bytes each time.
//! None may panic, hang, or take memory without bound.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::record::reader::Recording;
use ddbtop::replay::Player;
use ddbtop::store::{self, Store};
use ddbtop::ui::theme::Themes;
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::{SignedDuration, Timestamp};
use std::io::Write;
use std::sync::Arc;

/// The reader of recordings, and what plays them.
pub(crate) fn recording(data: &[u8]) {
    if let Ok(recording) = Recording::from_bytes(data.to_vec()) {
        let (_, last) = recording.span();
        let mut player = Player::new(recording, Arc::default());
        player.go_to(last);
        player.go_to(Timestamp::UNIX_EPOCH);
    }
}

/// What a recording is of, and what a block of it says, with checksums that are right: `data` are records, each with
/// its length before it.
pub(crate) fn records(data: &[u8]) {
    recording(&sealed(beginning(), data));
}

/// A recording of one block.
pub(crate) fn sealed(header: &[u8], records: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(records).expect("memory to write to");
    let block = packer.finish().expect("memory to write to");
    [&SAMPLE[..8], &frame(header), &frame(&block)].concat()
}

/// A recording that the first version wrote: eight bytes that tell so, and frames.
pub(crate) const SAMPLE: &[u8] = include_bytes!("../../recordings/format-1.ddbrec");
/// Bytes of a frame before its body.
const HEAD: usize = 32;

/// The bodies of the sample's frames: the header, and the blocks.
pub(crate) fn bodies() -> Vec<&'static [u8]> {
    let mut rest = &SAMPLE[8..];
    let mut bodies = vec![];
    while let Some((head, after)) = rest.split_at_checked(HEAD) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let (body, next) = after.split_at(length.try_into().expect("a length"));
        bodies.push(body);
        rest = next;
    }
    bodies
}

/// The header of the sample.
pub(crate) fn beginning() -> &'static [u8] {
    bodies().first().copied().expect("a header")
}

/// A frame of the time of the sample, with the checksums of what is in it.
fn frame(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a short body").to_le_bytes();
    let times = &SAMPLE[16..32];
    let head = [&SAMPLE[8..12], &length, times, &crc32fast::hash(body).to_le_bytes()].concat();
    [&head[..], &crc32fast::hash(&head).to_le_bytes(), body].concat()
}

/// The settings file.
pub(crate) fn settings(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = ddbtop::config::file::parse(text);
    }
}

/// Theme files.
pub(crate) fn theme(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("fuzzed.toml"), data).expect("a temporary file");
    let _ = Themes::load(Some(folder.path()));
}

/// Replies of AWS: those of a small simulated one, changed as `data` says.
pub(crate) fn replies(data: &[u8]) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let scenario = Scenario::named("hot-key-gsi").expect("a shipped scenario");
        let world = World::new(&WorldOptions { scenario, seed: 1, tables: None });
        let start = SignedDuration::from_secs_f64(world.start());
        let clock = Clock::simulated(Timestamp::UNIX_EPOCH + start, 0.0);
        let now = world.start();
        let inner = InProcess::new(world.clone(), Arc::new(move || now));
        let http = Garbled { inner, script: Arc::from(data) };
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let interest = Interest { last_key: clock.now(), ..Interest::default() };
        let mut store = Store::new(store::Settings::default());
        for update in once(connection, clock, Settings::default(), interest).await {
            store.apply(update);
        }
    });
}

/// A client whose replies are changed: each three bytes of the script say where, and to what.
#[derive(Debug, Clone)]
struct Garbled {
    inner: InProcess,
    script: Arc<[u8]>,
}

impl HttpConnector for Garbled {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (reply, script) = (self.inner.call(request), Arc::clone(&self.script));
        HttpConnectorFuture::new(async move {
            let mut reply = reply.await?;
            let mut body = reply.body().bytes().unwrap_or_default().to_vec();
            for change in script.chunks_exact(3) {
                let place = usize::from(u16::from_le_bytes([change[0], change[1]]));
                let length = body.len().max(1);
                match body.get_mut(place % length) {
                    Some(_) if change[2] == 0 => body.truncate(place % length),
                    Some(byte) => *byte = change[2],
                    None => {}
                }
            }
            *reply.body_mut() = SdkBody::from(body);
            Ok(reply)
        })
    }
}

impl HttpClient for Garbled {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
