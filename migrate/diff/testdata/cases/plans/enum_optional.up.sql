-- modify "enum_optionals" table
ALTER TABLE "enum_optionals" ALTER COLUMN "mood" DROP NOT NULL;
