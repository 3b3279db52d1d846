-- extend enum type "enum_shared_add_type"
ALTER TYPE "enum_shared_add_type" ADD VALUE 'calm';
