//! A text in the forms in which programs pass it on.

/// Base64 with the standard alphabet and padding.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let index = (bits >> (18 - 6 * at)) as usize & 63;
            out.push(if at <= chunk.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
    }
    out
}

/// What is seen of `secret` in base64, behind no, one or two bytes of something else, whatever those and what follows are.
pub fn base64_within(secret: &str) -> [String; 3] {
    [0, 1, 2].map(|before| {
        let bytes = [&b"__"[..before], secret.as_bytes()].concat();
        let encoded = base64(&bytes);
        let last = bytes.len() * 8 / 6;
        encoded
            .get((before * 8).div_ceil(6)..last)
            .unwrap_or_default()
            .to_owned()
    })
}

/// Percent-encoded, all but letters, digits and `-._~`.
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.extend(['%', digit(other >> 4), digit(other & 15)]),
        }
    }
    out
}

/// The hexadecimal digit of a number below 16.
fn digit(number: u8) -> char {
    char::from_digit(number.into(), 16)
        .unwrap_or('0')
        .to_ascii_uppercase()
}

/// Percent-encoded, every byte.
pub fn percent_all(text: &str) -> String {
    text.bytes()
        .flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// As in a JSON text, without the quotes.
pub fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted
        .get(1..quoted.len() - 1)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{base64, base64_within, json, percent, percent_all};

    #[test]
    fn base64_as_it_is_known() {
        let encoded =
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(
            encoded,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }

    #[test]
    fn base64_within_other_bytes() {
        for before in 0..3 {
            for after in 0..3 {
                let text = format!("{}hunter2secret{}", &"xyz"[..before], &"abc"[..after]);
                assert!(base64(text.as_bytes()).contains(&base64_within("hunter2secret")[before]));
            }
        }
        assert_eq!(
            base64_within("foo"),
            ["Zm9v", "Zvb", "mb2"].map(str::to_owned)
        );
    }

    #[test]
    fn escapes() {
        assert_eq!(percent("a-~/ é"), "a-~%2F%20%C3%A9");
        assert_eq!(percent_all("aé"), "%61%C3%A9");
        assert_eq!(json("a\"b\\\n"), r#"a\"b\\\n"#);
        assert_eq!(json("\""), r#"\""#);
    }
}
