DROP INDEX "jobs_wake";--> statement-breakpoint
CREATE INDEX "stages_slot_holders" ON "stages" USING btree ("slot") WHERE slot is not null;--> statement-breakpoint
CREATE INDEX "jobs_wake" ON "jobs" USING btree ("wake_on") WHERE wake_on is not null;