// Package verify answers what needs a scratch database: do the downs take back what the ups did (Test), do two branches
// commute (Merge), is a database what its files say (Drift). The judge is always PostgreSQL: files are run, and what
// package catalog reads afterwards is compared.
//
// Scratch databases are handed in and may be those of a server that others use: the caller refuses files that reach beyond one
// database before it calls.
package verify
