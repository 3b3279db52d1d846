// Package empty has no entity.
package empty
