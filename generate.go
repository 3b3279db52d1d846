// This file regenerates everything that is generated: go generate .
//go:generate go generate ./ent

package plinth
