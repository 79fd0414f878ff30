//! `user:password` in base64, decoded in place.

/// Whether `value` is base64 of a printable text with a colon in it.
pub(super) fn is_basic(value: &[u8]) -> bool {
    let padded = value.iter().rev().take_while(|b| **b == b'=').count();
    let digits = value.get(..value.len() - padded).unwrap_or_default();
    if value.len() < 4 || padded > 2 || digits.len() % 4 == 1 {
        return false;
    }
    // `Basic Options` decodes too, by chance.
    if is_word(value) {
        return false;
    }
    let mut colon = false;
    for quartet in digits.chunks(4) {
        let Some(bits) = quartet
            .iter()
            .try_fold(0, |bits, b| Some(bits << 6 | sextet(*b)?))
        else {
            return false;
        };
        // What a cut quartet lacks counts as zeros.
        let missing = u32::try_from(4 - quartet.len()).unwrap_or(0);
        let bytes: [u8; 4] = (bits << (6 * missing)).to_be_bytes();
        let decoded = bytes.get(1..quartet.len()).unwrap_or_default();
        if decoded.iter().any(|b| *b < b' ' || *b == 0x7f) {
            return false;
        }
        colon |= decoded.contains(&b':');
    }
    colon
}

/// A capital or small letter and fewer than 16 small ones.
fn is_word(value: &[u8]) -> bool {
    value.len() < 16 && value.iter().skip(1).all(u8::is_ascii_lowercase)
}

/// The six bits of a sign, of the usual alphabet or the one for URLs.
fn sextet(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}
