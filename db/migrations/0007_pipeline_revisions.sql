CREATE TABLE "pipeline_revisions" (
	"pipeline_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "pipeline_revisions_pipeline_id_revision_pk" PRIMARY KEY("pipeline_id","revision")
);
--> statement-breakpoint
ALTER TABLE "pipeline_revisions" ADD CONSTRAINT "pipeline_revisions_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
INSERT INTO "pipeline_revisions" ("pipeline_id", "revision", "definition", "at", "by")
SELECT "id", "revision", "definition", "updated_at", "updated_by" FROM "pipelines";
