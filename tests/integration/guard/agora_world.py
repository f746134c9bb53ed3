"""The agora with something private: a draft, a debate nobody has read, a hidden one, a post that waits, a hidden one."""

from civic.accounts.models import Account
from tests.integration.consultations.agorakit import make_debate, make_participant, make_post


def debates(owner: Account, secret: str) -> dict[str, int]:
    """Their ids by name."""
    made = {
        f"agora_{state}": make_debate(state, owner, question=secret, why=secret).id
        for state in ("draft", "waiting", "hidden")
    }
    going = make_debate("open")
    author = make_participant(going, owner)
    posts = {
        "agora_held": make_post(going, participant=author, body=secret, state="held").id,
        "agora_covered": make_post(going, participant=author, body=secret, state="hidden").id,
    }
    return {**made, "agora_open": going.id, **posts}
