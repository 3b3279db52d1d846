-- PostgreSQL database dump
\restrict abcdefABCDEF0123456789
SET lock_timeout = 0;
