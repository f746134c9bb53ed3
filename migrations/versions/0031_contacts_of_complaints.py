"""The contact of a complainant without an account is erased once the complaint is decided and nobody needs it."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME = "ck_identity_complaint_filer_known"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "identity_complaint", type_="check")
    op.create_check_constraint(
        op.f(NAME),
        "identity_complaint",
        "account_id IS NOT NULL OR (clerk_id IS NOT NULL AND (contact <> '' OR decided_at IS NOT NULL))",
    )


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "identity_complaint", type_="check")
    op.execute("UPDATE identity_complaint SET contact = '-' WHERE account_id IS NULL AND contact = ''")
    op.create_check_constraint(
        op.f(NAME),
        "identity_complaint",
        "account_id IS NOT NULL OR (clerk_id IS NOT NULL AND contact <> '')",
    )
