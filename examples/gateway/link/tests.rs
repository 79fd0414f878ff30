//! Places: how many there are, and who is told that one is free.

use super::{Link, Peer};
use crate::zmq_io;

/// Whether the thread has been woken since it was asked last.
fn woken(wake: &zmq::Socket) -> bool {
    let [woken] = zmq_io::wait_readable([Some(wake)], 0).unwrap();
    zmq_io::drain(wake);
    woken
}

#[test]
fn there_are_as_many_places_as_were_asked_for() {
    let (_link, side) = Link::new(&zmq::Context::new(), 2).unwrap();
    let first = side.places.take().unwrap();
    assert!(side.places.is_free());
    let second = side.places.take().unwrap();
    assert!(!side.places.is_free() && side.places.take().is_none());
    // The thread does not look at its socket: it has to hear of this.
    assert!(!woken(&side.wake));
    drop(first);
    assert!(woken(&side.wake) && side.places.is_free());
    // Of this it need not.
    drop(second);
    assert!(!woken(&side.wake));
}

#[test]
fn a_request_keeps_its_place_as_long_as_somebody_may_reply_to_it() {
    let (_link, side) = Link::new(&zmq::Context::new(), 1).unwrap();
    let peer = Peer::new(1, vec![vec![7], vec![]], side.places.take().unwrap());
    let same = peer.clone();
    drop(peer);
    assert!(!side.places.is_free());
    drop(same);
    assert!(side.places.is_free() && woken(&side.wake));
}
