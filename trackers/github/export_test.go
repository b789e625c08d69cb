package github

// Quiet is what becomes of a text before GitHub gets it.
func Quiet(text string) string { return quiet(text) }

// WithBlock is a whole text with our block in it.
func WithBlock(whole, block string) string { return withBlock(whole, block) }

// Loud takes back what Quiet did.
func Loud(text string) string { return loud(text) }
