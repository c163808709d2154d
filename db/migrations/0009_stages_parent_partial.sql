DROP INDEX "stages_parent";--> statement-breakpoint
CREATE INDEX "stages_parent" ON "stages" USING btree ("parent_id") WHERE parent_id is not null;