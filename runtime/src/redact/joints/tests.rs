use super::{Before, Bits, Joints, before_long_pieces, is_hard};
use crate::redact::index::{Index, Kinds};

/// The joints at which something may be, for an index that knows `xx` behind a joint and `yy` before one.
fn joints(text: &[u8]) -> Vec<usize> {
    let mut index = Index::new();
    for byte in 0..128 {
        for other in 0..128 {
            index.add_start([b'x', b'x', byte, other], Kinds::TOKEN);
            index.add_end([byte, other, b'y', b'y'], Kinds::NAME);
        }
    }
    let mut joints = Joints::new(&index, text);
    core::iter::from_fn(|| joints.next())
        .map(|joint| joint.at)
        .collect()
}

fn long_piece_around(text: &[u8], at: usize) -> usize {
    let piece = text[at + 1..]
        .iter()
        .take_while(|byte| !is_hard(**byte))
        .count();
    let before = text[..=at]
        .iter()
        .rev()
        .take_while(|byte| !is_hard(**byte))
        .count();
    if piece == 0 { 0 } else { piece + before }
}

#[test]
fn each_byte_is_sorted_rightly() {
    for byte in 0..=u8::MAX {
        for place in [0, 1, 7, 8, 62, 63] {
            let mut block = [b'x'; 64];
            block[place] = byte;
            let bits = Bits::of(&block);
            let at = |is: bool| u64::from(is) << place;
            assert_eq!(
                bits.joints,
                at(byte.is_ascii() && !byte.is_ascii_alphanumeric()),
                "{byte}"
            );
            assert_eq!(bits.digits, at(byte.is_ascii_digit()), "{byte}");
            assert_eq!(bits.edges, at(!byte.is_ascii()), "{byte}");
            assert_eq!(
                bits.hard,
                at(matches!(byte, 0..=b'"' | b';'..=b'?')),
                "{byte}"
            );
        }
    }
}

#[test]
fn nothing_is_missed_at_any_place() {
    let mut state = 7_u64;
    for _ in 0..2_000 {
        let text: Vec<u8> = (0..600)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                b"aaabxyyxxZ_-./ \"=;:%"[(state >> 33) as usize % 20]
            })
            .collect();
        let found = joints(&text);
        for at in (0..text.len()).filter(|at| !text[*at].is_ascii_alphanumeric()) {
            let ends = text[..at].ends_with(b"yy");
            let begins = text[at + 1..].starts_with(b"xx") && long_piece_around(&text, at) >= 12;
            assert!(!(ends || begins) || found.contains(&at), "{at}");
        }
    }
}

#[test]
fn short_pieces_are_passed_over() {
    let text = b"a xx xxx xxxx xxxxx xxxxxx xxxxxxxxxxxx xxxxxxxxxxx x xxxxxxxxxxxxxxxxxxxxxxx   xxxxxxxxxxxxxx ";
    assert_eq!(joints(text), [26, 53, 79]);
}

#[test]
fn long_pieces_are_long_across_blocks() {
    // Twelve soft bytes, of which the last eight are in the next block.
    let soft: u64 = 0xf << 60;
    assert_eq!(before_long_pieces(soft, false) >> 59, 0b11111);
    assert_eq!(
        before_long_pieces(0xff, Before::of(b'x').is_soft) & 0x7f,
        0x7f
    );
    assert_eq!(before_long_pieces(0xff, Before::of(b' ').is_soft) & 0x7f, 0);
}

#[test]
fn runs_of_other_bytes_have_two_edges() {
    let mut block = [b'a'; 64];
    block[2..8].copy_from_slice("密码".as_bytes());
    assert_eq!(Bits::of(&block).edges, 1 << 2 | 1 << 7);
}

#[test]
fn joints_can_be_left_out() {
    let mut index = Index::new();
    index.add_end(*b".xyy", Kinds::NAME);
    let text = b"xyy.".repeat(200);
    for place in 0..=810 {
        let mut joints = Joints::new(&index, &text);
        joints.next();
        joints.skip_to(place);
        let next = (place.max(4) + 4) / 4 * 4 - 1;
        // The first name has nothing before it, and was passed over by the call before.
        let next = next.max(11);
        assert_eq!(
            joints.next().map(|joint| joint.at),
            (next < 800).then_some(next),
            "{place}"
        );
    }
}
