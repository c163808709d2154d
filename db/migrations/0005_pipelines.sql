CREATE TABLE "event_cursors" (
	"name" text PRIMARY KEY NOT NULL,
	"xid" text NOT NULL,
	"seq" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification_endpoints" (
	"name" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"format" text NOT NULL,
	"secrets" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"disabled" boolean DEFAULT false NOT NULL,
	"disabled_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"endpoint" text NOT NULL,
	"dedupe" text NOT NULL,
	"type" text NOT NULL,
	"application" text,
	"execution_id" uuid,
	"body" jsonb NOT NULL,
	"status" text DEFAULT 'owed' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_status" integer,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	CONSTRAINT "notifications_once" UNIQUE("endpoint","dedupe")
);
--> statement-breakpoint
CREATE TABLE "triggers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"application" text NOT NULL,
	"pipeline" text NOT NULL,
	"key" text NOT NULL,
	"type" text NOT NULL,
	"definition" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"next_at" timestamp with time zone,
	"state" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"fired_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "triggers_pipeline_key" UNIQUE("application","pipeline","key")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"delivery_id" text NOT NULL,
	"event" text NOT NULL,
	"payload" jsonb NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"handled_at" timestamp with time zone,
	"started" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "webhook_sources" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"secrets" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "stages" DROP CONSTRAINT "stages_execution_ref";--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "payload" jsonb;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "waiting" jsonb;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "parent_stage_id" uuid;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "rerun_of" uuid;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "paused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "on_failure" text DEFAULT 'haltPipeline' NOT NULL;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "run_when" text;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "timeout_seconds" integer;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "window" jsonb;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "window_overridden_by" text;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "skip_requested_by" text;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "paused_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "try" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "stages" ADD COLUMN "superseded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_endpoint_notification_endpoints_name_fk" FOREIGN KEY ("endpoint") REFERENCES "public"."notification_endpoints"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_source_webhook_sources_name_fk" FOREIGN KEY ("source") REFERENCES "public"."webhook_sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notifications_owed" ON "notifications" USING btree ("next_at") WHERE status = 'owed';--> statement-breakpoint
CREATE INDEX "notifications_created" ON "notifications" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "triggers_type" ON "triggers" USING btree ("type");--> statement-breakpoint
CREATE INDEX "triggers_due" ON "triggers" USING btree ("next_at") WHERE enabled and next_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("source","delivery_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_open" ON "webhook_deliveries" USING btree ("id") WHERE handled_at is null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_received" ON "webhook_deliveries" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "executions_pipeline_open" ON "executions" USING btree ("application","pipeline","created_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "executions_parent_stage" ON "executions" USING btree ("parent_stage_id") WHERE parent_stage_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "stages_execution_ref" ON "stages" USING btree ("execution_id","ref_id") WHERE not superseded;--> statement-breakpoint
CREATE INDEX "stages_execution_try" ON "stages" USING btree ("execution_id","ref_id","try");