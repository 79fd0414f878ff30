//! The formats whose prefix starts with `s` or later, in byte order.

use super::AUTHRESS;
use crate::redact::tokens::charset::{
    ALNUM, B64, B64URL, Charset, DIGIT, DOTTED, HEX, LOOSE, LOW_NUM, LOWER, UP_NUM, WORD,
};
use crate::redact::tokens::shape::{NO_END, Token, exact, lit, of, range, run, upto, uuid};

pub(super) const TABLE: &[Token] = &[
    run("s-s4t2af-", HEX, 40),                    // 42
    run("s-s4t2ud-", HEX, 40),                    // 42
    range("s.", ALNUM, 24, 128).random().alone(), // Vault, older
    run("salad_cloud_", WORD, 16).digit(),        // SaladCloud
    run("samsara_api_", ALNUM, 20),               // Samsara
    exact("sandbox_", LOW_NUM, 8)
        .then(&[lit("_"), of(LOW_NUM, 16)])
        .digit(), // Braintree
    exact("sat.", B64URL, 22).then(&[lit("."), of(ALNUM, 24), lit("."), of(ALNUM, 20)]), // Harness
    run("sb_secret_", B64URL, 20),                // Supabase
    run("sbp_", WORD, 36).digit(),                // Supabase
    exact("sc_", LOW_NUM, 5).then(AUTHRESS),      // Authress
    exact("scauth_", LOW_NUM, 5).then(AUTHRESS),  // Authress
    run("scp-live-", ALNUM, 24),                  // Scrapfly
    run("scp-test-", ALNUM, 24),                  // Scrapfly
    uuid("sdk-"),                                 // LaunchDarkly
    exact("sdk-", ALNUM, 16).random().alone(),    // GrowthBook
    run("seam_live", WORD, 20).random(),          // Seam
    run("seam_test", WORD, 20).random(),          // Seam
    run("sec-c-", B64, 40),                       // PubNub
    run("secret-", ALNUM, 36).random(),           // Statsig
    run("secret-live-", LOOSE, 30),               // Stytch
    run("secret-test-", LOOSE, 30),               // Stytch
    run("secret-token:", LOOSE, 6).label(),       // RFC 8959
    run("secret_", ALNUM, 16).random(),           // Notion and the like
    range("secret_", WORD, 36, 80)
        .then(&[lit("."), of(ALNUM, 32)])
        .digit(), // Lambda
    run("secret_live_", DOTTED, 20),              // Adapty
    run("secret_user_", ALNUM, 20),               // GrowthBook
    run("ser.", ALNUM, 20).random().alone(),      // Flagsmith
    run("sess-", ALNUM, 36).random(),             // OpenAI session
    run("seti_", ALNUM, 20).digit(),              // Stripe
    run("sgd_", WORD, 40).digit(),                // Sourcegraph
    run("sgp_", WORD, 30).digit(),                // Sourcegraph, Segment
    run("sha256~", B64URL, 30),                   // OpenShift
    run("shippo_live_", HEX, 30),                 // Shippo
    run("shippo_test_", HEX, 30),                 // Shippo
    run("shltm_", B64URL, 30).digit(),            // Flexport
    run("shpat_", HEX, 28),                       // Shopify
    run("shpca_", HEX, 28),                       // Shopify
    run("shppa_", HEX, 28),                       // Shopify
    run("shprt_", HEX, 28),                       // Shopify
    run("shpss_", HEX, 28),                       // Shopify
    run("shptka_", HEX, 28),                      // Shopify
    run("shpua_", HEX, 28),                       // Shopify
    run("signkey-", B64URL, 40),                  // Inngest
    range("sk-", LOW_NUM, 32, 64).digit(),        // DeepSeek and the like
    run("sk-", B64URL, 20).random().alone(),      // OpenAI and the like
    run("sk-None-", B64URL, 16),                  // OpenAI
    run("sk-admin-", B64URL, 20).digit(),         // OpenAI
    run("sk-ant-", B64URL, 16),                   // Anthropic
    run("sk-api-", B64URL, 40),                   // MiniMax
    run("sk-gamma-", B64URL, 24),                 // Gamma
    run("sk-hc-v1-", HEX, 32),                    // Hack Club
    run("sk-helicone-", B64URL, 20),              // Helicone
    run("sk-kimi-", B64URL, 24),                  // Kimi
    uuid("sk-lf-"),                               // Langfuse
    run("sk-or-v1-", HEX, 32),                    // OpenRouter
    run("sk-proj-", B64URL, 20),                  // OpenAI
    run("sk-service-", B64URL, 16).digit(),       // OpenAI
    run("sk-svcacct-", B64URL, 20),               // OpenAI
    range("sk.", ALNUM, 32, 400).then(&[lit("."), upto(B64URL, 20, 30)]), // Mapbox
    run("sk.eyJ", DOTTED, 40),                    // Mapbox
    exact("sk_", DIGIT, 4).then(&[lit("_"), of(DIGIT, 6), lit("_"), of(HEX, 32)]), // Ticket Tailor
    run("sk_", ALNUM, 24).digit(),                // ElevenLabs, IEX and the like
    uuid("sk_"),                                  // Checkout.com
    run("sk_car_", ALNUM, 16),                    // Cartesia
    run("sk_dev_", B64URL, 24).digit(),           // Liveblocks
    run("sk_live_", B64, 10),                     // Stripe and the like
    run("sk_pr_", WORD, 40),                      // PhotoRoom
    run("sk_prod_", B64URL, 16).digit(),          // Stripe and the like
    run("sk_production_", ALNUM, 20),             // Crossmint
    run("sk_sbox_", ALNUM, 16),                   // Checkout.com
    run("sk_staging_", ALNUM, 20),                // Crossmint
    run("sk_test_", B64, 10).digit(),             // Stripe and the like
    uuid("sk_test_"),                             // Checkout.com
    run("skapi_", WORD, 34).digit(),              // Heartland
    run("sktsec_", B64URL, 20),                   // Socket
    run("sl.", DOTTED, 60).digit().alone(),       // Dropbox
    exact("slk_", HEX, 64),                       // Sourcegraph Cody
    run("sm_aat_", ALNUM, 16),                    // SettleMint
    run("sm_pat_", ALNUM, 16),                    // SettleMint
    run("sm_sat_", ALNUM, 16),                    // SettleMint
    run("sntrya_", ALNUM, 20),                    // Sentry
    run("sntryr_", ALNUM, 20),                    // Sentry
    run("sntrys_", LOOSE, 20),                    // Sentry
    run("sntryu_", ALNUM, 20),                    // Sentry
    run("snyk_sat.", DOTTED, 20),                 // Snyk
    run("snyk_uat.", DOTTED, 20),                 // Snyk
    run("spu-", HEX, 32).digit(),                 // Spectral
    exact("sq0", LOWER, 3).then(&[lit("-"), upto(B64URL, 20, NO_END)]), // Square
    run("sqa_", ALNUM, 40),                       // SonarQube
    run("sqco_", ALNUM, 40),                      // SonarCloud
    run("sqp_", ALNUM, 40),                       // SonarQube
    run("squ_", ALNUM, 40),                       // SonarQube
    range("st.", B64URL, 3, 48)
        .then(&[lit("."), upto(B64URL, 3, 48), lit("."), upto(HEX, 16, 64)])
        .digit()
        .alone(), // Infisical
    run("standard_", HEX, 200),                   // Appwrite
    uuid("sub-c-"),                               // PubNub
    run("suiprivkey1", LOW_NUM, 40),              // Sui
    run("syt_", WORD, 24).digit(),                // Matrix
    run("t1.9eu", DOTTED, 60),                    // Yandex
    exact("test_", ALNUM, 27).random().alone(),   // Column
    exact("test_", ALNUM, 30).random().alone(),   // Mollie
    range("test_", HEX, 30, 40).digit().alone(),  // Lob
    range("test_pub_", HEX, 31, 31),              // Lob
    run("tfp_", DOTTED, 30).digit(),              // Typeform
    run("tgp_v1_", B64URL, 30),                   // Together
    run("tgpak_", ALNUM, 24),                     // Tolgee
    run("tgpat_", ALNUM, 24),                     // Tolgee
    run("thog-key-", HEX, 16),                    // TruffleHog
    run("thog-secret-", HEX, 32),                 // TruffleHog
    run("tid_", WORD, 40).digit(),                // Tigris
    run("tk-us-", B64URL, 40),                    // Scalingo
    range("tk.", ALNUM, 32, 400).then(&[lit("."), upto(B64URL, 20, 30)]), // Mapbox
    run("tk.eyJ", DOTTED, 40),                    // Mapbox
    run("tkcapi_", ALNUM, 24),                    // Testkube
    run("tkn.v1_", B64, 40),                      // Teamwork
    run("tly-", ALNUM, 20).digit(),               // Tally
    run("tmc1", ALNUM.or(Charset::of(":")), 60),  // Trend Micro
    exact("token-", LOW_NUM, 5).then(&[lit(":"), of(LOW_NUM, 54)]), // Rancher
    run("tprv", ALNUM, 100),                      // Bitcoin
    run("tr_dev_", ALNUM, 16),                    // Trigger.dev
    run("tr_pat_", ALNUM, 16),                    // Trigger.dev
    run("tr_prod_", ALNUM, 16),                   // Trigger.dev
    run("tr_stg_", ALNUM, 16),                    // Trigger.dev
    run("tsec_", LOOSE, 50),                      // Tigris
    run("tskey-", B64URL, 16),                    // Tailscale
    run("tss_", B64URL, 20).random().alone(),     // Thunderstore
    run("tvly-", B64URL, 24).digit(),             // Tavily
    run("u-s4t2af-", HEX, 40),                    // 42
    run("u-s4t2ud-", HEX, 40),                    // 42
    run("ucat_", UP_NUM, 24),                     // UpCloud
    run("unkey_", ALNUM, 20).digit(),             // Unkey
    run("v1.", HEX, 40),                          // GitHub App, older
    run("v1.0-", B64URL, 100),                    // Cloudflare origin CA
    run("v1.CmM", B64URL, 60).random(),           // Nebius
    run("v1.local.", DOTTED, 20),                 // PASETO
    run("v1.public.", DOTTED, 20),                // PASETO
    run("v2.local.", DOTTED, 20),                 // PASETO
    run("v2.public.", DOTTED, 20),                // PASETO
    run("v3.local.", DOTTED, 20),                 // PASETO
    run("v3.public.", DOTTED, 20),                // PASETO
    run("v4.local.", DOTTED, 20),                 // PASETO
    run("v4.public.", DOTTED, 20),                // PASETO
    run("v^1.1#", LOOSE.or(Charset::of("#^")), 40), // eBay
    run("vca_", B64URL, 20).digit(),              // Vercel
    run("vci_", B64URL, 20).digit(),              // Vercel
    run("vck_", B64URL, 20).digit(),              // Vercel
    run("vcp_", B64URL, 20).digit(),              // Vercel
    run("vcr_", B64URL, 20).digit(),              // Vercel
    run("vercel_blob_rw_", WORD, 20),             // Vercel
    run("vk1.a.", B64URL, 40),                    // VK
    run("vtwn_", B64URL, 20),                     // Val Town
    run("waka_", B64URL, 30).digit(),             // WakaTime
    run("waka_sec_", B64URL, 20),                 // WakaTime
    run("waka_tok_", B64URL, 20),                 // WakaTime
    run("wandb_v1_", WORD, 40),                   // Weights & Biases
    run("web_", LOW_NUM, 32).digit().alone(),     // dfuse
    run("whsec_", B64, 16),                       // Stripe, Svix
    exact("wrka", LOWER, 2).then(&[lit("-eyJ"), upto(LOOSE, 40, NO_END)]), // Workato
    run("wrka-eyJ", LOOSE, 40),                   // Workato
    uuid("xaat-"),                                // Axiom
    run("xai-", WORD.or(Charset::of("-")), 60).digit(), // xAI
    run("xapp-", LOOSE, 12),                      // Slack
    uuid("xapt-"),                                // Axiom
    run("xau_", ALNUM, 24).digit(),               // Xata
    run("xkeysib-", B64URL, 40),                  // Brevo
    run("xnd_development_", ALNUM, 30),           // Xendit
    run("xnd_production_", ALNUM, 30),            // Xendit
    run("xoxa-", LOOSE, 8),                       // Slack
    run("xoxb-", LOOSE, 10),                      // Slack
    run("xoxc-", LOOSE, 10),                      // Slack
    run("xoxd-", LOOSE, 20),                      // Slack
    run("xoxe-", LOOSE, 10),                      // Slack
    run("xoxe.", LOOSE, 20).digit(),              // Slack
    range("xoxo-", DIGIT, 4, 16).then(&[lit("-"), upto(LOOSE, 8, NO_END)]), // Slack
    run("xoxp-", LOOSE, 10),                      // Slack
    run("xoxr-", LOOSE, 8),                       // Slack
    run("xoxs-", LOOSE, 10),                      // Slack
    run("xprv", ALNUM, 100),                      // Bitcoin
    run("xsmtpsib-", B64URL, 40),                 // Brevo
    run("xwfp-", LOOSE, 16).digit(),              // Slack
    run("y0_", B64URL, 40).digit(),               // Yandex
    run("ya29.", DOTTED, 16),                     // Google OAuth
    run("ydc-sk-", B64URL, 24),                   // You.com
    run("yprv", ALNUM, 100),                      // Bitcoin
    run("zpka_", WORD, 30),                       // Zuplo
    run("zprv", ALNUM, 100),                      // Bitcoin
    run("{AQAAABAAAA", B64, 20),                  // Jenkins
    run("{SSHA256}", B64, 24),                    // LDAP
    run("{SSHA512}", B64, 24),                    // LDAP
    run("{SSHA}", B64, 24),                       // LDAP
];
