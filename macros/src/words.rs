//! The words of an expression or a pattern, by what stands round them.
//!
//! Tokens say less than a parser, and more than it where macros are called: what is in their
//! parentheses is tokens to everybody.

use proc_macro2::{Ident, Literal, Spacing, TokenStream, TokenTree};
use syn::LitStr;

/// A word among tokens.
pub(crate) struct Word<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) before: Before,
    pub(crate) after: After,
}

/// What stands in front of a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// A single `.`: the word is a field or a method.
    Dot,
    /// `::`: the word belongs to the path before it.
    Path,
    Other,
}

/// What stands behind a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// `:` or `::`: the word is a field or the head of a path.
    Colon,
    /// `!` of a macro.
    Bang,
    /// Brackets of any kind.
    Group,
    /// Another word.
    Word,
    Other,
}

/// What a walk comes across.
pub(crate) enum Found<'a> {
    Word(Word<'a>),
    Literal(&'a Literal),
}

/// Goes through all tokens in their order, those in brackets too.
pub(crate) fn walk(tokens: TokenStream, visit: &mut dyn FnMut(Found<'_>)) {
    let mut tokens = tokens.into_iter().peekable();
    let (mut dots, mut colons) = (0_u8, 0_u8);
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Ident(ident) => {
                let before = match (dots, colons) {
                    (1, _) => Before::Dot,
                    (_, 2..) => Before::Path,
                    _ => Before::Other,
                };
                visit(Found::Word(Word {
                    ident,
                    before,
                    after: after(tokens.peek()),
                }));
            }
            TokenTree::Group(group) => walk(group.stream(), visit),
            TokenTree::Literal(literal) => visit(Found::Literal(literal)),
            TokenTree::Punct(_) => {}
        }
        let count = |character, so_far: u8| match &token {
            TokenTree::Punct(punct) if punct.as_char() == character => so_far.saturating_add(1),
            _ => 0,
        };
        (dots, colons) = (count('.', dots), count(':', colons));
    }
}

fn after(next: Option<&TokenTree>) -> After {
    match next {
        Some(TokenTree::Punct(punct)) => match punct.as_char() {
            ':' => After::Colon,
            // Not `!=`.
            '!' if punct.spacing() == Spacing::Alone => After::Bang,
            _ => After::Other,
        },
        Some(TokenTree::Group(_)) => After::Group,
        Some(TokenTree::Ident(_)) => After::Word,
        _ => After::Other,
    }
}

/// Whether the tokens read one of these variables, be it in a text that is a format: `"{host}"`.
pub(crate) fn read_any(tokens: TokenStream, names: &[Ident]) -> bool {
    let mut read = false;
    walk(tokens, &mut |found| {
        read |= match found {
            Found::Word(word) => {
                word.before == Before::Other
                    && !matches!(word.after, After::Colon | After::Bang)
                    && names.contains(word.ident)
            }
            Found::Literal(literal) => captures_any(literal, names),
        };
    });
    read
}

/// Whether a text would read one of these variables if it were a format.
fn captures_any(literal: &Literal, names: &[Ident]) -> bool {
    let Ok(text) = syn::parse2::<LitStr>(TokenTree::from(literal.clone()).into()) else {
        return false;
    };
    let text = text.value();
    // Two braces stand for one, and every other piece is behind one; a piece too many does no harm.
    let mut pieces = text.split('{').skip(1);
    pieces.any(|piece| {
        let Some((inside, _)) = piece.split_once('}') else {
            return false;
        };
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        let mut read: Vec<&str> = format.split('$').map(last_word).collect();
        // Behind the last `$` there is no name, but how the value is shown.
        read.pop();
        read.push(name.trim());
        names
            .iter()
            .any(|known| read.iter().any(|word| known == word))
    })
}

/// The word at the end of a text.
fn last_word(text: &str) -> &str {
    text.rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use proc_macro2::{Ident, Span};

    use super::read_any;

    #[test]
    fn variables_are_told_from_other_words() {
        let names = ["host", "left"].map(|name| Ident::new(name, Span::call_site()));
        let read = |text: &str| read_any(text.parse().expect(text), &names);
        for text in [
            "host",
            "error.host == host",
            "host.len()",
            "host(error)",
            "0..left",
            "..=left",
            "left != 3",
            "S { port, host }",
            "S { name: host }",
            "f(|x| g([host]))",
            "format!(\"{host}\")",
            "format!(\"{{{host:?}}}\")",
            "format!(\"{0:>left$}\", 3)",
            "format!(\"{0:1.left$} of {1:>3}\", 3)",
            "format!(r\"{ host }\")",
            "match host { _ => true }",
        ] {
            assert!(read(text), "{text}");
        }
        for text in [
            "",
            "error.host",
            "error.host()",
            "self.left.right",
            "host::is(error)",
            "crate::host",
            "host!(error)",
            "S { host: 3 }",
            "format!(\"host {} {other:left}\", 3)",
            "b\"{host}\"",
        ] {
            assert!(!read(text), "{text}");
        }
    }
}
