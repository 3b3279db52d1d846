package chaos

// VerbOf is how a statement's text is told.
var VerbOf = verbOf
