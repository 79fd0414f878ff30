//! The formats whose prefix starts with `g` to `o`, in byte order.

use crate::redact::tokens::charset::{
    ALNUM, B64, B64URL, Charset, DIGIT, DOTTED, HEX, LOOSE, LOW_NUM, WORD,
};
use crate::redact::tokens::shape::{Token, exact, lit, of, range, run, upto, uuid};

pub(super) const TABLE: &[Token] = &[
    run("g.a000", B64URL, 40),            // Google session
    run("gAAAAA", LOOSE, 70),             // Fernet, OpenStack
    run("gapi_", B64, 50),                // Guilded
    run("gcntfy-", B64URL, 60),           // GC Notify
    run("gho_", ALNUM, 20),               // GitHub
    run("ghp_", ALNUM, 20),               // GitHub
    run("ghr_", ALNUM, 20),               // GitHub
    run("ghs_", DOTTED, 20).digit(),      // GitHub
    run("ghu_", ALNUM, 20),               // GitHub
    run("github_pat_", WORD, 22).digit(), // GitHub
    run("gitpod_pat_", DOTTED, 20),       // Gitpod
    run("glagent-", B64URL, 20),          // GitLab agent
    run("glc_", B64, 28),                 // Grafana Cloud
    run("glcbt-", DOTTED, 16),            // GitLab CI job
    run("gldt-", B64URL, 16),             // GitLab deploy
    run("glffct-", B64URL, 16),           // GitLab feature flags
    run("glft-", B64URL, 16),             // GitLab feed
    run("glimt-", B64URL, 16),            // GitLab mail
    run("gloas-", B64URL, 20),            // GitLab OAuth
    run("glpat-", DOTTED, 16),            // GitLab
    run("glptt-", B64URL, 20),            // GitLab trigger
    run("glrt-", DOTTED, 16),             // GitLab runner
    run("glrtr-", DOTTED, 16),            // GitLab runner registration
    run("glsa_", WORD, 30),               // Grafana
    run("glsoat-", B64URL, 16),           // GitLab SCIM
    run("glwt-", B64URL, 16),             // GitLab workspace
    run("gs_appsweep_", B64URL, 20),      // AppSweep
    run("gsk_", ALNUM, 30),               // Groq
    exact("hawk.", B64URL, 20).then(&[lit("."), of(B64URL, 20)]), // StackHawk
    run("hcaic_", ALNUM, 20),             // Honeycomb
    run("hcaik_", ALNUM, 20),             // Honeycomb
    run("hcalk_", ALNUM, 20),             // Honeycomb
    run("hcamk_", ALNUM, 20),             // Honeycomb
    run("hcbik_", ALNUM, 20),             // Honeycomb
    run("hcxik_", ALNUM, 20),             // Honeycomb
    run("hcxlk_", ALNUM, 20),             // Honeycomb
    run("hcxmk_", ALNUM, 20),             // Honeycomb
    run("hf_", ALNUM, 30),                // Hugging Face
    run("hop_pat_", B64URL, 20),          // HOP
    run("hskey-", B64URL, 16).digit(),    // Headscale
    run("hvb.", B64URL, 20).digit(),      // Vault
    run("hvr.", B64URL, 20).digit(),      // Vault
    run("hvs.", B64URL, 20).digit(),      // Vault
    range("hxtp_", HEX, 64, 130),         // Hex
    range("hxtw_", HEX, 64, 130),         // Hex
    run("ico-", ALNUM, 24).digit(),       // Infracost
    run("ion_", ALNUM, 40),               // Ionic
    run("isat_", B64URL, 20).digit(),     // DVC Studio
    run("jina_", ALNUM, 40),              // Jina
    run("jsrd_", ALNUM, 20),              // JSR
    run("jsrp_", ALNUM, 20),              // JSR
    exact("key-", ALNUM, 64).random(),    // SalesBlink
    run("key-", HEX, 32),                 // Mailgun
    run("key_", HEX, 28),                 // Cursor, Retell, Runway
    run("key_live_", ALNUM, 16),          // Branch
    run("key_test_", ALNUM, 16),          // Branch
    run("lin_api_", WORD, 24).digit(),    // Linear
    run("lin_oauth_", WORD, 24).digit(),  // Linear
    run("lin_wh_", WORD, 16).digit(),     // Linear
    uuid("link-development-"),            // Plaid
    uuid("link-production-"),             // Plaid
    uuid("link-sandbox-"),                // Plaid
    run("lip_", WORD, 16).digit(),        // Lichess
    range("live_", B64URL.or(Charset::of("=")), 40, 42)
        .digit()
        .alone(), // GoCardless
    range("live_", DIGIT, 8, 12).then(&[lit("_"), upto(ALNUM, 28, 36)]), // Twitch
    range("live_", HEX, 30, 40).digit().alone(), // Lob, Scale
    run("live_", ALNUM, 24).random().alone(), // Mollie, Chargebee and the like
    run("live_auth_", HEX, 32),           // Scale
    range("live_pub_", HEX, 31, 31),      // Lob
    run("llx-", ALNUM, 40),               // LlamaCloud
    run("ls__", ALNUM, 32),               // LangSmith
    run("lsv2_pt_", WORD, 30),            // LangSmith
    run("lsv2_sk_", WORD, 30),            // LangSmith
    range("m0-", ALNUM, 24, 44).random().alone(), // Mem0
    exact("mainnet", ALNUM, 32).random().alone(), // Blockfrost
    run("mct_", ALNUM, 24).digit(),       // Matrix
    exact("md-", B64URL, 22).random().alone(), // Mandrill
    run("mdb_sa_sk_", B64URL, 30),        // MongoDB Atlas
    run("mercury_production_", WORD, 40), // Mercury
    run("mercury_sandbox_", WORD, 40),    // Mercury
    run("mergify_application_key_", B64URL, 30), // Mergify
    run("mfa.", B64URL, 60),              // Discord
    run("mik_", ALNUM, 24).digit(),       // Mappedin
    run("mint_", ALNUM, 24).random(),     // Mintlify
    run("mint_dsc_", ALNUM, 20),          // Mintlify
    run("mis_", ALNUM, 40).digit(),       // Mappedin
    run("mlsn.", ALNUM, 30),              // MailerSend
    uuid("mob-"),                         // LaunchDarkly
    run("mra_", ALNUM, 40),               // Modrinth
    run("mrp_", ALNUM, 40),               // Modrinth
    run("msk_", ALNUM, 32).digit(),       // Mastra
    run("n8n_api_", B64URL, 20),          // n8n
    run("na1.", B64, 80).digit(),         // FullStory
    run("napi_", ALNUM, 40),              // Neon
    run("nbp_", ALNUM, 30).digit(),       // NetBird
    run("nfb_", ALNUM, 30),               // Netlify
    run("nfc_", ALNUM, 30),               // Netlify
    run("nfo_", ALNUM, 30),               // Netlify
    run("nfp_", ALNUM, 30),               // Netlify
    run("nfu_", ALNUM, 30),               // Netlify
    exact("nk-", B64URL, 43).random().alone(), // Nomic
    run("npm_", ALNUM, 30),               // npm
    run("nrt_", WORD, 40).digit(),        // Notion
    run("nsec1", LOW_NUM, 50),            // Nostr
    run("ntn_", ALNUM, 30),               // Notion
    run("nvapi-", B64URL, 40),            // NVIDIA
    run("nyk_", WORD, 40).digit(),        // Nylas
    exact("oauth:", LOW_NUM, 30).label().digit(), // Twitch
    run("odt_", ALNUM, 32),               // Dependency-Track
    run("opk_", ALNUM, 30).digit(),       // OpenPipe
    run("ops_eyJ", LOOSE, 40),            // 1Password
    run("ory_", WORD, 24).digit(),        // Ory
    run("os_v2_", WORD, 40),              // OneSignal
    run("ovsxat_", B64URL, 32),           // Open VSX
    run("ovsxp_", B64URL, 32),            // Open VSX
    exact("oy2", LOW_NUM, 43),            // NuGet
];
