//! The schemes, from IANA's registry and the documentation of the services that made their own.

/// What the credentials of a scheme look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// A token, perhaps a short one.
    Bearer,
    /// `user:password` in base64.
    Basic,
    /// A long token with digits.
    Token,
    /// As `Token`, but the name is also a word of prose: it must have its capital or start a value.
    Word,
    /// An identifier, a colon and a signature.
    Pair,
    /// Parameters, of which one is the secret; or a long token with digits.
    Parameters,
}

/// An authentication scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Scheme {
    /// As it is usually written; any case is understood.
    pub(in super::super) name: &'static str,
    pub(super) kind: Kind,
}

const fn scheme(name: &'static str, kind: Kind) -> Scheme {
    Scheme { name, kind }
}

/// All schemes, by the alphabet.
pub(super) const SCHEMES: [Scheme; 59] = [
    scheme("AccessKey", Kind::Token),
    scheme("AccessToken", Kind::Token),
    scheme("ACS3-HMAC-SHA256", Kind::Parameters),
    scheme("Api-Key", Kind::Token),
    scheme("Api-Token", Kind::Token),
    scheme("Api_Key", Kind::Token),
    scheme("ApiKey", Kind::Token),
    scheme("ApiToken", Kind::Token),
    scheme("AppKey", Kind::Token),
    scheme("AWS", Kind::Pair),
    scheme("AWS4-ECDSA-P256-SHA256", Kind::Parameters),
    scheme("AWS4-HMAC-SHA256", Kind::Parameters),
    scheme("Basic", Kind::Basic),
    scheme("Bearer", Kind::Bearer),
    scheme("Bot", Kind::Word),
    scheme("DeepL-Auth-Key", Kind::Token),
    scheme("Digest", Kind::Parameters),
    scheme("DPoP", Kind::Token),
    scheme("EG1-HMAC-SHA256", Kind::Parameters),
    scheme("Emby", Kind::Parameters),
    scheme("GenieKey", Kind::Token),
    scheme("GOOG1", Kind::Pair),
    scheme("GOOG4-HMAC-SHA256", Kind::Parameters),
    scheme("GOOG4-RSA-SHA256", Kind::Parameters),
    scheme("GoogleLogin", Kind::Parameters),
    scheme("Hawk", Kind::Parameters),
    scheme("HMAC", Kind::Parameters),
    scheme("HMAC-SHA1", Kind::Parameters),
    scheme("HMAC-SHA256", Kind::Parameters),
    scheme("HMAC-SHA512", Kind::Parameters),
    scheme("JWT", Kind::Token),
    scheme("KakaoAK", Kind::Token),
    scheme("Kerberos", Kind::Token),
    scheme("Klaviyo-API-Key", Kind::Token),
    scheme("LOW", Kind::Pair),
    scheme("MAC", Kind::Parameters),
    scheme("MediaBrowser", Kind::Parameters),
    scheme("Negotiate", Kind::Token),
    scheme("NLAuth", Kind::Parameters),
    scheme("NTLM", Kind::Token),
    scheme("OAuth", Kind::Parameters),
    scheme("OBS", Kind::Pair),
    scheme("OSS", Kind::Pair),
    scheme("PVEAPIToken", Kind::Token),
    scheme("QBox", Kind::Pair),
    scheme("SAPISIDHASH", Kind::Token),
    scheme("SDK-HMAC-SHA256", Kind::Parameters),
    scheme("SharedAccessSignature", Kind::Parameters),
    scheme("SharedKey", Kind::Pair),
    scheme("SharedKeyLite", Kind::Pair),
    scheme("Signature", Kind::Parameters),
    scheme("Splunk", Kind::Token),
    scheme("SSWS", Kind::Token),
    scheme("TC3-HMAC-SHA256", Kind::Parameters),
    scheme("Token", Kind::Word),
    scheme("UsernameToken", Kind::Parameters),
    scheme("X-Api-Key", Kind::Token),
    scheme("Zoho-enczapikey", Kind::Token),
    scheme("Zoho-oauthtoken", Kind::Token),
];

/// Where the schemes of each first letter start.
const LETTERS: [usize; 27] = letters();

const fn letters() -> [usize; 27] {
    let mut starts = [0; 27];
    let mut letter = 0;
    while letter < 27 {
        let mut i = 0;
        while i < SCHEMES.len()
            && ((SCHEMES[i].name.as_bytes()[0] | 0x20) as usize) < b'a' as usize + letter
        {
            i += 1;
        }
        starts[letter] = i;
        letter += 1;
    }
    starts
}

/// The schemes whose names start with this letter, of any case.
pub(super) fn starting_with(letter: u8) -> &'static [Scheme] {
    let place = usize::from((letter | 0x20).wrapping_sub(b'a'));
    match (LETTERS.get(place), LETTERS.get(place + 1)) {
        (Some(&start), Some(&end)) => SCHEMES.get(start..end).unwrap_or_default(),
        _ => &[],
    }
}

/// The names of all schemes, at least four bytes each: a shorter one with the space that follows it.
pub(in super::super) const WORDS: [&str; SCHEMES.len()] = words();

const fn words() -> [&'static str; SCHEMES.len()] {
    let mut words = [""; SCHEMES.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = match SCHEMES[i].name.as_bytes() {
            b"MAC" => "MAC ",
            b"AWS" => "AWS ",
            b"OSS" => "OSS ",
            b"OBS" => "OBS ",
            b"LOW" => "LOW ",
            b"JWT" => "JWT ",
            b"Bot" => "Bot ",
            _ => SCHEMES[i].name,
        };
        i += 1;
    }
    words
}
