-- rename a value of enum type "enum_manies_tone"
ALTER TYPE "enum_manies_tone" RENAME VALUE 'low' TO 'deep';
-- extend enum type "enum_manies_mood"
ALTER TYPE "enum_manies_mood" ADD VALUE 'calm';
-- change the values of enum type "enum_manies_shape"
ALTER TYPE "enum_manies_shape" RENAME TO "enum_manies_shape_old";
CREATE TYPE "enum_manies_shape" AS ENUM ('flat', 'round');
-- change the values of enum type "enum_manies_size"
ALTER TYPE "enum_manies_size" RENAME TO "enum_manies_size_old";
CREATE TYPE "enum_manies_size" AS ENUM ('large');
ALTER TABLE "enum_manies" ALTER COLUMN "size" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "size" TYPE enum_manies_size USING (CASE "size"::text WHEN 'small' THEN 'large' ELSE "size"::text END)::enum_manies_size;
ALTER TABLE "enum_manies" ALTER COLUMN "size" SET DEFAULT 'large'::enum_manies_size;
-- change the values of enum type "enum_manies_shape"
ALTER TABLE "enum_manies" ALTER COLUMN "shape" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "shape" TYPE enum_manies_shape USING "shape"::text::enum_manies_shape;
ALTER TABLE "enum_manies" ALTER COLUMN "shape" SET DEFAULT 'flat'::enum_manies_shape;
DROP TYPE "enum_manies_shape_old";
-- change the values of enum type "enum_manies_size"
DROP TYPE "enum_manies_size_old";
