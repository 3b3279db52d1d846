-- extend enum type "enum_add_lasts_mood"
ALTER TYPE "enum_add_lasts_mood" ADD VALUE 'calm';
