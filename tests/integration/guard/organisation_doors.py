"""The doors of organisations: those not verified yet, their details, members and invitations, and the city hall's word."""

from tests.integration.guard.door import OTHER, OVERSIGHT, STAFF, Door, at, both, fixed

OWNER = ("owner",)
PAGE = "/organisations/<int:organisation_id>"
CASE = "/staff/organisations/<int:organisation_id>"
WAITS, OURS, LEFT = at(organisation_id="waits"), at(organisation_id="ours"), at(organisation_id="left")
PARTNER = at(organisation_id="ours", account_id="partner")
STRAY = at(organisation_id="waits", account_id="partner")
INVITED = at(organisation_id="ours", invitation_id="invitation")
GUEST = fixed(address="nou@civic.example", role="spokesperson")
REASON = fixed(**{"turn-reason": "Motiv."})
TYPED = fixed(name="Altul", legal_form="association", version="1")

ORGANISATIONS = [
    Door("GET", PAGE, "not verified", WAITS, (*OWNER, *OVERSIGHT)),
    *both(True, f"{PAGE}/edit", "another's organisation", OURS, OWNER, TYPED),
    *both(True, f"{PAGE}/edit", "not verified", WAITS, OWNER, TYPED),
    Door("GET", f"{PAGE}/members", "another's members", OURS, OWNER),
    Door("POST", f"{PAGE}/members/invite", "another's members", OURS, OWNER, GUEST),
    Door("POST", f"{PAGE}/members/invite", "not verified", WAITS, (), GUEST),
    Door("POST", f"{PAGE}/members/shown", "another's members", OURS, OWNER),
    Door("POST", f"{PAGE}/members/leave", "another's members", OURS, OWNER),
    Door("POST", f"{PAGE}/members/<int:account_id>/role", "another's members", PARTNER, OWNER),
    Door("POST", f"{PAGE}/members/<int:account_id>/role", f"a member {OTHER}", STRAY),
    Door("POST", f"{PAGE}/members/<int:account_id>/remove", "another's members", PARTNER, OWNER),
    Door("POST", f"{PAGE}/members/<int:account_id>/remove", f"a member {OTHER}", STRAY),
    Door("POST", f"{PAGE}/invitations/<int:invitation_id>/withdraw", "an invitation", INVITED, OWNER),
    Door("POST", f"{PAGE}/invitations/<int:invitation_id>/withdraw", f"an invitation {OTHER}",
         at(organisation_id="waits", invitation_id="invitation")),
    *both(True, "/organisations/invitations/<token>", "a forged link", at(token="=forged"), (), fixed(shown="y")),
    Door("GET", CASE, "not verified", WAITS, OVERSIGHT),
    Door("POST", f"{CASE}/decide", "not verified", WAITS, STAFF,
         lambda world: {"decision": "verify", "check": str(world["check"])}),
    Door("POST", f"{CASE}/suspend", "verified", OURS, STAFF, REASON),
    Door("POST", f"{CASE}/restore", "verified", OURS, STAFF, REASON),
    Door("POST", f"{CASE}/invite", "without members", LEFT, STAFF, GUEST),
    Door("POST", f"{CASE}/invite", "with members", OURS, (), GUEST),
]  # fmt: skip
