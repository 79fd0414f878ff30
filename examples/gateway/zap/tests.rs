//! Questions as libzmq asks them, and the answers.

use std::collections::BTreeMap;

use super::{ENDPOINT, Verdict, Zap, judge};

const KEY: [u8; 32] = [7; 32];

fn listed() -> BTreeMap<[u8; 32], String> {
    BTreeMap::from([(KEY, "desk7".to_owned())])
}

fn question<'a>(mechanism: &'a str, credentials: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let head: [&[u8]; 6] = [
        b"1.0",
        b"1",
        b"gateway",
        b"192.0.2.7",
        b"",
        mechanism.as_bytes(),
    ];
    [&head[..], credentials].concat()
}

fn owned(frames: &[&[u8]]) -> Vec<Vec<u8>> {
    frames.iter().map(|frame| frame.to_vec()).collect()
}

#[test]
fn with_keys_only_listed_clients_come_in() {
    let clients = listed();
    for (mechanism, credentials, verdict) in [
        ("CURVE", &[&KEY[..]][..], Verdict::Admitted),
        ("CURVE", &[&[8; 32][..]], Verdict::Unknown),
        ("CURVE", &[&KEY[..31]], Verdict::Unknown),
        ("CURVE", &[], Verdict::Unknown),
        ("CURVE", &[&KEY, &KEY], Verdict::Unknown),
        ("NULL", &[], Verdict::Unknown),
        ("NULL", &[&KEY], Verdict::Unknown),
        ("PLAIN", &[b"desk7", b"password"], Verdict::Unknown),
    ] {
        let asked = owned(&question(mechanism, credentials));
        assert_eq!(judge(&asked, Some(&clients)), verdict, "{asked:?}");
    }
}

#[test]
fn without_keys_whoever_says_that_he_has_some_does_not_come_in() {
    for (mechanism, credentials, verdict) in [
        ("NULL", &[][..], Verdict::Admitted),
        ("CURVE", &[&KEY[..]], Verdict::Unknown),
        ("PLAIN", &[b"desk7", b"password"], Verdict::Unknown),
    ] {
        let asked = owned(&question(mechanism, credentials));
        assert_eq!(judge(&asked, None), verdict, "{asked:?}");
    }
}

#[test]
fn a_question_that_is_none_lets_nobody_in() {
    let good = question("CURVE", &[&KEY]);
    for length in 0..6 {
        let asked = owned(&good[..length]);
        assert_eq!(
            judge(&asked, Some(&listed())),
            Verdict::Malformed,
            "{asked:?}"
        );
    }
    for (frame, other) in [(0, &b"2.0"[..]), (2, b""), (2, b"another")] {
        let mut asked = good.clone();
        asked[frame] = other;
        assert_eq!(judge(&owned(&asked), Some(&listed())), Verdict::Malformed);
    }
}

#[test]
fn answers_carry_the_number_of_the_question() {
    let context = zmq::Context::new();
    let mut zap = Zap::bind(&context, Some(listed())).unwrap();
    // A second one would decide on half of the questions.
    assert!(matches!(
        Zap::bind(&context, None),
        Err(zmq::Error::EADDRINUSE)
    ));
    let libzmq = context.socket(zmq::REQ).unwrap();
    libzmq.set_linger(0).unwrap();
    libzmq.connect(ENDPOINT).unwrap();
    let mut asked = question("CURVE", &[&[8; 32]]);
    asked[1] = b"31";
    for (frames, id, status) in [
        (asked, "31", "400"),
        // There is no socket that one could be let in to.
        (question("CURVE", &[&KEY]), "1", "300"),
        (vec![&b"1.0"[..]], "", "500"),
    ] {
        libzmq.send_multipart(frames, 0).unwrap();
        zap.serve(None).unwrap();
        let answer = libzmq.recv_multipart(zmq::DONTWAIT).unwrap();
        assert_eq!(answer.len(), 6);
        assert_eq!(
            answer[..3],
            owned(&[b"1.0", id.as_bytes(), status.as_bytes()])
        );
        assert_eq!(answer[4..], owned(&[b"", b""]));
    }
    assert_eq!(zap.turned_away, 3);
}
