// A table is created.
package before
