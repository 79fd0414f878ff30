//! The formats whose prefix starts with a sign, a digit or an upper case letter, in byte order.

use super::DISCORD;
use crate::redact::tokens::charset::{
    ALNUM, B64, B64URL, CRYPT, Charset, DIGIT, DOTTED, HEX, LOOSE, LOWER, UP_NUM, WORD,
};
use crate::redact::tokens::shape::{NO_END, Token, exact, lit, of, range, run, upto, uuid};

pub(super) const TABLE: &[Token] = &[
    run("$1$", CRYPT.or(Charset::of("$")), 24),  // crypt
    run("$2a$", CRYPT.or(Charset::of("$")), 50), // bcrypt
    run("$2b$", CRYPT.or(Charset::of("$")), 50), // bcrypt
    run("$2x$", CRYPT.or(Charset::of("$")), 50), // bcrypt
    run("$2y$", CRYPT.or(Charset::of("$")), 50), // bcrypt
    run("$5$", CRYPT.or(Charset::of("$=")), 44), // crypt
    run("$6$", CRYPT.or(Charset::of("$=")), 70), // crypt
    run("$7$", CRYPT.or(Charset::of("$")), 44),  // scrypt
    run("$8$", CRYPT.or(Charset::of("$")), 44),  // Cisco
    run("$9$", CRYPT.or(Charset::of("$")), 44),  // Cisco
    run("$aact_", B64URL.or(Charset::of("$:")), 20).digit(), // Asaas
    run("$apr1$", CRYPT.or(Charset::of("$")), 24), // Apache
    run("$argon2", B64.or(Charset::of("$,=")), 40), // Argon2
    run("$krb5", B64URL.or(Charset::of("$*.@:/")), 60), // Kerberos
    run("$pbkdf2", B64URL.or(Charset::of("$./,=")), 40), // PBKDF2
    run("$scrypt$", B64.or(Charset::of("$,=")), 40), // scrypt
    run("$y$", CRYPT.or(Charset::of("$")), 44),  // yescrypt
    run("0.A", DOTTED, 100).random().alone(),    // Microsoft refresh
    range("0/", HEX, 32, 32).digit().alone(),    // Asana
    exact("00D", ALNUM, 12).then(&[lit("!"), upto(DOTTED, 60, NO_END)]), // Salesforce
    run("1.A", DOTTED, 100).random().alone(),    // Microsoft refresh
    range("1/", DIGIT, 13, 17)
        .then(&[lit(":"), upto(ALNUM, 32, 64)])
        .alone(), // Asana
    run("1//0", B64URL, 24).random(),            // Google refresh
    exact("1000.", HEX, 32).then(&[lit("."), of(HEX, 32)]), // Zoho
    range("2/", DIGIT, 13, 17)
        .then(&[lit("/"), upto(DIGIT, 13, 17), lit(":"), upto(ALNUM, 32, 64)])
        .alone(), // Asana
    run("3MVG9", LOOSE, 60),                     // Salesforce
    run("4/0A", B64URL, 40).random(),            // Google authorization code
    exact("4b1d", ALNUM, 38).digit(),            // ClickHouse
    run("5Aep861", LOOSE, 60),                   // Salesforce refresh
    range("6L", Charset::of("cdef"), 1, 1)
        .then(&[of(B64URL, 37)])
        .random()
        .alone(), // reCAPTCHA
    run("A21AA", B64URL, 60).random().alone(),   // PayPal
    range("A3-", UP_NUM.or(Charset::of("-")), 28, 40)
        .digit()
        .alone(), // 1Password
    exact("A3T", UP_NUM, 17).digit(),            // AWS
    exact("AAAA", B64URL, 7)
        .then(&[lit(":"), upto(B64URL, 100, 200)])
        .alone(), // Firebase messaging
    range(
        "AAAAAAAAAAAAAAAAAAAAA",
        ALNUM.or(Charset::of("%_-")),
        40,
        110,
    )
    .random()
    .alone(), // Twitter
    exact("ABIA", UP_NUM, 16),                   // AWS
    run("ABSK", B64, 60).alone(),                // AWS Bedrock
    exact("ACCA", UP_NUM, 16),                   // AWS
    range("AGE-PLUGIN-", UP_NUM.or(Charset::of("-")), 40, 130).digit(), // age
    range("AGE-SECRET-KEY-", UP_NUM.or(Charset::of("-")), 40, 130), // age
    exact("AGPA", UP_NUM, 16).digit(),           // AWS
    exact("AIDA", UP_NUM, 16).digit(),           // AWS
    run("AIK_CI_", ALNUM, 20),                   // Aikido
    run("AIK_CLIENT_", ALNUM, 20),               // Aikido
    run("AIK_SECRET_", ALNUM, 30),               // Aikido
    exact("AIPA", UP_NUM, 16).digit(),           // AWS
    run("AIza", B64URL, 30),                     // Google
    run("AKC", ALNUM, 64).random().alone(),      // Artifactory
    run("AKCp", ALNUM, 60),                      // Artifactory
    exact("AKIA", UP_NUM, 16),                   // AWS
    range("AKID", ALNUM, 20, 48).digit(),        // Tencent
    range("AKLT", B64URL, 30, 60).digit(),       // Volcengine
    range("AKTP", B64URL, 30, 60).digit(),       // Volcengine
    run("AMf-vB", B64URL, 80),                   // Firebase refresh
    exact("ANPA", UP_NUM, 16).digit(),           // AWS
    exact("ANVA", UP_NUM, 16).digit(),           // AWS
    run("APA91b", B64URL, 100),                  // Firebase messaging
    exact("API-", UP_NUM, 26).digit().alone(),   // Octopus Deploy
    run("APP_USR-", B64URL, 20).digit(),         // Mercado Pago
    run("AQ.Ab8", B64URL, 30),                   // Google Gemini
    run("AQAAANCMnd8", LOOSE, 40),               // Windows data protection
    run("AQVN", B64URL, 30).digit(),             // Yandex
    exact("AROA", UP_NUM, 16).digit(),           // AWS
    exact("ASIA", UP_NUM, 16),                   // AWS
    run("ATATT3", LOOSE, 30),                    // Atlassian
    run("ATBB", ALNUM, 24).digit(),              // Bitbucket
    run("ATCTT3", LOOSE, 40),                    // Bitbucket
    range("ATTA", HEX, 60, 76),                  // Trello
    run("AgAAAA**", LOOSE.or(Charset::of("*")), 20), // eBay
    uuid("ApiKey-"),                             // IBM Cloud
    run("AstraCS:", LOOSE.or(Charset::of(":")), 20), // DataStax
    run("Atza|", LOOSE, 30),                     // Login with Amazon
    run("Atzr|", LOOSE, 30),                     // Login with Amazon
    run("BBDC-", B64URL, 30),                    // Bitbucket Data Center
    run("BBFF-", ALNUM, 20),                     // Ubidots
    run("BBUS-", ALNUM, 20),                     // Ubidots
    range("BSA", B64URL, 24, 40).random().alone(), // Brave
    run("CAIS", B64, 80).random().alone(),       // Alibaba
    run("CCDB1_", WORD, 40),                     // CockroachDB
    run("CCIPAT_", WORD, 24),                    // CircleCI
    run("CCIPRJ_", WORD, 24),                    // CircleCI
    run("CFPAT-", B64URL, 30),                   // Contentful
    run("CLOJARS_", ALNUM, 40),                  // Clojars
    run("EAA", ALNUM, 60).random().alone(),      // Facebook
    run("EAAA", LOOSE, 22).random().alone(),     // Square
    run("EAACEdEose0cBA", ALNUM, 8),             // Facebook
    range("EXO", ALNUM, 24, 30).digit().alone(), // Exoscale
    exact("EZAK", ALNUM, 54),                    // EasyPost
    exact("EZTK", ALNUM, 54),                    // EasyPost
    run("FLWPUBK-", B64URL, 30).digit(),         // Flutterwave
    run("FLWPUBK_TEST-", B64URL, 30).digit(),    // Flutterwave
    run("FLWSECK-", B64URL, 12).digit(),         // Flutterwave
    run("FLWSECK_TEST-", B64URL, 12).digit(),    // Flutterwave
    run("FQoDYXdz", LOOSE, 20),                  // AWS session
    run("FQoGZXIvYXdz", LOOSE, 20),              // AWS session
    run("FwoGZXIvYXdz", LOOSE, 20),              // AWS session
    run("GOCSPX-", B64URL, 20),                  // Google OAuth
    exact("GOOG", UP_NUM, 20).digit(),           // Google HMAC
    run("GOOG1", ALNUM, 40),                     // Google HMAC
    run("GR1348941", B64URL, 16),                // GitLab runner registration
    run("HRKU-", B64URL, 36),                    // Heroku
    run("IGAA", ALNUM, 60).random().alone(),     // Instagram
    run("IGQV", B64URL, 50).random().alone(),    // Instagram
    run("IQoJb3JpZ2lu", LOOSE, 20),              // AWS session
    exact("K00", B64, 28).random().alone(),      // Backblaze
    exact("K10", HEX, 64).then(&[lit("::"), upto(LOWER, 4, 8), lit(":"), upto(HEX, 16, 128)]), // k3s
    exact("KEY", B64URL, 55).digit(),                 // Telnyx
    run("KGAT_", ALNUM, 30),                          // Kaggle
    range("LKIA", UP_NUM, 16, 28),                    // LocalStack
    run("LS0tLS1CRUdJTi", LOOSE, 20),                 // base64 of PEM
    range("LSIA", UP_NUM, 16, 28),                    // LocalStack
    range("LTAI", ALNUM, 12, 30).digit(),             // Alibaba
    exact("M", Charset::of("DTjz"), 1).then(DISCORD), // Discord
    run("M.R3_BAY.", LOOSE, 30),                      // Microsoft account
    run("MC4CAQAwBQYDK2Vw", LOOSE, 20),               // Ed25519 key
    run("MDAx", LOOSE, 60).random().alone(),          // macaroons
    run("MHcCAQEEI", LOOSE, 40),                      // EC key
    run("MIGHAgEAMBMGByqGSM49", LOOSE, 40),           // EC key
    run("MIICXAIBAAKB", LOOSE, 40),                   // PKCS #1
    run("MIICXQIBAAKB", LOOSE, 40),                   // PKCS #1
    run("MIICdgIBADAN", LOOSE, 40),                   // PKCS #8
    run("MIIEowIBAAKC", LOOSE, 40),                   // PKCS #1
    run("MIIEpAIBAAKC", LOOSE, 40),                   // PKCS #1
    run("MIIEpQIBAAKC", LOOSE, 40),                   // PKCS #1
    run("MIIEvAIBADAN", LOOSE, 40),                   // PKCS #8
    run("MIIEvQIBADAN", LOOSE, 40),                   // PKCS #8
    run("MIIEvgIBADAN", LOOSE, 40),                   // PKCS #8
    run("MIIJKAIBAAKC", LOOSE, 40),                   // PKCS #1
    run("MIIJKQIBAAKC", LOOSE, 40),                   // PKCS #1
    run("MIIJQgIBADAN", LOOSE, 40),                   // PKCS #8
    run("MIIJQwIBADAN", LOOSE, 40),                   // PKCS #8
    run("MLY|", ALNUM.or(Charset::of("|")), 30),      // Mapillary
    run("Mid-server-", WORD, 10),                     // Midtrans
    exact("N", Charset::of("DTjz"), 1).then(DISCORD), // Discord
    run("NF-", ALNUM, 32).digit().alone(),            // Nightfall
    run("NRAA-", ALNUM, 20),                          // New Relic
    run("NRAK-", ALNUM, 20),                          // New Relic
    run("NRBR-", HEX, 16),                            // New Relic
    run("NRII-", B64URL, 20),                         // New Relic
    run("NRIQ-", B64URL, 20),                         // New Relic
    run("NRJS-", HEX, 16),                            // New Relic
    run("NRRA-", ALNUM, 20),                          // New Relic
    exact("O", Charset::of("DT"), 1).then(DISCORD),   // Discord
    range("PDU", DIGIT, 1, 8).then(&[lit("T"), upto(ALNUM, 20, 40)]), // PushDeer
    run("PMAK-", B64URL, 30),                         // Postman
    run("PMAT-", ALNUM, 24),                          // Postman
    exact("PRD-", HEX, 8).then(&[
        lit("-"),
        of(HEX, 4),
        lit("-"),
        of(HEX, 4),
        lit("-"),
        of(HEX, 4),
        lit("-"),
        upto(HEX, 4, 12),
    ]), // eBay
    run("PRODUCTION_", HEX, 60),                      // WePay
    run("PVEAPIToken=", LOOSE.or(Charset::of("!@=")), 30).label(), // Proxmox
    exact("QN_", HEX, 32),                            // QuickNode
    run("RGAPI-", B64URL, 30),                        // Riot Games
    run("SB-Mid-server-", WORD, 10),                  // Midtrans
    exact("SBX-", HEX, 8).then(&[
        lit("-"),
        of(HEX, 4),
        lit("-"),
        of(HEX, 4),
        lit("-"),
        of(HEX, 4),
        lit("-"),
        upto(HEX, 4, 12),
    ]), // eBay
    range("SCT", DIGIT, 1, 8).then(&[lit("T"), upto(ALNUM, 20, 40)]), // ServerChan
    exact("SCW", UP_NUM, 17).digit().alone(),         // Scaleway
    exact("SEC", HEX, 64),                            // DingTalk
    exact("SG.", B64URL, 16)
        .then(&[upto(B64URL, 0, 8), lit("."), upto(B64URL, 32, 50)])
        .alone(), // SendGrid
    run("SG.", DOTTED, 60).digit().alone(),           // SendGrid
    exact("SK", HEX, 32).digit().alone(),             // Twilio
    run("STAGE_", HEX, 60),                           // WePay
    run("STS.", ALNUM, 16).random(),                  // Alibaba
    run("SWMKEY-1-", B64, 40),                        // Docker Swarm
    run("SWMTKN-1-", B64URL, 40),                     // Docker Swarm
    run("T1RLAQ", LOOSE, 60),                         // Sabre
    range("TEST-", DIGIT, 12, 20).then(&[lit("-"), of(DIGIT, 6), lit("-"), of(HEX, 32)]), // Mercado Pago
    run("Tsk_", ALNUM, 30),                                                               // IEX
    run("VF.", DOTTED, 30).digit().alone(), // Voiceflow
    run("WPL_AP1.", LOOSE, 10),             // LinkedIn
    run("XBL3.0 x=", LOOSE.or(Charset::of(";")), 30).label(), // Xbox
    exact("YC", B64URL, 38).digit().alone(), // Yandex
    run("YCAJE", B64URL, 15),               // Yandex
    run("ZXlK", LOOSE, 40).alone(),         // base64 of a JWT
];
