//! Text inside a block: how it looks, and where it leads.

use url::Url;

use crate::text::{MAX_UNITS, RichText, Style, units};

/// The styles that are open at a place of the text.
#[derive(Debug, Default)]
pub(super) struct Styles {
    bold: usize,
    italic: usize,
    strikethrough: usize,
    links: Vec<Link>,
}

/// A link, or an image, which becomes one.
#[derive(Debug)]
struct Link {
    /// As it is written.
    written: String,
    title: String,
    /// As it is sent; none if Notion would refuse it.
    absolute: Option<String>,
    /// Whether anything can be read in it.
    filled: bool,
    /// Whether any text leads there.
    used: bool,
}

/// A style that is opened or closed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Bold,
    Italic,
    Strikethrough,
}

impl Styles {
    pub(super) fn open(&mut self, mark: Mark) {
        *self.depth(mark) += 1;
    }

    pub(super) fn close(&mut self, mark: Mark) {
        let depth = self.depth(mark);
        *depth = depth.saturating_sub(1);
    }

    fn depth(&mut self, mark: Mark) -> &mut usize {
        match mark {
            Mark::Bold => &mut self.bold,
            Mark::Italic => &mut self.italic,
            Mark::Strikethrough => &mut self.strikethrough,
        }
    }

    pub(super) fn open_link(&mut self, written: &str, title: &str) {
        self.links.push(Link {
            absolute: absolute(written),
            written: written.to_owned(),
            title: title.to_owned(),
            filled: false,
            used: false,
        });
    }

    /// What has to be added after the link, so that nothing of it is lost: an address that no text leads to, a title.
    pub(super) fn close_link(&mut self) -> Vec<RichText> {
        let Some(link) = self.links.pop() else {
            return Vec::new();
        };
        let mut added = Vec::new();
        if !link.filled {
            let mut text = self.run(&link.written, false);
            text.style.link.clone_from(&link.absolute);
            added.push(text);
        } else if !link.used {
            added.push(self.run(&format!(" ({})", link.written), false));
        }
        if !link.title.is_empty() {
            added.push(self.run(&format!(" ({})", link.title), false));
        }
        added.retain(|text| !text.content.is_empty());
        if let Some(outer) = self.links.last_mut() {
            // An image that is a link: where the link leads has to be told besides.
            outer.filled |= link.filled || !added.is_empty();
        }
        added
    }

    /// Text in the styles that are open here.
    pub(super) fn text(&mut self, content: &str, code: bool) -> RichText {
        let run = self.run(content, code);
        if let Some(link) = self.links.last_mut() {
            link.filled |= !content.is_empty();
            // Where an address cannot be sent, it is enough if it can be read.
            link.used |=
                !content.is_empty() && (link.absolute.is_some() || content == link.written);
        }
        run
    }

    fn run(&self, content: &str, code: bool) -> RichText {
        RichText {
            content: content.to_owned(),
            style: Style {
                link: self.links.last().and_then(|link| link.absolute.clone()),
                bold: self.bold > 0,
                italic: self.italic > 0,
                strikethrough: self.strikethrough > 0,
                code,
            },
        }
    }
}

/// The address, if Notion takes it: it refuses a whole request for a link that is relative or too long.
fn absolute(written: &str) -> Option<String> {
    let url = Url::parse(written).ok()?;
    let known = matches!(url.scheme(), "http" | "https" | "mailto");
    let url = String::from(url);
    (known && units(&url) <= MAX_UNITS).then_some(url)
}

/// Adds a run, to the one before it if that looks the same.
pub(super) fn push(texts: &mut Vec<RichText>, added: RichText) {
    if let Some(last) = texts.last_mut().filter(|last| last.style == added.style) {
        last.content.push_str(&added.content);
    } else if !added.content.is_empty() {
        texts.push(added);
    }
}
