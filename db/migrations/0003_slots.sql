ALTER TABLE "stages" ADD COLUMN "slot" text;--> statement-breakpoint
CREATE UNIQUE INDEX "stages_slot" ON "stages" USING btree ("slot") WHERE slot is not null and ended_at is null;