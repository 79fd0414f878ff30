use super::*;

fn span(begun: u64, disturbed: bool) -> Span {
    Span {
        begun,
        ended: 1_000,
        disturbed,
        answers: 2,
        attempts: 3,
    }
}

#[test]
fn a_sample_is_from_the_first_beginning_to_the_last_end() {
    let sample = Sample::of(&[span(0, false), span(20, false)]);
    assert_eq!(sample.nanos, 1_000);
    assert_eq!((sample.answers, sample.attempts), (4, 6));
}

#[test]
fn it_is_disturbed_by_a_preemption() {
    assert!(!Sample::of(&[span(0, false)]).disturbed);
    assert!(Sample::of(&[span(0, true)]).disturbed);
}

#[test]
fn it_is_disturbed_by_a_late_beginning_unless_threads_share_processors() {
    let shared = processors() < 2;
    assert!(!Sample::of(&[span(0, false), span(20, false)]).disturbed);
    assert_eq!(
        Sample::of(&[span(0, false), span(21, false)]).disturbed,
        !shared
    );
    let many: Vec<_> = (0..=processors()).map(|_| span(0, true)).collect();
    assert!(!Sample::of(&many).disturbed);
}
