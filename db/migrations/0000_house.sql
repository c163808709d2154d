CREATE TABLE "accounts" (
	"name" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"seen_at" timestamp with time zone,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "applications" (
	"name" text PRIMARY KEY NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"name" text NOT NULL,
	"version" text NOT NULL,
	"digest" text NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "artifacts_name_version_pk" PRIMARY KEY("name","version")
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"application" text NOT NULL,
	"name" text NOT NULL,
	"order" integer DEFAULT 0 NOT NULL,
	"account" text NOT NULL,
	"regions" text[] NOT NULL,
	"cluster" text NOT NULL,
	"capacity" jsonb NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"artifact" text NOT NULL,
	"pipeline" text NOT NULL,
	"guarded" boolean DEFAULT true NOT NULL,
	CONSTRAINT "environments_application_name_pk" PRIMARY KEY("application","name")
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"application" text NOT NULL,
	"account" text NOT NULL,
	"cluster" text NOT NULL,
	"digest" text NOT NULL,
	"version" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
CREATE TABLE "pipelines" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"application" text NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "pipelines_application_name" UNIQUE("application","name")
);
--> statement-breakpoint
CREATE TABLE "vetoes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"kind" text NOT NULL,
	"application" text,
	"execution_id" uuid,
	"subject" text,
	"status" text
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"application" text NOT NULL,
	"pipeline" text NOT NULL,
	"pipeline_revision" integer DEFAULT 1 NOT NULL,
	"definition" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"trigger" jsonb NOT NULL,
	"parameters" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"environment" text,
	"artifact" text,
	"version" text,
	"digest" text,
	"idempotency_key" text,
	"cancel_requested_by" text,
	"cancel_reason" text,
	"open_stages" integer NOT NULL,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "executions_idempotency_key_unique" UNIQUE("idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"execution_id" uuid,
	"stage_id" uuid,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"key" text,
	"run_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"dead" boolean DEFAULT false NOT NULL,
	"wake_on" text,
	"claimed_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "jobs_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "judgments" (
	"stage_id" uuid PRIMARY KEY NOT NULL,
	"decision" text NOT NULL,
	"input" text,
	"comment" text,
	"by" text NOT NULL,
	"by_user_id" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"evidence" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stage_edges" (
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	CONSTRAINT "stage_edges_from_id_to_id_pk" PRIMARY KEY("from_id","to_id")
);
--> statement-breakpoint
CREATE TABLE "stages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"execution_id" uuid NOT NULL,
	"ref_id" text NOT NULL,
	"parent_id" uuid,
	"type" text NOT NULL,
	"name" jsonb NOT NULL,
	"config" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"requires" text[] DEFAULT '{}' NOT NULL,
	"open_upstream" integer DEFAULT 0 NOT NULL,
	"open_children" integer DEFAULT 0 NOT NULL,
	"task_index" integer,
	"fence" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"waiting" jsonb,
	"outputs" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"log" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error" jsonb,
	"position" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "stages_execution_ref" UNIQUE("execution_id","ref_id")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"version" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inventory_firewalls" (
	"account" text NOT NULL,
	"region" text NOT NULL,
	"name" text NOT NULL,
	"application" text NOT NULL,
	"data" jsonb NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_firewalls_account_region_name_pk" PRIMARY KEY("account","region","name")
);
--> statement-breakpoint
CREATE TABLE "inventory_load_balancers" (
	"account" text NOT NULL,
	"region" text NOT NULL,
	"name" text NOT NULL,
	"application" text NOT NULL,
	"data" jsonb NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_load_balancers_account_region_name_pk" PRIMARY KEY("account","region","name")
);
--> statement-breakpoint
CREATE TABLE "inventory_server_groups" (
	"account" text NOT NULL,
	"region" text NOT NULL,
	"name" text NOT NULL,
	"application" text NOT NULL,
	"cluster" text NOT NULL,
	"data" jsonb NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_server_groups_account_region_name_pk" PRIMARY KEY("account","region","name")
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" uuid NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_tokens_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"actor_user_id" uuid,
	"via" text NOT NULL,
	"action" text NOT NULL,
	"application" text,
	"subject" text NOT NULL,
	"reason" text,
	"before" jsonb,
	"after" jsonb
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"username" text NOT NULL,
	"display_name" text NOT NULL,
	"email" text,
	"password_hash" text,
	"oidc_subject" text,
	"roles" text[] DEFAULT '{}' NOT NULL,
	"disabled" boolean DEFAULT false NOT NULL,
	"sessions_valid_from" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone,
	CONSTRAINT "users_username_unique" UNIQUE("username"),
	CONSTRAINT "users_oidc_subject_unique" UNIQUE("oidc_subject")
);
--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_application_applications_name_fk" FOREIGN KEY ("application") REFERENCES "public"."applications"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_account_accounts_name_fk" FOREIGN KEY ("account") REFERENCES "public"."accounts"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pipelines" ADD CONSTRAINT "pipelines_application_applications_name_fk" FOREIGN KEY ("application") REFERENCES "public"."applications"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "public"."stages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_edges" ADD CONSTRAINT "stage_edges_from_id_stages_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."stages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_edges" ADD CONSTRAINT "stage_edges_to_id_stages_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."stages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stages" ADD CONSTRAINT "stages_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "artifacts_digest" ON "artifacts" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "environments_cluster" ON "environments" USING btree ("account","cluster");--> statement-breakpoint
CREATE INDEX "pins_cluster" ON "pins" USING btree ("account","cluster");--> statement-breakpoint
CREATE INDEX "vetoes_digest" ON "vetoes" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "executions_application_created" ON "executions" USING btree ("application","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "executions_created" ON "executions" USING btree ("created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "executions_open" ON "executions" USING btree ("created_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "executions_environment" ON "executions" USING btree ("application","environment","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_at") WHERE not dead;--> statement-breakpoint
CREATE INDEX "jobs_stage" ON "jobs" USING btree ("stage_id");--> statement-breakpoint
CREATE INDEX "jobs_execution" ON "jobs" USING btree ("execution_id");--> statement-breakpoint
CREATE INDEX "jobs_wake" ON "jobs" USING btree ("wake_on");--> statement-breakpoint
CREATE INDEX "stage_edges_to" ON "stage_edges" USING btree ("to_id");--> statement-breakpoint
CREATE INDEX "stages_parent" ON "stages" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "stages_gates" ON "stages" USING btree ("started_at") WHERE type = 'manualJudgment' and status = 'running';--> statement-breakpoint
CREATE INDEX "inventory_firewalls_application" ON "inventory_firewalls" USING btree ("application");--> statement-breakpoint
CREATE INDEX "inventory_load_balancers_application" ON "inventory_load_balancers" USING btree ("application");--> statement-breakpoint
CREATE INDEX "inventory_server_groups_application" ON "inventory_server_groups" USING btree ("application","cluster");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_application_at" ON "audit" USING btree ("application","at");