use super::bits::{BLOCK, Bits};
use super::{Joints, found};
use crate::redact::index::{Kinds, Own};

/// An index that knows `xx` behind a joint and `yy` before one.
fn index() -> Own {
    let mut index = Own::new();
    for byte in 0..128 {
        for other in 0..128 {
            index.add_start_of(&[b'x', b'x', byte, other], Kinds::TOKEN);
            index.add_end([byte, other, b'y', b'y'], Kinds::NAME);
        }
    }
    index
}

fn joints(own: Option<&Own>, text: &[u8]) -> Vec<usize> {
    let mut joints = Joints::new(own, text);
    core::iter::from_fn(|| joints.next())
        .map(|joint| joint.at)
        .collect()
}

/// Bytes drawn from `from`, the same in each run.
fn drawn(from: &[u8], length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let drawn = usize::try_from(state >> 33).unwrap();
        from[drawn % from.len()]
    };
    (0..length).map(next).collect()
}

#[test]
fn each_byte_is_sorted_rightly() {
    for byte in 0..=u8::MAX {
        for place in [0, 1, 7, 8, 15, 16, 62, 63] {
            let mut block = [b'x'; BLOCK];
            block[place] = byte;
            let at = |is: bool| u64::from(is) << place;
            let right = Bits {
                joints: at(byte.is_ascii() && !byte.is_ascii_alphanumeric()),
                digits: at(byte.is_ascii_digit()),
                hard: at(matches!(byte, 0..=b'"' | b';'..=b'?')),
                joiners: at(matches!(byte, b'-' | b'.' | b'_')),
                marks: at(matches!(byte, b'@' | b'\\' | b'~' | b'+' | b'#'..=b'%')),
                colons: at(byte == b':'),
                is_ascii: byte.is_ascii(),
            };
            assert_eq!(Bits::at(&block, 0), right, "{byte}");
        }
    }
}

#[test]
fn beyond_the_end_stand_blanks_however_long_the_text_is() {
    let long = drawn(b"aZ0-._:@\" ;\x80", 200, 1);
    for length in 0..200 {
        let text = &long[..length];
        for start in (0..length + BLOCK).step_by(BLOCK) {
            let mut block = [b' '; BLOCK];
            for (place, byte) in text.iter().skip(start).take(BLOCK).enumerate() {
                block[place] = *byte;
            }
            let (seen, right) = (Bits::at(text, start), Bits::at(&block, 0));
            // Whether all are ASCII may be said of bytes before the block as well.
            let right = Bits {
                is_ascii: right.is_ascii & seen.is_ascii,
                ..right
            };
            assert_eq!(seen, right, "{length} {start}");
        }
    }
}

#[test]
fn those_found_are_those_of_the_places() {
    for places in [0, 1, 1 << 63, u64::MAX, 0x8000_0000_0000_0101, 0b1011_0111] {
        assert_eq!(found::<1>(places, |_| 1), places);
        assert_eq!(found::<4>(places, |_| 1), places);
        assert_eq!(found::<4>(places, |_| 0), 0);
        let even = |place: usize| u64::from(place.is_multiple_of(2));
        assert_eq!(found::<3>(places, even), places & 0x5555_5555_5555_5555);
    }
}

/// Whether the byte may be in a token, where this stands in it.
fn is_soft(text: &[u8], at: usize) -> bool {
    match text[at] {
        0..=b'"' | b';'..=b'?' => false,
        b':' => text.get(at + 1).is_some_and(|next| {
            next.is_ascii_alphanumeric() || !next.is_ascii() || matches!(next, b'-' | b'_' | b'.')
        }),
        _ => true,
    }
}

fn soft_length(text: &[u8], from: usize, is_soft: impl Fn(&[u8], usize) -> bool) -> usize {
    (from..text.len())
        .take_while(|at| is_soft(text, *at))
        .count()
}

#[test]
fn nothing_is_missed_at_any_place() {
    let index = index();
    for seed in 0..2_000 {
        let text = drawn(b"aaabxyyxxZ_-./ \"=;:%", 600, seed);
        let mut both = Joints::new(Some(&index), &text);
        let all: Vec<_> = core::iter::from_fn(|| both.next()).collect();
        for at in (0..text.len()).filter(|at| !text[*at].is_ascii_alphanumeric()) {
            let joint = all.iter().find(|joint| joint.at == at);
            let goes_on = matches!(text[at], b'_' | b'-' | b'.')
                && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            let ends = at > 2 && text[..at].ends_with(b"yy") && !goes_on;
            let is_long = |text: &[u8], at: usize| !matches!(text[at], 0..=b'"' | b';'..=b'?');
            let begins =
                text[at + 1..].starts_with(b"xx") && soft_length(&text, at + 1, is_long) >= 12;
            assert!(!ends || joint.is_some_and(|joint| joint.may_end), "{at}");
            assert!(
                !begins || joint.is_some_and(|joint| joint.may_begin),
                "{at}"
            );
        }
    }
}

#[test]
fn a_built_in_token_has_thirteen_bytes_at_any_place() {
    let mut hits = 0;
    for seed in 0..3_000 {
        let mut text = drawn(b"a01b-./: \"=:Z_", 400, seed);
        for at in [60, 63, 64, 100, 127, 180, 191, 200, 250, 254, 300, 380] {
            text[at..at + 5].copy_from_slice(b" ghp_");
        }
        let found = joints(None, &text);
        for at in (0..text.len()).filter(|at| text[at + 1..].starts_with(b"ghp_")) {
            let length = soft_length(&text, at + 1, is_soft);
            let is_time = text[at + 5..].windows(5).take(10).any(|time| {
                matches!(time, [a, b, b':', c, d]
                    if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
            });
            if length >= 13 && !is_time {
                assert!(found.contains(&at), "{at}");
                hits += 1;
            }
        }
    }
    assert!(hits > 500, "{hits}");
}

#[test]
fn short_pieces_and_the_insides_of_names_are_passed_over() {
    let none: [usize; 0] = [];
    assert_eq!(joints(None, b"once ghp_a6b8c0d2 ghp_a6b8::c0d2e4"), none);
    assert_eq!(joints(None, b"once ghp_a6b8c0d2e ghp_a6b:8c0d2e4"), [4, 18]);
    assert_eq!(joints(None, b"once ghp_12:34:6b8c0d2e4"), none);
    assert_eq!(joints(None, b"once ghp_123:45a6b8c0d2e4"), [4]);
    assert_eq!(joints(None, b"once token_type token-kind token.size"), none);
    assert_eq!(
        joints(None, b"once token_1= token=_ 2026-10-10T12"),
        [10, 19]
    );
    assert_eq!(joints(None, b"pwd="), [3]);
    assert_eq!(joints(None, b"ab qq="), none);
}

#[test]
fn what_is_not_ascii_is_told_by_its_edges() {
    let text = "token密码： x密=1 密码";
    // Behind the name; the wide colon.
    let found = joints(None, text.as_bytes());
    assert!(found.contains(&5) && found.contains(&13), "{found:?}");
}

#[test]
fn numbers_of_cards_and_accounts_are_looked_at() {
    let text = b"x 4111111111111111 4111-1111 411111-1 41111 1111 2026-10-10 DE44500105175407324931 de44500105";
    assert_eq!(joints(None, text), [1, 18, 28, 59]);
}

#[test]
fn joints_can_be_left_out() {
    let mut index = Own::new();
    index.add_end(*b":xyy", Kinds::NAME);
    let text = b"xyy.:".repeat(160);
    for place in 0..=810 {
        let mut joints = Joints::new(Some(&index), &text);
        joints.next();
        joints.skip_to(place);
        // The first name has nothing before it, and was passed over by the call before.
        let next = (place.max(9) - 3).div_ceil(5) * 5 + 3;
        assert_eq!(
            joints.next().map(|joint| joint.at),
            (next < 800).then_some(next),
            "{place}"
        );
    }
}
