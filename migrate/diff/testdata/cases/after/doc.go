// Package after holds what each case changes to; see package before.
package after
