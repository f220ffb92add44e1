"""What the library knows of functions: `language` is how a rule is written, the other files hold the rules."""
