-- modify "generated_lists" table
ALTER TABLE "generated_lists" ADD COLUMN "small" boolean GENERATED ALWAYS AS (((kind)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))) STORED;
