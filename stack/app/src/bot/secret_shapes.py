"""What secrets look like that can be told by their form, by who gives them out.

Each form is what its service documents, or what its keys have had for years. A tail is as long as the shortest real one,
and where words could have the same beginning it needs a digit: `sk-learn-compatible-estimator` is none.
"""

from typing import Final

_DIGIT: Final = r"(?=[\w-]{0,200}\d)"
"""A digit somewhere in what follows."""

SHAPES: Final[dict[str, str]] = {
    # Models
    "OpenAI, Anthropic and others who write sk-": rf"(?:sk|pk|rk)-(?:ant-|proj-|svcacct-|admin-|or-|lf-|live-|test-)?{_DIGIT}[\w-]{{16,}}",
    "Groq": r"gsk_[A-Za-z0-9]{16,}",
    "xAI": rf"xai-{_DIGIT}[\w-]{{16,}}",
    "Perplexity": r"pplx-[A-Za-z0-9]{16,}",
    "Hugging Face": r"(?:hf|api_org)_[A-Za-z0-9]{20,}",
    "Replicate": r"r8_[A-Za-z0-9]{20,}",
    "NVIDIA": rf"nvapi-{_DIGIT}[\w-]{{20,}}",
    "Together": r"tgp_v1_[\w-]{20,}",
    "LangSmith": r"lsv2_(?:pt|sk)_[A-Za-z0-9_]{20,}",
    "Pinecone": r"pcsk_\w{20,}",
    "Databricks": r"dapi[a-f0-9]{32}(?:-\d)?\b",
    # Clouds
    "AWS, the id of a key": r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "AWS, a session": r"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[\w+/=%-]{20,}",
    "AWS Bedrock": r"ABSK[A-Za-z0-9+/]{40,}={0,2}",
    "Amazon MWS": r"amzn\.mws\.[0-9a-f]{8}-[0-9a-f-]{20,}",
    "Google, a key": r"AIza[\w-]{30,}",
    "Google, a client": r"GOCSPX-[\w-]{20,}",
    "Google, a token": r"ya29\.[\w-]{16,}|1//0[\w-]{20,}",
    "Azure, a client": r"[\w~.-]{3}\dQ~[\w~.-]{31,34}",
    "Alibaba": r"LTAI[A-Za-z0-9]{12,24}\b",
    "Tencent": r"AKID[A-Za-z0-9]{32}\b",
    "DigitalOcean": r"do[opr]_v1_[a-f0-9]{32,}",
    "Heroku": r"HRKU-[\w-]{20,}",
    "Netlify": r"nf[pcoub]_[A-Za-z0-9]{30,}",
    "Vercel": r"vc[pkiar]_[A-Za-z0-9]{20,}",
    "Fly": r"f[mo][12]_[\w+/=-]{20,}",
    "Render": r"rnd_[A-Za-z0-9]{20,}",
    "Supabase": r"sbp_[a-f0-9]{32,}|sb_(?:secret|publishable)_[\w-]{16,}",
    "Neon": r"napi_[A-Za-z0-9]{20,}",
    "PlanetScale": r"pscale_(?:tkn|pw|oauth)_[\w.-]{16,}",
    "Cloudflare": r"v1\.0-[a-f0-9]{24}-[a-f0-9]{60,}",
    # Code and packages
    "GitHub": r"gh[pousr]_[A-Za-z0-9_]{20,}|github_pat_\w{20,}",
    "GitLab": rf"gl(?:pat|dt|rt|ptt|ft|soat|agent|cbt|imt|ffct|oas)-{_DIGIT}[\w.-]{{16,}}|GR1348941[\w-]{{20}}",
    "Atlassian": r"AT(?:ATT3|CTT3|BB)[\w=-]{16,}",
    "npm": r"npm_[A-Za-z0-9]{30,}\b",
    "PyPI": r"pypi-AgE[\w-]{10,}",
    "RubyGems": r"rubygems_[a-f0-9]{40,}",
    "crates.io": r"cio[A-Za-z0-9]{32}\b",
    "NuGet": r"oy2[a-z0-9]{43}\b",
    "Docker Hub": r"dckr_[po]at_[\w-]{20,}",
    "SonarQube": r"sq[pau]_[a-f0-9]{40}\b",
    "Snyk, Postman": r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    "Pulumi": r"pul-[a-f0-9]{40}\b",
    "Terraform": r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20,}",
    "Vault": r"hv[sbr]\.[\w-]{20,}|s\.[A-Za-z0-9]{24}\b",
    "Doppler": r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}",
    "1Password": r"ops_eyJ[\w-]{20,}",
    "age": r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
    "Tailscale": r"tskey-[a-z]+-[\w-]{16,}",
    # Monitoring
    "Grafana": r"gl(?:c|sa)_\w{16,}[=\w]*|eyJrIjoi[\w+/=-]{30,}",
    "Sentry": r"sntry[su]_[\w+/=-]{20,}",
    "New Relic": r"NR(?:AK|AA|JS)-[A-Za-z0-9]{16,}|[a-f0-9]{36}NRAL\b",
    "Honeycomb": r"hc[abx]ik_[A-Za-z0-9]{20,}",
    # Chat, mail, telephone
    "Slack": r"xox[abceoprs](?:\.xox[bp])?-[\w-]{8,}|xapp-\d-[\w-]{16,}",
    "Discord": r"[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,}|mfa\.[\w-]{60,}",
    "Telegram": r"\d{8,10}:AA[\w-]{30,}",
    "SendGrid": r"SG\.[\w-]{16,}\.[\w-]{16,}",
    "Mailgun": r"key-[a-f0-9]{32}\b|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}\b",
    "Mailchimp": r"[a-f0-9]{32}-us\d{1,2}\b",
    "Twilio": r"SK[a-f0-9]{32}\b",
    "Brevo": r"xkeysib-[a-f0-9]{32,}-\w{16}",
    # Money and shops
    "Stripe": r"(?:sk|pk|rk)_(?:live|test)_\w{8,}|whsec_[\w+/=]{16,}",
    "Square": r"sq0[a-z]{3}-[\w-]{20,}|EAAA[A-Za-z0-9_-]{56,}",
    "PayPal": r"access_token\$(?:production|sandbox)\$[a-z0-9]{8,}\$[a-f0-9]{20,}",
    "Shopify": r"shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{20,}",
    "Razorpay, Duffel, Shippo": r"(?:rzp|duffel|shippo)_(?:live|test)_[\w=-]{12,}",
    "Plaid": r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{20,}",
    # Office
    "Notion": r"ntn_[A-Za-z0-9]{30,}|secret_[A-Za-z0-9]{43}\b",
    "Linear": r"lin_(?:api|oauth)_[A-Za-z0-9]{20,}",
    "Airtable": r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b",
    "Figma": r"fig[dur]_[\w-]{20,}",
    "HubSpot": r"pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f-]{20,}",
    "Contentful": r"CFPAT-[\w-]{30,}",
    "Typeform": r"tfp_[\w-]{30,}",
    "Dropbox": r"sl\.(?:u\.)?(?=[\w-]{0,400}[A-Z])(?=[\w-]{0,400}\d)[\w-]{60,}",
    "Meta": r"EAA[A-Za-z0-9]{60,}",
    "Mapbox": r"(?:sk|tk)\.eyJ[\w-]{20,}\.[\w-]{16,}",
}
"""One expression each; together they are one alternative after another, tried where no letter or digit stands before."""

WEB_HOOKS: Final = (
    r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/",
    r"(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/",
    r"[\w-]{1,63}\.webhook\.office\.com/webhookb2/",
    r"outlook\.office(?:365)?\.com/webhook/",
    r"hooks\.zapier\.com/hooks/catch/",
    r"(?:hook\.[\w.-]{1,60}make|maker\.ifttt)\.com/",
    r"chat\.googleapis\.com/v1/spaces/",
    r"events\.pagerduty\.com/(?:integration|generic)/",
    r"api\.telegram\.org/bot",
    r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/",
    r"oapi\.dingtalk\.com/robot/send\?",
    r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?",
)
"""Addresses that whoever knows them may post to: all behind them is secret."""

SIGNED: Final = r"sig|signature|x-(?:amz|goog)-(?:signature|security-token)|key|api_?key|code|hmac|auth"
"""Parameters of addresses that let in whoever has the address."""

CONNECTION_KEYS: Final = r"accountkey|sharedaccesskey|sharedaccesssignature|sharedsecret|endpointkey"
"""Parts of connection strings, mostly Azure's, whose names say no password."""
