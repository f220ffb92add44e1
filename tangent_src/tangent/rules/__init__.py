"""What is known of functions: `language` says how a rule is written, the other files hold rules."""
