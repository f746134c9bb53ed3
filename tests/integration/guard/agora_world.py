"""The agora with something private: a draft, a debate nobody has read, a hidden one, a post that waits, a hidden one."""

from civic import clock
from civic.accounts.models import Account
from consultations.agora.tending.models import AgoraAct
from consultations.agora.workshops.models import AgoraWorkshop
from tests.factories import make_neighbourhood, save
from tests.integration.consultations.agorakit import (
    make_debate,
    make_objection,
    make_participant,
    make_post,
    make_sentence,
    make_statement,
)
from tests.integration.consultations.meetingkit import make_meeting


def debates(owner: Account, secret: str) -> dict[str, int]:
    """Their ids by name."""
    made = {
        f"agora_{state}": make_debate(state, owner, question=secret, why=secret, with_statements=True).id
        for state in ("draft", "waiting", "hidden")
    }
    going = make_debate("open", with_statements=True)
    author = make_participant(going, owner)
    posts = {
        "agora_held": make_post(going, participant=author, body=secret, state="held").id,
        "agora_covered": make_post(going, participant=author, body=secret, state="hidden").id,
    }
    statements = {
        "agora_said": make_statement(going, secret, participant=author, state="held").id,
        "agora_unsaid": make_statement(going, f"{secret}!", participant=author, state="hidden").id,
    }
    contested, closed = make_debate("contested"), make_debate("closing")
    objections = {
        "agora_asked": make_objection(contested, text=secret, state="held").id,
        "agora_muted": make_objection(contested, text=secret, state="hidden").id,
    }
    sentence = make_sentence(closed, make_post(closed), text=secret)
    act = save(AgoraAct(
        debate_id=going.id, kind="fold", post_id=make_post(going, folded_reason="Așa.").id, reason="Așa.",
        account_id=owner.id, at=clock.now(), changed={},
    ))  # fmt: skip
    workshop = make_meeting("held", kind="workshop")
    save(AgoraWorkshop(debate_id=going.id, meeting_id=workshop.id, account_id=owner.id, at=clock.now()))
    more = {
        "agora_act": act.id,
        "agora_workshop": workshop.id,
        "agora_area": make_neighbourhood().id,
        "agora_closed": closed.id,
        "agora_sentence": sentence.id,
        **objections,
    }
    return {**made, **more, "agora_open": going.id, **posts, **statements}
