CREATE TABLE "toggle_change_requests" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"toggle" text NOT NULL,
	"environment" text NOT NULL,
	"base_revision" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"created_by" text NOT NULL,
	"created_by_user_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"comment" text
);
--> statement-breakpoint
CREATE TABLE "toggle_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"toggle" text NOT NULL,
	"environment" text,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"undoes" bigint,
	"execution_id" uuid,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "toggle_client_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"kind" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "toggle_client_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "toggle_counts" (
	"toggle" text NOT NULL,
	"environment" text NOT NULL,
	"variant" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"count" bigint NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "toggle_counts_toggle_environment_variant_hour_pk" PRIMARY KEY("toggle","environment","variant","hour")
);
--> statement-breakpoint
CREATE TABLE "toggle_environments" (
	"name" text PRIMARY KEY NOT NULL,
	"order" integer DEFAULT 0 NOT NULL,
	"requires_review" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "toggle_goals" (
	"environment" text NOT NULL,
	"goal" text NOT NULL,
	"toggle" text NOT NULL,
	"variant" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"count" bigint NOT NULL,
	"sum" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "toggle_goals_environment_goal_toggle_variant_hour_pk" PRIMARY KEY("environment","goal","toggle","variant","hour")
);
--> statement-breakpoint
CREATE TABLE "toggle_segments" (
	"key" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"condition" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "toggle_states" (
	"toggle" text NOT NULL,
	"environment" text NOT NULL,
	"definition" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "toggle_states_toggle_environment_pk" PRIMARY KEY("toggle","environment")
);
--> statement-breakpoint
CREATE TABLE "toggles" (
	"key" text PRIMARY KEY NOT NULL,
	"application" text,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"owner" text,
	"expires_at" timestamp with time zone,
	"on_expiry" text DEFAULT 'report' NOT NULL,
	"variants" jsonb NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "toggle_change_requests" ADD CONSTRAINT "toggle_change_requests_toggle_toggles_key_fk" FOREIGN KEY ("toggle") REFERENCES "public"."toggles"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "toggle_client_keys" ADD CONSTRAINT "toggle_client_keys_environment_toggle_environments_name_fk" FOREIGN KEY ("environment") REFERENCES "public"."toggle_environments"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "toggle_states" ADD CONSTRAINT "toggle_states_toggle_toggles_key_fk" FOREIGN KEY ("toggle") REFERENCES "public"."toggles"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "toggle_states" ADD CONSTRAINT "toggle_states_environment_toggle_environments_name_fk" FOREIGN KEY ("environment") REFERENCES "public"."toggle_environments"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "toggle_change_requests_open" ON "toggle_change_requests" USING btree ("toggle","environment") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "toggle_change_requests_created" ON "toggle_change_requests" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "toggle_changes_toggle" ON "toggle_changes" USING btree ("toggle","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "toggle_client_keys_environment" ON "toggle_client_keys" USING btree ("environment");--> statement-breakpoint
CREATE INDEX "toggles_application" ON "toggles" USING btree ("application","key");