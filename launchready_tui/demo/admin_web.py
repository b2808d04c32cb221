"""What the lab's admin does about the faults of the web servers, in one sentence each.

The servers ask at every request what is wrong with them (`site_faults`): it is taken out there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from launchready_tui.demo.company import Company
    from launchready_tui.demo.site_faults import WebFault

SAID: dict[str, str] = {
    "admin-page-open": "{at} asks for a sign-in now.",
    "auth-secret-or-host-unset": "The sign-in library has its secret: {at} answers again.",
    "cookie-session-insecure": "{at} sets its session cookie with HttpOnly: no script reads it.",
    "cors-reflect-credentials": "{at} names no foreign origin any more.",
    "cors-vary-missing": "{at} says Vary: Origin now, so that caches keep answers apart.",
    "csp-missing": "{at} sends a Content-Security-Policy now.",
    "csp-weak": "The policy of {at} allows no inline script any more.",
    "error-page-soft-404": "{at} answers 404 for what it does not have.",
    "exposed-repo": "The folder of git is gone from the site, and dot paths are refused.",
    "exposed-secret-file": "{at} is refused now, and its values were replaced.",
    "hsts-partial": "{at} sends Strict-Transport-Security with error pages too.",
    "localhost-api-in-bundle": "The script was built again with production's address of the API.",
    "mixed-content": "{at} loads its picture over https.",
    "no-auth": "{at} answers only with a token now.",
    "no-compression": "{at} comes packed to browsers that take it.",
    "no-rate-limit": "{at} holds a name back after five wrong passwords.",
    "noisy-client-slows": "The statistics are computed once an hour: {at} makes nobody wait.",
    "old-url-broken": "{at} leads to the front page for good (301).",
    "old-url-loses-path": "Redirects of the site keep the query: {at} arrives with it.",
    "open-redirect": "{at} leads to own pages only.",
    "open-signup-internal-tool": "{at} takes no new accounts: sign-up is off.",
    "ops-endpoint-open": "{at} is refused to strangers.",
    "page-cached-long": "{at} is not kept by browsers any more.",
    "preview-open": "{at} asks for the platform's sign-in.",
    "private-page-cached": "{at} is private, the rule at the edge is gone, its cache was emptied.",
    "robots-lists-admin": "robots.txt of {at} names no inner page any more.",
    "script-third-party-unpinned": "{at} pins the library by its checksum.",
    "secret-in-public-env-prefix": "The payment key is out of the script, and was replaced.",
    "session-fixation": "{at} gives a new session id to whoever signs in.",
    "source-maps-public": "{at} is not uploaded any more.",
    "static-not-immutable": "{at} may be kept for a year: its name changes with its content.",
    "supabase-rls-disabled": "Row-level security is on for {at}.",
    "supabase-service-key-in-bundle": "The key with all rights is out of the script, and replaced.",
    "version-leak": "{at} tells no version any more.",
    "webhook-wrong-secret-or-redirected": "{at} takes calls itself, without a redirect.",
}


def repaired(company: Company, code: str, subject: str) -> str:
    """Mend it; a sentence says what was done."""
    company.wrong.discard(cast("WebFault", code))
    if code == "private-page-cached":
        company.memory.pages.clear()
    return SAID[code].format(at=subject)
