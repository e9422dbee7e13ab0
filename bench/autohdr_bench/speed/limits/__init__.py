"""What this machine allows at best: floors that stages are held against, measured in the same run."""
