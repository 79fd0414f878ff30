//! What a misspelt word was probably meant to be.

/// The candidate that is nearest to `word`, if one is near enough to be a slip of the keys.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    // One slip in a short word, one for every three letters in a long one.
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance: letters to insert, remove or replace to come from `from` to `to`.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (other, up) in to.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(letter != *other);
            left = replaced.min(up + 1).min(left + 1);
            diagonal = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("max_retires", "max_retries"), 2);
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let words = ["fixed", "linear", "exponential", "fibonacci"];
        assert_eq!(nearest("exponental", words), Some("exponential"));
        assert_eq!(nearest("Linear", words), Some("linear"));
        assert_eq!(nearest("fibonaci", words), Some("fibonacci"));
        assert_eq!(nearest("quadratic", words), None);
        assert_eq!(nearest("f", words), None);
    }
}
