"""first store."""

import sqlalchemy as sa
from alembic import op

from igny8.db.base import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Entries of the ledger are append-only, whatever a program above may try.
_SQLITE_TRIGGERS = [
    f"""CREATE TRIGGER billing_ledger_entries_no_{what} BEFORE {what.upper()}
    ON billing_ledger_entries
    BEGIN SELECT RAISE(ABORT, 'ledger entries are immutable'); END"""
    for what in ("update", "delete")
]
_POSTGRES_TRIGGERS = [
    """CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'ledger entries are immutable'; END $$""",
    """CREATE TRIGGER billing_ledger_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE
    ON billing_ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change()""",
]


def _guard_the_ledger() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if is_sqlite else _POSTGRES_TRIGGERS:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "accounts_plans",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("monthly_credits", sa.Integer(), nullable=False),
        sa.Column("support_level", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_plans")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_plans_slug")),
    )
    op.create_table(
        "accounts_accounts",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["accounts_plans.id"], name=op.f("fk_accounts_accounts_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_accounts")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_accounts_slug")),
    )
    op.create_table(
        "accounts_sites",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("site_type", sa.String(length=20), nullable=False),
        sa.Column("hosting_type", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_accounts_sites_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_sites")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_sites_slug")),
    )
    with op.batch_alter_table("accounts_sites", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_sites_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "accounts_users",
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_accounts_users_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_users")),
        sa.UniqueConstraint("account_id", "email", name=op.f("uq_accounts_users_account_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_users_token_hash")),
    )
    with op.batch_alter_table("accounts_users", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_users_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "billing_balances",
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "available >= 0", name=op.f("ck_billing_balances_available_not_negative")
        ),
        sa.CheckConstraint("held >= 0", name=op.f("ck_billing_balances_held_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_billing_balances_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_balances")),
        sa.UniqueConstraint("account_id", name=op.f("uq_billing_balances_account_id")),
    )
    with op.batch_alter_table("billing_balances", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billing_balances_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "billing_grants",
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= amount",
            name=op.f("ck_billing_grants_remaining_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_billing_grants_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_grants")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_billing_grants_account_id_key")),
    )
    with op.batch_alter_table("billing_grants", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billing_grants_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "jobs_outbox",
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_jobs_outbox_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_outbox")),
    )
    with op.batch_alter_table("jobs_outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_outbox_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_outbox_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_jobs_outbox_subject", ["account_id", "subject"], unique=False)

    op.create_table(
        "system_module_settings",
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_system_module_settings_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_module_settings")),
        sa.UniqueConstraint(
            "account_id", "module", name=op.f("uq_system_module_settings_account_id_module")
        ),
    )
    with op.batch_alter_table("system_module_settings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_system_module_settings_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "thinker_author_profiles",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("style", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_thinker_author_profiles_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thinker_author_profiles")),
        sa.UniqueConstraint(
            "account_id", "slug", name=op.f("uq_thinker_author_profiles_account_id_slug")
        ),
    )
    with op.batch_alter_table("thinker_author_profiles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thinker_author_profiles_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "thinker_prompts",
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_thinker_prompts_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thinker_prompts")),
        sa.UniqueConstraint(
            "account_id",
            "function",
            "version",
            name=op.f("uq_thinker_prompts_account_id_function_version"),
        ),
    )
    with op.batch_alter_table("thinker_prompts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thinker_prompts_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "writer_rendered_bodies",
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_writer_rendered_bodies_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer_rendered_bodies")),
    )
    with op.batch_alter_table("writer_rendered_bodies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_writer_rendered_bodies_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "accounts_sectors",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_accounts_sectors_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_accounts_sectors_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_sectors")),
        sa.UniqueConstraint("site_id", "slug", name=op.f("uq_accounts_sectors_site_id_slug")),
    )
    with op.batch_alter_table("accounts_sectors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_sectors_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "accounts_site_access",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_accounts_site_access_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_accounts_site_access_site_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_users.id"],
            name=op.f("fk_accounts_site_access_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_site_access")),
        sa.UniqueConstraint(
            "user_id", "site_id", name=op.f("uq_accounts_site_access_user_id_site_id")
        ),
    )
    with op.batch_alter_table("accounts_site_access", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_site_access_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "billing_ledger_entries",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("work", sa.String(length=200), nullable=True),
        sa.Column("hold_id", sa.String(length=40), nullable=True),
        sa.Column("grant_id", sa.String(length=40), nullable=True),
        sa.Column("allocation", sa.JSON(), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("site_id", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_billing_ledger_entries_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["billing_grants.id"], name=op.f("fk_billing_ledger_entries_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"],
            ["billing_ledger_entries.id"],
            name=op.f("fk_billing_ledger_entries_hold_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_ledger_entries")),
        sa.UniqueConstraint(
            "account_id", "key", name=op.f("uq_billing_ledger_entries_account_id_key")
        ),
    )
    with op.batch_alter_table("billing_ledger_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billing_ledger_entries_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_billing_ledger_entries_hold_id"), ["hold_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_billing_ledger_entries_site_id"), ["site_id"], unique=False
        )
        batch_op.create_index(
            "ix_billing_ledger_entries_work", ["account_id", "work"], unique=False
        )

    op.create_table(
        "linker_change_sets",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("link_count", sa.Integer(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_linker_change_sets_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_linker_change_sets_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linker_change_sets")),
    )
    with op.batch_alter_table("linker_change_sets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_linker_change_sets_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_linker_change_sets_site_id"), ["site_id"], unique=False
        )

    op.create_table(
        "planner_clusters",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("pillar", sa.String(length=500), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("made_with", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_planner_clusters_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_planner_clusters_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planner_clusters")),
    )
    with op.batch_alter_table("planner_clusters", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_planner_clusters_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_planner_clusters_site_id"), ["site_id"], unique=False)

    op.create_table(
        "publisher_targets",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("adapter", sa.String(length=80), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_publisher_targets_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_publisher_targets_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher_targets")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_publisher_targets_site_id_name")),
    )
    with op.batch_alter_table("publisher_targets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publisher_targets_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "sitebuilder_site_blueprints",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("menus", sa.JSON(), nullable=False),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_sitebuilder_site_blueprints_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_sitebuilder_site_blueprints_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitebuilder_site_blueprints")),
        sa.UniqueConstraint(
            "site_id", "version", name=op.f("uq_sitebuilder_site_blueprints_site_id_version")
        ),
    )
    with op.batch_alter_table("sitebuilder_site_blueprints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitebuilder_site_blueprints_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "sitebuilder_site_files",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_sitebuilder_site_files_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_sitebuilder_site_files_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitebuilder_site_files")),
        sa.UniqueConstraint("site_id", "path", name=op.f("uq_sitebuilder_site_files_site_id_path")),
    )
    with op.batch_alter_table("sitebuilder_site_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitebuilder_site_files_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "writer_contents",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("entity_type", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("body_format", sa.String(length=10), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("rendered_id", sa.String(length=40), nullable=True),
        sa.Column("meta_title", sa.String(length=500), nullable=False),
        sa.Column("meta_description", sa.String(length=1000), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("structure_data", sa.JSON(), nullable=False),
        sa.Column("json_blocks", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sync_status", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("sync_metadata", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=True),
        sa.Column("cluster_id", sa.String(length=40), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("is_noindex", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("made_with", sa.JSON(), nullable=False),
        sa.Column("unverified", sa.JSON(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("linker_version", sa.Integer(), nullable=False),
        sa.Column("optimizer_version", sa.Integer(), nullable=False),
        sa.Column("linked_hash", sa.String(length=64), nullable=True),
        sa.Column("optimized_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_writer_contents_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["rendered_id"],
            ["writer_rendered_bodies.id"],
            name=op.f("fk_writer_contents_rendered_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_writer_contents_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer_contents")),
        sa.UniqueConstraint(
            "site_id",
            "locale",
            "parent_id",
            "slug",
            name=op.f("uq_writer_contents_site_id_locale_parent_id_slug"),
        ),
    )
    with op.batch_alter_table("writer_contents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_writer_contents_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            "ix_writer_contents_external", ["site_id", "external_id"], unique=False
        )
        batch_op.create_index("ix_writer_contents_site_status", ["site_id", "status"], unique=False)

    op.create_table(
        "billing_usage_log",
        sa.Column("hold_id", sa.String(length=40), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_billing_usage_log_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["billing_ledger_entries.id"], name=op.f("fk_billing_usage_log_hold_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_usage_log")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_billing_usage_log_hold_id")),
    )
    with op.batch_alter_table("billing_usage_log", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billing_usage_log_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_billing_usage_log_site_id"), ["site_id"], unique=False)

    op.create_table(
        "linker_changes",
        sa.Column("change_set_id", sa.String(length=40), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_linker_changes_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["linker_change_sets.id"],
            name=op.f("fk_linker_changes_change_set_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_linker_changes_content_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linker_changes")),
    )
    with op.batch_alter_table("linker_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_linker_changes_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_linker_changes_change_set_id"), ["change_set_id"], unique=False
        )

    op.create_table(
        "linker_internal_links",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("change_set_id", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=40), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_linker_internal_links_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["linker_change_sets.id"],
            name=op.f("fk_linker_internal_links_change_set_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_linker_internal_links_site_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["writer_contents.id"],
            name=op.f("fk_linker_internal_links_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["writer_contents.id"],
            name=op.f("fk_linker_internal_links_target_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linker_internal_links")),
    )
    with op.batch_alter_table("linker_internal_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_linker_internal_links_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_linker_internal_links_change_set_id"), ["change_set_id"], unique=False
        )
        batch_op.create_index(
            "ix_linker_internal_links_source", ["site_id", "source_id"], unique=False
        )

    op.create_table(
        "linker_lessons",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("learned_at", UTCDateTime(), nullable=False),
        sa.Column("lesson", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_linker_lessons_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_linker_lessons_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linker_lessons")),
        sa.UniqueConstraint("site_id", name=op.f("uq_linker_lessons_site_id")),
    )
    with op.batch_alter_table("linker_lessons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_linker_lessons_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "linker_verdicts",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=40), nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_linker_verdicts_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_linker_verdicts_site_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["writer_contents.id"],
            name=op.f("fk_linker_verdicts_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["writer_contents.id"],
            name=op.f("fk_linker_verdicts_target_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linker_verdicts")),
        sa.UniqueConstraint(
            "source_id", "target_id", name=op.f("uq_linker_verdicts_source_id_target_id")
        ),
    )
    with op.batch_alter_table("linker_verdicts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_linker_verdicts_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_linker_verdicts_site_id"), ["site_id"], unique=False)

    op.create_table(
        "optimizer_optimization_scores",
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("igny8_score", sa.Integer(), nullable=False),
        sa.Column("yoast_seo", sa.Integer(), nullable=False),
        sa.Column("yoast_readability", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_optimizer_optimization_scores_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_optimizer_optimization_scores_content_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_optimizer_optimization_scores")),
    )
    with op.batch_alter_table("optimizer_optimization_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_optimizer_optimization_scores_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_optimizer_optimization_scores_content_id"), ["content_id"], unique=False
        )

    op.create_table(
        "optimizer_optimization_tasks",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("entry_point", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("original", sa.JSON(), nullable=False),
        sa.Column("optimized", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=False),
        sa.Column("score_after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_with", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_optimizer_optimization_tasks_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_optimizer_optimization_tasks_content_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_optimizer_optimization_tasks_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_optimizer_optimization_tasks")),
    )
    with op.batch_alter_table("optimizer_optimization_tasks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_optimizer_optimization_tasks_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_optimizer_optimization_tasks_content_id"), ["content_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_optimizer_optimization_tasks_site_id"), ["site_id"], unique=False
        )

    op.create_table(
        "planner_ideas",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("cluster_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("angle", sa.String(length=500), nullable=False),
        sa.Column("entity_type", sa.String(length=20), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("target_keywords", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("estimated_words", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_with", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_planner_ideas_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["planner_clusters.id"],
            name=op.f("fk_planner_ideas_cluster_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_planner_ideas_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planner_ideas")),
    )
    with op.batch_alter_table("planner_ideas", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_planner_ideas_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_planner_ideas_cluster_id"), ["cluster_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_planner_ideas_site_id"), ["site_id"], unique=False)

    op.create_table(
        "planner_keywords",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("sector_id", sa.String(length=40), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("normalised", sa.String(length=600), nullable=False),
        sa.Column("variant", sa.String(length=600), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("volume_kind", sa.String(length=20), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("cpc", sa.Double(), nullable=True),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.Column("intent_cue", sa.String(length=80), nullable=True),
        sa.Column("is_branded", sa.Boolean(), nullable=False),
        sa.Column("is_local", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("cluster_id", sa.String(length=40), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_planner_keywords_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["planner_clusters.id"],
            name=op.f("fk_planner_keywords_cluster_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sector_id"],
            ["accounts_sectors.id"],
            name=op.f("fk_planner_keywords_sector_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_planner_keywords_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planner_keywords")),
        sa.UniqueConstraint(
            "site_id", "normalised", name=op.f("uq_planner_keywords_site_id_normalised")
        ),
    )
    with op.batch_alter_table("planner_keywords", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_planner_keywords_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_planner_keywords_cluster_id"), ["cluster_id"], unique=False
        )
        batch_op.create_index(
            "ix_planner_keywords_site_status", ["site_id", "status"], unique=False
        )
        batch_op.create_index(
            "ix_planner_keywords_site_volume", ["site_id", "volume"], unique=False
        )

    op.create_table(
        "publisher_deployment_records",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=40), nullable=False),
        sa.Column("release", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_publisher_deployment_records_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_publisher_deployment_records_site_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["publisher_targets.id"],
            name=op.f("fk_publisher_deployment_records_target_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher_deployment_records")),
    )
    with op.batch_alter_table("publisher_deployment_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publisher_deployment_records_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_publisher_deployment_records_site_id"), ["site_id"], unique=False
        )

    op.create_table(
        "sitebuilder_page_blueprints",
        sa.Column("blueprint_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_sitebuilder_page_blueprints_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["blueprint_id"],
            ["sitebuilder_site_blueprints.id"],
            name=op.f("fk_sitebuilder_page_blueprints_blueprint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitebuilder_page_blueprints")),
        sa.UniqueConstraint(
            "blueprint_id", "path", name=op.f("uq_sitebuilder_page_blueprints_blueprint_id_path")
        ),
    )
    with op.batch_alter_table("sitebuilder_page_blueprints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitebuilder_page_blueprints_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "thinker_strategies",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=True),
        sa.Column("sector_id", sa.String(length=40), nullable=True),
        sa.Column("entity_type", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_thinker_strategies_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["sector_id"],
            ["accounts_sectors.id"],
            name=op.f("fk_thinker_strategies_sector_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_thinker_strategies_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thinker_strategies")),
        sa.UniqueConstraint(
            "account_id", "slug", name=op.f("uq_thinker_strategies_account_id_slug")
        ),
    )
    with op.batch_alter_table("thinker_strategies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thinker_strategies_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "writer_content_versions",
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("meta_title", sa.String(length=500), nullable=False),
        sa.Column("meta_description", sa.String(length=1000), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_writer_content_versions_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_writer_content_versions_content_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer_content_versions")),
        sa.UniqueConstraint(
            "content_id", "number", name=op.f("uq_writer_content_versions_content_id_number")
        ),
    )
    with op.batch_alter_table("writer_content_versions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_writer_content_versions_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "writer_tasks",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("idea_id", sa.String(length=40), nullable=True),
        sa.Column("content_id", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("entity_type", sa.String(length=20), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("estimated_words", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_accounts.id"], name=op.f("fk_writer_tasks_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_writer_tasks_content_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["accounts_sites.id"],
            name=op.f("fk_writer_tasks_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer_tasks")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_writer_tasks_idea_id")),
    )
    with op.batch_alter_table("writer_tasks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_writer_tasks_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_writer_tasks_site_id"), ["site_id"], unique=False)

    op.create_table(
        "publisher_publishing_records",
        sa.Column("deployment_id", sa.String(length=40), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=700), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_accounts.id"],
            name=op.f("fk_publisher_publishing_records_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["writer_contents.id"],
            name=op.f("fk_publisher_publishing_records_content_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["publisher_deployment_records.id"],
            name=op.f("fk_publisher_publishing_records_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher_publishing_records")),
        sa.UniqueConstraint(
            "deployment_id",
            "content_id",
            name=op.f("uq_publisher_publishing_records_deployment_id_content_id"),
        ),
    )
    with op.batch_alter_table("publisher_publishing_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publisher_publishing_records_account_id"), ["account_id"], unique=False
        )

    _guard_the_ledger()


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it")
