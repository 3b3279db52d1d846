CREATE TABLE t (a text);

  /* data */ COPY public.t (a, "from") FROM stdin WITH (FORMAT text);
it's
\.
