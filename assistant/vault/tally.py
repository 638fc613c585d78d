"""How many records there are, by source and category."""

from collections import Counter

from assistant.records.model import Category
from assistant.vault.rows import Rows
from assistant.vault.session import Session


def told_by_sources(session: Session) -> Counter[tuple[str, Category]]:
    """Records by source id and category, each source counted by itself."""
    rows = Rows(session).all("SELECT source, category, count(*) FROM record GROUP BY source, category")
    categories = tuple(Category)
    return Counter({(source, categories[position]): count for source, position, count in rows})
