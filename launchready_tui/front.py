"""The first page of help, without importing anything: who asks for it should not have to wait."""

COMMANDS = {
    "demo": "Try it on a flawed company that lives on this machine.",
    "new": "Start a sprint in a folder.",
    "check": "Look, judge and report, without the wizard.",
    "active": "Which probes send more than a visitor would; nothing is sent.",
    "consent": "How far the checks of a sprint may go, and who says so.",
    "vault": "Keep the secrets that checks may use in the keyring.",
    "edge": "What hosts show from outside, without a sprint.",
    "mail": "A domain's mail from outside: SPF, DKIM, DMARC, servers.",
    "redirects": "Whether a list of old addresses still arrives.",
    "secrets": "Search code and its history for secrets.",
    "watch": "Wait for a DNS change, and keep before and after.",
    "env": "Env files and who owns each setting: lint, map, diff, record.",
    "rotate": "The log of replaced secrets, step by step, with proof.",
    "status": "How the launch stands, from what is recorded.",
    "attest": "Answer an item, with evidence.",
    "waive": "Accept a risk by name, until a day.",
    "except": "Record a route that bypasses a protection, and why.",
    "cloudflare": "Export zone, settings and rules from Cloudflare.",
    "export": "Write the handover guide.",
    "explain": "What a fault, item or roadmap id means, and how it is mended.",
    "verify": "Whether records, evidence and guide are as they were written.",
    "doctor": "What this machine offers, and what is missing.",
    "paths": "Where things are kept.",
    "completion": "Print the completion script of a shell.",
}
"""Each is commands/<name>.py and holds a `command`; the words are its short help."""
MODULES = {"except": "exceptions"}
"""Names that no module can have."""

_BEFORE = """\
Usage: launchready [OPTIONS] [COMMAND] [ARGS]...

  Carry a dashboard from audit to sign-off in 48 hours, by live checks and
  evidence.

  Without a command it opens the wizard: it resumes the sprint of this folder,
  or offers a new one, the demo, or another folder.

Options:
  --dir DIR                    The sprint's folder instead of this one.
  --read-only                  Record nothing and check nothing.
  --resolver IP:PORT           Ask this DNS server instead of the system's.
  --ca FILE                    Trust the authorities in this PEM file too.
  --connect HOST:PORT=IP:PORT  Connect there instead; may be repeated.
  --version                    Show the version and exit.
  -h, --help                   Show this message and exit.

Commands:
"""
_AFTER = """
Examples:
  launchready                            the wizard, in this folder
  launchready demo                       the wizard on a practice company
  launchready check --domain acme.com    look from outside, record nothing
  launchready explain tls.certificate    what it is and why it matters

Exit codes: 0 met, 1 a fault, 2 usage or configuration, 3 not known yet.
"""


def help_text() -> str:
    commands = "".join(f"  {name:<12}{words}\n" for name, words in COMMANDS.items())
    return _BEFORE + commands + _AFTER
