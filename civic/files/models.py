"""What is stored about an uploaded file. Its bytes are in the storage under `key`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class StoredFile(Base):
    """An image or a document, immutable once stored. `name` is what the uploader called it, cleaned."""

    __tablename__ = "stored_file"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: what an image shows, for those who cannot see it
    alt: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: whether anyone may fetch it; the owning feature flips this when its subject becomes public
    public: Mapped[bool] = mapped_column(default=False)

    @property
    def is_image(self) -> bool:
        """Whether it has the variants "full" and "thumb"."""
        return self.media_type.startswith("image/")
