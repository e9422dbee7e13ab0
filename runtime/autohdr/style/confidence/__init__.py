"""What is known of how good labels are: errors, verdicts, doubts and reasons."""
