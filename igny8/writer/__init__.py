"""Tasks and content: queue, draft, review, import, export."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.writer.ai import base_of as knowledge_base
    from igny8.writer.files import ContentFiles
    from igny8.writer.generation import estimate, generate, queue, read_knowledge
    from igny8.writer.reading import heads, html, html_anew
    from igny8.writer.services import (
        approve,
        content,
        contents,
        edit,
        export_files,
        import_files,
        restore,
        set_status,
        tasks,
        versions,
    )
    from igny8.writer.store import content as content_by_id
    from igny8.writer.store import content_named as content_by_name
    from igny8.writer.store import contents as all_contents
    from igny8.writer.store import mark_linked, mark_optimized, mark_unlinked
    from igny8.writer.store import move as move_content
    from igny8.writer.store import rendered as rendered_bodies
    from igny8.writer.store import revise as revise_content
    from igny8.writer.types import (
        Content,
        EntityType,
        Head,
        Linking,
        NewContent,
        Optimization,
        Source,
        Stage,
        Status,
        SyncStatus,
        Task,
        TaskStatus,
        Version,
    )
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "Content",
    "ContentFiles",
    "EntityType",
    "Head",
    "Linking",
    "NewContent",
    "Optimization",
    "Source",
    "Stage",
    "Status",
    "SyncStatus",
    "Task",
    "TaskStatus",
    "Version",
    "all_contents",
    "approve",
    "content",
    "content_by_id",
    "content_by_name",
    "contents",
    "edit",
    "estimate",
    "export_files",
    "generate",
    "heads",
    "html",
    "html_anew",
    "import_files",
    "knowledge_base",
    "mark_linked",
    "mark_optimized",
    "mark_unlinked",
    "move_content",
    "queue",
    "read_knowledge",
    "rendered_bodies",
    "restore",
    "revise_content",
    "set_status",
    "tasks",
    "versions",
]
