//! The formats whose prefix starts with `p` to `r`, in byte order.

use super::HUBSPOT;
use crate::redact::tokens::charset::{
    ALNUM, B64, B64URL, Charset, DIGIT, DOTTED, HEX, LOOSE, LOW_NUM, LOWER, UP_NUM, UPPER, WORD,
};
use crate::redact::tokens::shape::{Token, exact, lit, of, range, run, upto, uuid};

pub(super) const TABLE: &[Token] = &[
    run("p.eyJ", LOOSE, 40),                                           // Tinybird
    exact("p8e-", LOW_NUM.or(UPPER).or(Charset::of("-")), 32).digit(), // Adobe
    exact("pa-", B64URL, 43).random().alone(),                         // Voyage
    exact("packagist_", LOWER, 3).then(&[lit("_"), upto(ALNUM, 32, 140)]), // Packagist
    exact("pat", ALNUM, 14).then(&[lit("."), upto(HEX, 60, 66)]),      // Airtable
    range("pat-", LOW_NUM, 2, 4).then(HUBSPOT),                        // HubSpot
    exact("pat.", B64URL, 22).then(&[lit("."), of(ALNUM, 24), lit("."), of(ALNUM, 20)]), // Harness
    run("pat_", ALNUM, 40).digit(),                                    // Coze
    run("pbkdf2_sha256$", B64.or(Charset::of("$")), 40),               // Django
    run("pcsk_", WORD, 40),                                            // Pinecone
    run("pdl_live_apikey_", WORD, 40),                                 // Paddle
    run("pdl_ntfset_", WORD, 40),                                      // Paddle
    run("pdl_sdbx_apikey_", WORD, 40),                                 // Paddle
    run("perm-", LOOSE, 30).random(),                                  // JetBrains Hub
    run("perm:", LOOSE, 30).random(),                                  // JetBrains Hub
    run("permit_key_", ALNUM, 40),                                     // Permit.io
    run("persona_production_", WORD, 20).digit(),                      // Persona
    run("persona_sandbox_", WORD, 20).digit(),                         // Persona
    run("pgar_", ALNUM, 28),                                           // pganalyze
    run("pha_", WORD, 36).digit(),                                     // PostHog
    run("phc_", WORD, 36).digit(),                                     // PostHog
    run("phr_", WORD, 36).digit(),                                     // PostHog
    run("phs_", WORD, 36).digit(),                                     // PostHog
    run("phx_", WORD, 36).digit(),                                     // PostHog
    range("pi_", ALNUM, 20, 30).then(&[lit("_secret_"), upto(ALNUM, 16, 60)]), // Stripe
    run("pina_", ALNUM, 30),                                           // Pinterest
    run("pinr_", DOTTED, 30),                                          // Pinterest
    uuid("pk-lf-"),                                                    // Langfuse
    exact("pk.", HEX, 32).digit(),                                     // LocationIQ
    range("pk.", ALNUM, 32, 400).then(&[lit("."), upto(B64URL, 20, 30)]), // Mapbox
    run("pk.eyJ", DOTTED, 40),                                         // Mapbox
    exact("pk_", ALNUM, 6).then(&[lit("_"), of(HEX, 34)]),             // Klaviyo
    exact("pk_", DIGIT, 7).then(&[upto(DIGIT, 0, 2), lit("_"), of(UP_NUM, 32)]), // ClickUp
    exact("pk_", LOW_NUM, 34).digit().alone(),                         // Klaviyo
    exact("pk_", LOW_NUM, 45).digit().alone(),                         // Chec
    exact("pk_prod_", UP_NUM, 28),                                     // Courier
    exact("pk_test_", UP_NUM, 28),                                     // Courier
    run("plln_sk_", ALNUM, 20),                                        // Pollinations
    run("pnb_", ALNUM, 24).digit(),                                    // Prefect
    run("pnu_", ALNUM, 24),                                            // Prefect
    run("polar_at_", WORD, 20),                                        // Polar
    run("polar_oat_", WORD, 20),                                       // Polar
    run("polar_pat_", WORD, 20),                                       // Polar
    run("polar_rt_", WORD, 20),                                        // Polar
    run("polar_whs_", WORD, 20),                                       // Polar
    run("pplx-", ALNUM, 30),                                           // Perplexity
    exact("preprod", ALNUM, 32).random().alone(),                      // Blockfrost
    exact("preview", ALNUM, 32).random().alone(),                      // Blockfrost
    run("prf_", B64URL, 20).random(),                                  // Proof
    run("private_", ALNUM.or(Charset::of("+/=")), 24)
        .random()
        .alone(), // ImageKit
    exact("privkey:", HEX, 64).label(),                                // Tailscale
    uuid("processor-production-"),                                     // Plaid
    uuid("processor-sandbox-"),                                        // Plaid
    exact("production_", LOW_NUM, 8)
        .then(&[lit("_"), of(LOW_NUM, 16)])
        .digit(), // Braintree
    run("pscale_app_secret_", DOTTED, 20),                             // PlanetScale
    run("pscale_oauth_", DOTTED, 20),                                  // PlanetScale
    run("pscale_pw_", DOTTED, 20),                                     // PlanetScale
    run("pscale_tkn_", DOTTED, 20),                                    // PlanetScale
    run("ptk_", B64URL, 20).random(),                                  // HOP
    run("ptr_", B64, 30).digit(),                                      // Portainer
    uuid("pub-c-"),                                                    // PubNub
    run("pubkey-", HEX, 32),                                           // Mailgun
    run("pul-", HEX, 32),                                              // Pulumi
    uuid("px-api-"),                                                   // Pixie
    uuid("px-dep-"),                                                   // Pixie
    run("pypi-", B64URL, 30).random().alone(),                         // PyPI
    run("pypi-AgE", B64URL, 30),                                       // PyPI
    range("r.", ALNUM, 24, 500).random().alone(),                      // Vault, older
    run("r8_", B64URL, 30).digit(),                                    // Replicate
    run("ramp_id_", ALNUM, 30),                                        // Ramp
    run("ramp_sec_", ALNUM, 30),                                       // Ramp
    run("rdme_", ALNUM, 40),                                           // ReadMe
    exact("re_", ALNUM, 8).then(&[lit("_"), of(ALNUM, 24)]),           // Resend
    run("retool_", WORD, 24).random(),                                 // Retool
    run("rf_", ALNUM, 20).digit(),                                     // Roboflow
    uuid("rh-api-"),                                                   // Robinhood
    run("rk_live_", ALNUM, 10),                                        // Stripe
    run("rk_prod_", ALNUM, 10).digit(),                                // Stripe
    run("rk_test_", ALNUM, 10).digit(),                                // Stripe
    run("rnd_", ALNUM, 24).digit(),                                    // Render
    run("root_xsk1", LOW_NUM, 60),                                     // Cardano
    run("rootly_", HEX, 40),                                           // Rootly
    run("rpa_", ALNUM, 28).digit(),                                    // RunPod
    run("rubygems_", ALNUM, 32),                                       // RubyGems
    run("rzp_live_", ALNUM, 12),                                       // Razorpay
    run("rzp_test_", ALNUM, 12),                                       // Razorpay
];
