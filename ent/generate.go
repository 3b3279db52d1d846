// Package ent is the typed client, written by Ent's generator from the schema folder. Only this file and entc.go are by
// hand.
package ent

//go:generate go run entc.go
