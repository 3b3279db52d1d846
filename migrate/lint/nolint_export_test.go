package lint

var ApplyNolint = applyNolint
