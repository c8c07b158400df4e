"""Keywords, clusters and ideas: what a site should write about. Writing it is the writer's."""

from igny8.planner import store
from igny8.planner.generation import estimate_ideas, ideate, price_of
from igny8.planner.grouping import cluster_keywords
from igny8.planner.importing import import_keywords
from igny8.planner.services import (
    clusters,
    ideas,
    ignore,
    keywords,
    lock,
    merge,
    move,
    split,
)
from igny8.planner.types import (
    Cluster,
    Grouping,
    Idea,
    IdeaStatus,
    ImportReport,
    Keyword,
    KeywordStatus,
    Method,
)

# What the writer and publisher call inside their own writes.
new_ideas = store.new_ideas
ideas_with_status = store.ideas_with_status
schedule_idea = store.schedule_idea
idea_written = store.idea_written
idea_published = store.idea_published

__all__ = [
    "Cluster",
    "Grouping",
    "Idea",
    "IdeaStatus",
    "ImportReport",
    "Keyword",
    "KeywordStatus",
    "Method",
    "cluster_keywords",
    "clusters",
    "estimate_ideas",
    "idea_published",
    "idea_written",
    "ideas",
    "ideas_with_status",
    "ideate",
    "ignore",
    "import_keywords",
    "keywords",
    "lock",
    "merge",
    "move",
    "new_ideas",
    "price_of",
    "schedule_idea",
    "split",
]
