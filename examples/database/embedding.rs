//! What a text means, as a vector: the boundary to an embedding service, and one that needs none.

use std::future::Future;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use wait_or_die::{Classify, Error, SafeText};

/// Why there is no vector.
#[derive(Debug, thiserror::Error, Classify)]
#[non_exhaustive]
pub enum EmbedError {
    /// The service could not be reached, or was out of order.
    #[error("the embedding service is unavailable: {0}")]
    #[classify(transient)]
    Unavailable(SafeText),
    /// The service does not take this text, or it was not asked because there are no words in it.
    #[error("the text cannot be vectorized: {0}")]
    #[classify(permanent)]
    Refused(SafeText),
    /// What it gave is no direction: not as long as it should be, or without a length, or not finite.
    #[error("the embedding service gave no usable vector")]
    #[classify(fault)]
    Unusable,
    /// The call ended without an error of its own: it took too long, or the breaker did not let it through.
    #[error(transparent)]
    #[classify(source)]
    Died(#[from] Error),
}

/// An embedding service. Every call may fail or hang; asking twice does no harm.
pub trait Embedder: Send + Sync {
    /// How long its vectors are.
    fn dimensions(&self) -> usize;

    /// The vector of a text. One attempt.
    ///
    /// # Errors
    /// The service gave none.
    fn embed(&self, text: &str) -> impl Future<Output = Result<Vec<f32>, EmbedError>> + Send;
}

/// Refuses what no service can say the meaning of, before it is asked: a vector without a direction would look like a
/// failure of the service, and a caller's empty text is none.
///
/// # Errors
/// There is neither a letter nor a digit in it.
pub(crate) fn has_words(text: &str) -> Result<(), EmbedError> {
    if text.chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    let why = "there are no words in it";
    Err(EmbedError::Refused(SafeText::from(why)))
}

/// Scaled to length 1, so that the product of two vectors is the cosine of the angle between them.
pub(crate) fn unit(mut vector: Vec<f32>, dimensions: usize) -> Result<Vec<f32>, EmbedError> {
    let squares: f64 = vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    let length = squares.sqrt();
    if vector.len() != dimensions || !length.is_normal() {
        return Err(EmbedError::Unusable);
    }
    for x in &mut vector {
        #[allow(clippy::cast_possible_truncation)] // at most 1
        let scaled = (f64::from(*x) / length) as f32;
        *x = scaled;
    }
    Ok(vector)
}

/// A stand-in for an embedding service: each word of a text counts in one of 64 places, whichever its hash says, so that
/// texts that share words are near each other. Out of order for the calls of one range, counted from 0.
#[derive(Debug, Default)]
pub struct HashedWords {
    outage: Range<u64>,
    calls: AtomicU64,
}

impl HashedWords {
    /// How long the vectors are.
    const PLACES: usize = 64;

    /// One that is out of order for these calls.
    pub const fn with_outage(outage: Range<u64>) -> Self {
        Self {
            outage,
            calls: AtomicU64::new(0),
        }
    }

    /// How often it was asked.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Embedder for HashedWords {
    fn dimensions(&self) -> usize {
        Self::PLACES
    }

    async fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        // A service is never ready at once.
        tokio::task::yield_now().await;
        if self.outage.contains(&call) {
            return Err(EmbedError::Unavailable(SafeText::from("503")));
        }
        let mut vector = vec![0.0; Self::PLACES];
        for word in words(text) {
            let place = fnv1a(&word) % Self::PLACES as u64;
            if let Some(count) = usize::try_from(place)
                .ok()
                .and_then(|at| vector.get_mut(at))
            {
                *count += 1.0;
            }
        }
        Ok(vector)
    }
}

/// The words of a text, in lower case.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// FNV-1a: the same on every machine and in every version, as vectors in a database must be.
fn fnv1a(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use wait_or_die::{Classify as _, Verdict};

    use super::{EmbedError, Embedder as _, HashedWords, fnv1a, has_words, unit, words};

    #[tokio::test]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts
    async fn the_stand_in_counts_words_and_fails_on_schedule() {
        let service = HashedWords::with_outage(1..3);
        let vector = service.embed("Tea, tea and COFFEE").await.unwrap();
        assert_eq!(vector.iter().map(|&count| count as u8).sum::<u8>(), 4);
        let tea = usize::try_from(fnv1a("tea") % 64).unwrap();
        assert_eq!(vector[tea] as u8, 2);
        for _ in 0..2 {
            let refusal = service.embed("tea").await.unwrap_err();
            assert!(matches!(refusal, EmbedError::Unavailable(_)));
        }
        assert!(service.embed("tea").await.is_ok());
        assert_eq!(service.calls(), 4);
    }

    #[test]
    fn hashes_are_those_of_the_specification() {
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn words_are_lower_case_in_any_language() {
        assert_eq!(
            words("  Z\u{fc}rich-Bern, 2x \u{8bb0}\u{5fc6} "),
            ["z\u{fc}rich", "bern", "2x", "\u{8bb0}\u{5fc6}"]
        );
        assert!(words(" ,. ").is_empty());
    }

    #[test]
    fn a_text_without_words_is_refused_for_good() {
        for text in ["", " \n", "???", "\u{1f375}\u{2026}"] {
            let refusal = has_words(text).unwrap_err();
            assert_eq!(refusal.classify(), Verdict::Permanent, "{text:?}");
            assert!(words(text).is_empty());
        }
        assert!(has_words("?7").is_ok() && has_words("\u{8bb0}").is_ok());
    }

    #[test]
    fn vectors_have_length_one_or_are_refused() {
        assert_eq!(unit(vec![3.0, 4.0], 2).unwrap(), [0.6, 0.8]);
        assert_eq!(unit(vec![f32::MAX, 0.0], 2).unwrap(), [1.0, 0.0]);
        for wrong in [
            vec![],
            vec![1.0],
            vec![0.0, 0.0],
            vec![f32::NAN, 1.0],
            vec![f32::INFINITY, 1.0],
        ] {
            assert!(matches!(unit(wrong, 2), Err(EmbedError::Unusable)));
        }
    }
}
