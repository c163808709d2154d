CREATE TABLE "canary_analyses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"application" text NOT NULL,
	"environment" text,
	"execution_id" uuid NOT NULL,
	"stage_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"config_name" text NOT NULL,
	"config_revision" integer NOT NULL,
	"source" text NOT NULL,
	"config" jsonb NOT NULL,
	"options" jsonb NOT NULL,
	"scopes" jsonb NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"score" real,
	"classification" text,
	"sentence" jsonb,
	"next_look_at" timestamp with time zone,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "canary_configs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"application" text NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"config" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "canary_configs_name" UNIQUE("application","name")
);
--> statement-breakpoint
CREATE TABLE "canary_looks" (
	"analysis_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"start_ms" bigint NOT NULL,
	"end_ms" bigint NOT NULL,
	"step_ms" bigint NOT NULL,
	"judgement" jsonb NOT NULL,
	"measurements" jsonb,
	"judged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "canary_looks_analysis_id_number_pk" PRIMARY KEY("analysis_id","number")
);
--> statement-breakpoint
CREATE TABLE "metrics_sources" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"config" jsonb NOT NULL,
	"secrets" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
DROP INDEX "stages_gates";--> statement-breakpoint
ALTER TABLE "canary_analyses" ADD CONSTRAINT "canary_analyses_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "canary_analyses" ADD CONSTRAINT "canary_analyses_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "public"."stages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "canary_configs" ADD CONSTRAINT "canary_configs_source_metrics_sources_name_fk" FOREIGN KEY ("source") REFERENCES "public"."metrics_sources"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "canary_looks" ADD CONSTRAINT "canary_looks_analysis_id_canary_analyses_id_fk" FOREIGN KEY ("analysis_id") REFERENCES "public"."canary_analyses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "canary_analyses_stage" ON "canary_analyses" USING btree ("stage_id");--> statement-breakpoint
CREATE INDEX "canary_analyses_application" ON "canary_analyses" USING btree ("application","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "canary_analyses_execution" ON "canary_analyses" USING btree ("execution_id");--> statement-breakpoint
CREATE INDEX "stages_open_gates" ON "stages" USING btree ("started_at") WHERE status = 'running' and (type = 'manualJudgment' or waiting->>'kind' = 'person');