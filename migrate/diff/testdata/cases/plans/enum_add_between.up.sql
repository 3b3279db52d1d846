-- extend enum type "enum_add_betweens_mood"
ALTER TYPE "enum_add_betweens_mood" ADD VALUE 'calm' AFTER 'sad';
ALTER TYPE "enum_add_betweens_mood" ADD VALUE 'so-so' AFTER 'calm';
