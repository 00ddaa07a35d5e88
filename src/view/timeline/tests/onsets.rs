//! What begins where an event of DAX was.

use super::*;
use crate::diagnose::{Advice, Cause, Confidence, DaxCause, Severity, Verdict};
use crate::model::dax::{Cluster, DaxEvent, EventSource};

fn verdict(cluster: &str, since: i64) -> Verdict {
    Verdict {
        resource: Resource::cluster(cluster),
        recipient: None,
        direction: None,
        cause: Cause::Dax(DaxCause::ColdCache),
        behind: None,
        reason: None,
        confidence: Confidence::Inferred,
        severity: Severity::Trouble,
        since: crate::store::fixture::minute(since),
        since_or_earlier: false,
        events: 100.0,
        evidence: vec![],
        explains: vec![],
        advice: Advice::default(),
        candidates: vec![],
    }
}

#[test]
fn an_event_of_dax_tells_what_began_with_it_and_nothing_else() {
    let source = EventSource::Cluster(Arc::from("carts"));
    let what = Happening::Dax(DaxEvent { source, message: Arc::from("Cluster created.") });
    let mut fixture = told(vec![Event { at: second(20 * 60), what }]);
    let cluster = |name: &str| Cluster { name: Arc::from(name), ..Cluster::default() };
    fixture.tell(News::Clusters(Ok(["carts", "other"].map(cluster).to_vec())));
    let entries = entries(std::iter::once((fixture.reading(), &[][..])), false);
    let then = |verdicts: &[Verdict]| {
        let facts = Facts { verdicts, ..facts(&fixture, &entries[0]) };
        let paragraphs = list(&facts).detail.unwrap().paragraphs;
        let then = paragraphs.into_iter().filter(|it| it.label == "then");
        then.map(|it| it.text.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(then(&[verdict("carts", 21)]), ["carts: cold cache (inferred) since 12:21"]);
    assert_eq!(then(&[verdict("carts", 40), verdict("carts", 10), verdict("other", 21)]), [""; 0]);
}
