//! That the program has the formats that the sources have.

use super::super::packed::{FORMATS, Piece};
use super::super::shape::Part;
use super::TOKENS;

fn is(piece: Piece, part: Part) -> bool {
    match (piece, part) {
        (Piece::Lit(text), Part::Lit(other)) => text == other.as_bytes(),
        (
            Piece::Run { set, min, max },
            Part::Run {
                set: other,
                min: least,
                max: most,
            },
        ) => (set, min, max) == (other, least, most),
        _ => false,
    }
}

#[test]
fn every_format_is_packed_as_it_is() {
    assert_eq!(FORMATS.len(), TOKENS.len());
    for (format, token) in FORMATS.iter().zip(TOKENS) {
        let name = token.prefix;
        assert_eq!(format.prefix(), name.as_bytes());
        let mut pieces = vec![format.body()];
        pieces.extend(format.rest().iter().map(|packed| packed.piece()));
        let parts: Vec<_> = token.parts().collect();
        assert_eq!(pieces.len(), parts.len(), "{name}");
        assert!(
            pieces
                .into_iter()
                .zip(parts)
                .all(|(piece, part)| is(piece, part)),
            "{name}"
        );
        assert_eq!(format.wanted(), token.wanted, "{name}");
        assert_eq!(format.is_alone(), token.alone, "{name}");
        assert_eq!(format.is_label(), token.label, "{name}");
    }
}
